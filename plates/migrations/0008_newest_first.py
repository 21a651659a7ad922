from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Indexes in the very order of the lists. New ones first: a key to another table is never without one."""

    dependencies = [
        ('cameras', '0011_newest_first'),
        ('plates', '0007_plate_settings'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='platereading',
            index=models.Index(fields=["plate", "text", "image"], name='reading_plate_text'),
        ),
        migrations.AddIndex(
            model_name='platereading',
            index=models.Index(fields=['plate', '-at', '-id'], name='reading_plate_latest'),
        ),
        migrations.AddIndex(
            model_name='sighting',
            index=models.Index(fields=['-at', '-id'], name='sighting_latest'),
        ),
        migrations.AddIndex(
            model_name='sighting',
            index=models.Index(fields=['plate', '-at', '-id'], name='sighting_plate_latest'),
        ),
        migrations.AddIndex(
            model_name='sighting',
            index=models.Index(fields=['status', '-at', '-id'], name='sighting_status_latest'),
        ),
        migrations.RemoveIndex(
            model_name='platereading',
            name='reading_plate_newest',
        ),
        migrations.RemoveIndex(
            model_name='sighting',
            name='sighting_newest',
        ),
        migrations.RemoveIndex(
            model_name='sighting',
            name='sighting_plate_newest',
        ),
        migrations.RemoveIndex(
            model_name='sighting',
            name='sighting_status_newest',
        ),
    ]
