"""The language that a person writes in."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_exports")]

    operations = [
        migrations.AddField(
            "profile",
            "language",
            models.CharField(blank=True, default="", max_length=35, verbose_name="language"),
            preserve_default=False,
        )
    ]
