import accounts.models
from django.db import migrations, models


class Migration(migrations.Migration):
    """Accounts of before count as seen on the day of the migration."""

    dependencies = [
        ('accounts', '0002_departures'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='last_seen_on',
            field=models.DateField(db_index=True, default=accounts.models.today, editable=False, verbose_name='last seen'),
        ),
        migrations.AddField(
            model_name='user',
            name='archive_state',
            field=models.CharField(blank=True, db_index=True, default='', editable=False, max_length=9),
        ),
        migrations.AddField(
            model_name='user',
            name='edges_returned_on',
            field=models.DateField(editable=False, null=True),
        ),
    ]
