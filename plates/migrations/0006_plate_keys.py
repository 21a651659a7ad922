"""Keys for the plates that are there already."""

from django.db import migrations

from plates.text import keys

BATCH = 500


def make_keys(apps, schema_editor):
    """Write the keys of every plate that has none; stopped anywhere, it goes on when it runs again."""
    Plate, PlateKey = apps.get_model('plates', 'Plate'), apps.get_model('plates', 'PlateKey')
    here, last = schema_editor.connection.alias, 0
    while batch := list(Plate.objects.using(here).filter(pk__gt=last, keys=None).order_by('pk')[:BATCH]):
        made = [PlateKey(plate_id=one.pk, key=key) for one in batch for key in keys(one.text)]
        PlateKey.objects.using(here).bulk_create(made, 1000)
        last = batch[-1].pk


class Migration(migrations.Migration):

    dependencies = [
        ('plates', '0005_sightings'),
    ]

    operations = [
        migrations.RunPython(make_keys, migrations.RunPython.noop),
    ]
