import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Bundle',
            fields=[
                ('code', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('withdrawn_from', models.DateField(null=True)),
            ],
            options={
                'db_table': 'bundle',
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='BundleVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('effective_from', models.DateField()),
                ('published_at', models.DateTimeField()),
                ('published_by', models.CharField(max_length=64)),
                ('digest', models.CharField(max_length=64)),
                ('files', models.JSONField()),
                ('bundle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='catalog.bundle')),
            ],
            options={
                'db_table': 'bundle_version',
                'ordering': ['bundle', '-version'],
                'constraints': [models.UniqueConstraint(fields=('bundle', 'version'), name='bundle_version_once')],
            },
        ),
    ]
