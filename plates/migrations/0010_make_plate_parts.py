"""Parts of the texts of the plates that are there already."""

from django.db import migrations

from plates.text import endings

BATCH = 2000


def make_parts(apps, schema_editor):
    """Write the parts of every plate that has none; stopped anywhere, it goes on when it runs again."""
    Plate, PlatePart = apps.get_model('plates', 'Plate'), apps.get_model('plates', 'PlatePart')
    here, last = schema_editor.connection.alias, 0
    texts = Plate.objects.using(here).filter(parts=None).order_by('pk').values_list('pk', 'text')
    while batch := list(texts.filter(pk__gt=last)[:BATCH]):
        made = [PlatePart(plate_id=number, text=text) for number, whole in batch for text in endings(whole)]
        PlatePart.objects.using(here).bulk_create(made, 5000)
        last = batch[-1][0]


class Migration(migrations.Migration):

    dependencies = [
        ('plates', '0009_plate_parts'),
    ]

    operations = [
        migrations.RunPython(make_parts, migrations.RunPython.noop),
    ]
