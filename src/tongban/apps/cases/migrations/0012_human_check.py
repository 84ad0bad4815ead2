"""Applicants can ask for a person to look at what a rule decided."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0011_by_rule")]

    operations = [
        migrations.CreateModel(
            name="HumanCheck",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="human_check",
                        serialize=False,
                        to="cases.case",
                    ),
                ),
                ("department", models.CharField(max_length=64)),
                ("asked_at", models.DateTimeField()),
                ("due", models.DateTimeField()),
                ("why", models.TextField(blank=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("confirmed", "Confirmed"), ("changed", "Changed")],
                        default="open",
                        max_length=12,
                    ),
                ),
                ("words", models.TextField(blank=True)),
                ("concluded_at", models.DateTimeField(null=True)),
                ("concluded_by", models.CharField(blank=True, max_length=64)),
            ],
            options={"db_table": "human_check"},
        ),
        migrations.AddIndex(
            model_name="humancheck",
            index=models.Index(
                condition=models.Q(("state", "open")), fields=["department", "due", "case"], name="human_check_open"
            ),
        ),
    ]
