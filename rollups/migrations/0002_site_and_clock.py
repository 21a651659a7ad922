from datetime import UTC, datetime
from typing import Any

import cameras.fields
import django.db.models.deletion
from django.db import migrations, models


LATER_THAN_ALL = datetime(2200, 1, 1, tzinfo=UTC)


def count_anew(apps: Any, schema_editor: Any) -> None:
    """Have everything counted anew, since nothing is in the new tables and columns."""
    ledger = apps.get_model("rollups", "Ledger")
    ledger.objects.using(schema_editor.connection.alias).update(counted_from=LATER_THAN_ALL, since=None, finished_at=None)


class Migration(migrations.Migration):
    """Days of the whole site, visits by the clock, and pictures that show a vehicle or a person."""

    dependencies = [
        ('cameras', '0011_newest_first'),
        ('rollups', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ThingsSite',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateField(help_text="By the site's clock.", verbose_name='day')),
                ('label', cameras.fields.ExactCharField(max_length=32)),
                ('things', models.PositiveIntegerField(default=0)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='TrafficSite',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateField(help_text="By the site's clock.", verbose_name='day')),
                ('images', models.PositiveIntegerField(default=0)),
                ('bytes', models.PositiveBigIntegerField(default=0)),
                ('with_vehicle', models.PositiveIntegerField(default=0, help_text='Pictures on which a vehicle was found.')),
                ('with_person', models.PositiveIntegerField(default=0, help_text='Pictures on which a person was found.')),
                ('visits', models.PositiveIntegerField(default=0, help_text='Those that began then.')),
                ('known', models.PositiveIntegerField(default=0, help_text='Vehicles with a plate of the list of known ones.')),
                ('watch', models.PositiveIntegerField(default=0)),
                ('ignore', models.PositiveIntegerField(default=0)),
                ('unknown', models.PositiveIntegerField(default=0, help_text='Vehicles with a plate that is on no list.')),
                ('unread', models.PositiveIntegerField(default=0, help_text='Vehicles without a plate that was read surely.')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='VisitsDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateField(help_text="By the site's clock.", verbose_name='day')),
                ('hour_0', models.PositiveIntegerField(default=0)),
                ('hour_1', models.PositiveIntegerField(default=0)),
                ('hour_2', models.PositiveIntegerField(default=0)),
                ('hour_3', models.PositiveIntegerField(default=0)),
                ('hour_4', models.PositiveIntegerField(default=0)),
                ('hour_5', models.PositiveIntegerField(default=0)),
                ('hour_6', models.PositiveIntegerField(default=0)),
                ('hour_7', models.PositiveIntegerField(default=0)),
                ('hour_8', models.PositiveIntegerField(default=0)),
                ('hour_9', models.PositiveIntegerField(default=0)),
                ('hour_10', models.PositiveIntegerField(default=0)),
                ('hour_11', models.PositiveIntegerField(default=0)),
                ('hour_12', models.PositiveIntegerField(default=0)),
                ('hour_13', models.PositiveIntegerField(default=0)),
                ('hour_14', models.PositiveIntegerField(default=0)),
                ('hour_15', models.PositiveIntegerField(default=0)),
                ('hour_16', models.PositiveIntegerField(default=0)),
                ('hour_17', models.PositiveIntegerField(default=0)),
                ('hour_18', models.PositiveIntegerField(default=0)),
                ('hour_19', models.PositiveIntegerField(default=0)),
                ('hour_20', models.PositiveIntegerField(default=0)),
                ('hour_21', models.PositiveIntegerField(default=0)),
                ('hour_22', models.PositiveIntegerField(default=0)),
                ('hour_23', models.PositiveIntegerField(default=0)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='VisitsSite',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateField(help_text="By the site's clock.", verbose_name='day')),
                ('hour_0', models.PositiveIntegerField(default=0)),
                ('hour_1', models.PositiveIntegerField(default=0)),
                ('hour_2', models.PositiveIntegerField(default=0)),
                ('hour_3', models.PositiveIntegerField(default=0)),
                ('hour_4', models.PositiveIntegerField(default=0)),
                ('hour_5', models.PositiveIntegerField(default=0)),
                ('hour_6', models.PositiveIntegerField(default=0)),
                ('hour_7', models.PositiveIntegerField(default=0)),
                ('hour_8', models.PositiveIntegerField(default=0)),
                ('hour_9', models.PositiveIntegerField(default=0)),
                ('hour_10', models.PositiveIntegerField(default=0)),
                ('hour_11', models.PositiveIntegerField(default=0)),
                ('hour_12', models.PositiveIntegerField(default=0)),
                ('hour_13', models.PositiveIntegerField(default=0)),
                ('hour_14', models.PositiveIntegerField(default=0)),
                ('hour_15', models.PositiveIntegerField(default=0)),
                ('hour_16', models.PositiveIntegerField(default=0)),
                ('hour_17', models.PositiveIntegerField(default=0)),
                ('hour_18', models.PositiveIntegerField(default=0)),
                ('hour_19', models.PositiveIntegerField(default=0)),
                ('hour_20', models.PositiveIntegerField(default=0)),
                ('hour_21', models.PositiveIntegerField(default=0)),
                ('hour_22', models.PositiveIntegerField(default=0)),
                ('hour_23', models.PositiveIntegerField(default=0)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='WorkSite',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateField(help_text="By the site's clock.", verbose_name='day')),
                ('stage', models.CharField(choices=[('index', 'Indexing'), ('detect', 'Object detection'), ('plates', 'Plate reading')], max_length=8)),
                ('done', models.PositiveIntegerField(default=0, help_text='Pictures that it looked at.')),
                ('failed', models.PositiveIntegerField(default=0)),
                ('skipped', models.PositiveIntegerField(default=0, help_text='Pictures that it had nothing to do with.')),
                ('waiting', models.PositiveIntegerField(default=0)),
                ('work_ms', models.FloatField(default=0, help_text='Milliseconds of work, summed.')),
                ('within_0', models.PositiveIntegerField(default=0, help_text='Of those looked at: ended within 0.1 s.')),
                ('within_1', models.PositiveIntegerField(default=0, help_text='0.1 s to 0.2 s, and so on, see BOUNDS.')),
                ('within_2', models.PositiveIntegerField(default=0)),
                ('within_3', models.PositiveIntegerField(default=0)),
                ('within_4', models.PositiveIntegerField(default=0)),
                ('within_5', models.PositiveIntegerField(default=0)),
                ('within_6', models.PositiveIntegerField(default=0)),
                ('within_7', models.PositiveIntegerField(default=0)),
                ('within_8', models.PositiveIntegerField(default=0)),
                ('within_9', models.PositiveIntegerField(default=0)),
                ('within_10', models.PositiveIntegerField(default=0)),
                ('within_11', models.PositiveIntegerField(default=0)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='trafficday',
            name='with_person',
            field=models.PositiveIntegerField(default=0, help_text='Pictures on which a person was found.'),
        ),
        migrations.AddField(
            model_name='trafficday',
            name='with_vehicle',
            field=models.PositiveIntegerField(default=0, help_text='Pictures on which a vehicle was found.'),
        ),
        migrations.AddField(
            model_name='traffichour',
            name='with_person',
            field=models.PositiveIntegerField(default=0, help_text='Pictures on which a person was found.'),
        ),
        migrations.AddField(
            model_name='traffichour',
            name='with_vehicle',
            field=models.PositiveIntegerField(default=0, help_text='Pictures on which a vehicle was found.'),
        ),
        migrations.AddIndex(
            model_name='thingsday',
            index=models.Index(fields=['camera', 'at', 'label', 'things'], name='thingsday_all'),
        ),
        migrations.AddConstraint(
            model_name='thingssite',
            constraint=models.UniqueConstraint(fields=('at', 'label'), name='one_label_a_day_of_site'),
        ),
        migrations.AddConstraint(
            model_name='trafficsite',
            constraint=models.UniqueConstraint(fields=('at',), name='one_traffic_a_day_of_site'),
        ),
        migrations.AddField(
            model_name='visitsday',
            name='camera',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cameras.camera'),
        ),
        migrations.AddConstraint(
            model_name='visitssite',
            constraint=models.UniqueConstraint(fields=('at',), name='one_visits_a_day_of_site'),
        ),
        migrations.AddConstraint(
            model_name='worksite',
            constraint=models.UniqueConstraint(fields=('at', 'stage'), name='one_stage_a_day_of_site'),
        ),
        migrations.AddIndex(
            model_name='visitsday',
            index=models.Index(fields=['camera', 'at'], name='visitsday_camera'),
        ),
        migrations.AddConstraint(
            model_name='visitsday',
            constraint=models.UniqueConstraint(fields=('at', 'camera'), name='one_visits_a_day'),
        ),
        migrations.RemoveIndex(
            model_name='thingsday',
            name='thingsday_camera',
        ),
        migrations.RunPython(count_anew, migrations.RunPython.noop),
    ]
