"""What cases wait to be told, and what they tell each other, on its way."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_hash_names_its_algorithm")]

    operations = [
        migrations.CreateModel(
            name="Sending",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=16)),
                ("name", models.TextField()),
                ("data", models.JSONField(default=dict)),
                ("authority", models.CharField(blank=True, max_length=64)),
                ("hops", models.PositiveSmallIntegerField(default=0)),
                ("sent", models.DateTimeField()),
                ("due", models.DateTimeField()),
                ("cursor", models.BigIntegerField(default=0)),
                (
                    "source",
                    models.ForeignKey(
                        db_index=False, null=True, on_delete=models.CASCADE, related_name="+", to="cases.case"
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        db_index=False, null=True, on_delete=models.CASCADE, related_name="+", to="cases.case"
                    ),
                ),
            ],
            options={
                "db_table": "sending",
                "indexes": [models.Index(fields=["due"], name="sending_due")],
            },
        ),
        migrations.CreateModel(
            name="Waiting",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "case", "kind", "name", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=16)),
                ("name", models.TextField()),
                ("since", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False, on_delete=models.CASCADE, related_name="waiting", to="cases.case"
                    ),
                ),
            ],
            options={
                "db_table": "waiting",
                "indexes": [models.Index(fields=["kind", "name", "case"], name="waiting_for")],
            },
        ),
    ]
