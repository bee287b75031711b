import django.db.models.deletion
from django.db import migrations, models


def take_over(apps, schema_editor):
    area, outline = apps.get_model("city", "Area"), apps.get_model("city", "Outline")
    database = schema_editor.connection.alias
    for key, shape in area.objects.using(database).filter(shape__isnull=False).values_list("pk", "shape"):
        if shape:
            outline.objects.using(database).create(area_id=key, geometry=shape)


def give_back(apps, schema_editor):
    area, outline = apps.get_model("city", "Area"), apps.get_model("city", "Outline")
    database = schema_editor.connection.alias
    for key, geometry in outline.objects.using(database).values_list("area_id", "geometry"):
        area.objects.using(database).filter(pk=key).update(shape=geometry)


class Migration(migrations.Migration):

    dependencies = [
        ('city', '0003_agreed_deliveries'),
    ]

    operations = [
        migrations.CreateModel(
            name='Outline',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('geometry', models.JSONField()),
                ('area', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='outline', to='city.area')),
            ],
        ),
        migrations.RunPython(take_over, give_back),
    ]
