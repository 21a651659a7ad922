from django.db import migrations, models


class Migration(migrations.Migration):
    """Indexes in the very order of the lists. New ones first: a key to another table is never without one."""

    dependencies = [
        ('cameras', '0010_changedhour'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='image',
            index=models.Index(fields=["visit", "-received_at", "-id"], name='image_visit_newest'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=["-at", "-id", "kind", "camera", "node", "unit", "number"], name='event_newest_all'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['node', 'kind', '-at', '-id'], name='event_node_kind_newest'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['camera', '-at', '-id', 'kind'], name='event_camera_kinds'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=["kind", "-at", "-id", "camera"], name='event_kind_newest'),
        ),
        migrations.AddIndex(
            model_name='visit',
            index=models.Index(fields=['camera', '-started_at', '-id'], name='visit_camera_newest'),
        ),
        migrations.AddIndex(
            model_name='visit',
            index=models.Index(fields=['-started_at', '-id'], name='visit_newest'),
        ),
        migrations.RemoveIndex(
            model_name='event',
            name='event_newest',
        ),
        migrations.RemoveIndex(
            model_name='event',
            name='event_node_kind',
        ),
        migrations.RemoveIndex(
            model_name='event',
            name='event_camera_newest',
        ),
        migrations.RemoveIndex(
            model_name='event',
            name='event_kind',
        ),
        migrations.RemoveIndex(
            model_name='visit',
            name='visit_camera_started',
        ),
        migrations.RemoveIndex(
            model_name='visit',
            name='visit_started',
        ),
    ]
