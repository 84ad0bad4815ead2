from django.db import migrations, models


class Migration(migrations.Migration):
    """A hash begins with a byte that names its algorithm. No database holds bytes to a length: only Django is told."""

    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField("event", "hash", models.BinaryField(max_length=33)),
            ],
        ),
    ]
