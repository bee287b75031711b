from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('city', '0004_outlines'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='area',
            name='shape',
        ),
    ]
