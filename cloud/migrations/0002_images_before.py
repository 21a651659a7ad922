from django.db import migrations

FILL = """
INSERT INTO cloud_cloudrun
    (image_id, status, model, version, reason, attempts, queued_at, later, finished_at)
SELECT id, 'skipped', '', '', 'it was there before Plate Recognizer could be asked', 0, registered_at, 0, registered_at
FROM cameras_image
"""


class Migration(migrations.Migration):
    """A run row for every image that is there: without one, the sweep would take them for new and have them sent."""

    dependencies = [
        ('cloud', '0001_initial'),
        ('cameras', '0009_plate_source'),
    ]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
