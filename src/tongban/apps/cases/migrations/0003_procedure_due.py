"""When a special procedure should be over: supervision finds those that are not."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_one_index_for_each_need")]

    operations = [
        migrations.AddField(model_name="case", name="procedure_due", field=models.DateTimeField(null=True)),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("procedure_due", None), _negated=True),
                fields=["procedure_due"],
                name="case_procedure",
            ),
        ),
    ]
