"""How somebody wants pages shown comes along to their other devices."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0003_mandates_for_persons")]

    operations = [
        migrations.AddField(
            model_name="user", name="display", field=models.CharField(blank=True, default="", max_length=80), preserve_default=False
        )
    ]
