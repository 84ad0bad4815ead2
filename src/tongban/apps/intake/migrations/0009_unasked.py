"""What was granted without being asked for, once for each person and period."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0008_who_stood_there"), ("people", "0009_unfit_persons")]

    operations = [
        migrations.CreateModel(
            name="Unasked",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=64)),
                ("period", models.CharField(blank=True, max_length=4)),
                ("looked_at", models.DateTimeField()),
                ("case", models.BigIntegerField(null=True, unique=True)),
                ("because", models.JSONField(default=dict)),
                ("until", models.DateField(null=True)),
                ("declined_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.person"
                    ),
                ),
            ],
            options={"db_table": "unasked"},
        ),
        migrations.AddConstraint(
            model_name="unasked",
            constraint=models.UniqueConstraint(fields=("person", "code", "period"), name="unasked_once"),
        ),
    ]
