"""Pledges that were found broken, and for how long no other counts."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0013_recounts"), ("people", "0009_unfit_persons")]

    operations = [
        migrations.CreateModel(
            name="BrokenPledge",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="broken_pledge",
                        serialize=False,
                        to="cases.case",
                    ),
                ),
                ("matter", models.CharField(max_length=64)),
                ("broken_at", models.DateTimeField()),
                ("until", models.DateField()),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.organisation",
                    ),
                ),
            ],
            options={"db_table": "broken_pledge"},
        ),
        migrations.AddIndex(
            model_name="brokenpledge",
            index=models.Index(fields=["person", "matter", "until"], name="broken_pledge_of_person"),
        ),
        migrations.AddIndex(
            model_name="brokenpledge",
            index=models.Index(fields=["organisation", "matter", "until"], name="broken_pledge_of_body"),
        ),
    ]
