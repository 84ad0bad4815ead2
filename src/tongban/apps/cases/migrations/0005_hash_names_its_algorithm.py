from django.db import migrations, models


class Migration(migrations.Migration):
    """A hash begins with a byte that names its algorithm. No database holds bytes to a length: only Django is told."""

    dependencies = [("cases", "0004_worker")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField("case", "last_hash", models.BinaryField(max_length=33)),
            ],
        ),
    ]
