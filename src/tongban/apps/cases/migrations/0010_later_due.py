"""By when papers are to be there that may be handed in later: the desk sees it, and people are reminded."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_erased_at")]

    operations = [
        migrations.AddField(model_name="case", name="later_due", field=models.DateTimeField(null=True)),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("later_due", None), _negated=True),
                fields=["later_due"],
                name="case_later",
            ),
        ),
    ]
