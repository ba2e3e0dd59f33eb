"""What moderators think of an account."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_profile_language")]

    operations = [
        migrations.AddField(
            "user",
            "trust",
            models.CharField(
                blank=True,
                choices=[("", "normal"), ("limited", "limited"), ("trusted", "trusted")],
                default="",
                help_text="Limited: others see posts and comments only after they were checked. Trusted: never so.",
                max_length=7,
                verbose_name="trust",
            ),
        )
    ]
