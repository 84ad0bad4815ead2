"""Drafts that nobody has come back to: the worker finds them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(condition=models.Q(("case", None)), fields=["saved_at"], name="draft_stale"),
        ),
    ]
