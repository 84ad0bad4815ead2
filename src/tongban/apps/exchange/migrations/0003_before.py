"""What was taken before a register said something else, so that whoever confirms it sees the difference."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0002_extract")]

    operations = [
        migrations.AddField(model_name="extract", name="before_sealed", field=models.TextField(blank=True, default="")),
    ]
