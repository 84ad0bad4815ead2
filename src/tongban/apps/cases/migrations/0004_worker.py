"""Which workers live: whoever watches the city asks."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_procedure_due")]

    operations = [
        migrations.CreateModel(
            name="Worker",
            fields=[
                ("name", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("seen_at", models.DateTimeField()),
            ],
            options={"db_table": "worker"},
        ),
    ]
