"""Papers that were taken from an earlier case or a certificate say so; whoever wants to may hand them in anew."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0006_reused")]

    operations = [
        migrations.AddField(model_name="draft", name="papers_declined", field=models.BooleanField(default=False)),
        migrations.AddField(
            model_name="draftfile",
            name="source",
            field=models.CharField(blank=True, default="", max_length=128),
        ),
    ]
