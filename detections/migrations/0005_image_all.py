from django.db import migrations, models


class Migration(migrations.Migration):
    """An index that has all that searches by label ask of a picture. The new one first: a key is never without one."""

    dependencies = [
        ('detections', '0004_shadowed'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='detection',
            index=models.Index(fields=['image', '-confidence', 'label', 'shadowed'], name='detection_image_all'),
        ),
        migrations.RemoveIndex(
            model_name='detection',
            name='detection_image_best',
        ),
    ]
