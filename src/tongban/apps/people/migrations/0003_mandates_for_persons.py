"""One person for another, guardians, and legal representatives, who need no mandate."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0002_stand_in")]

    operations = [
        migrations.RemoveConstraint(model_name="mandate", name="mandate_once"),
        migrations.AddField(
            model_name="mandate",
            name="kind",
            field=models.CharField(
                choices=[
                    ("mandate", "Mandate"),
                    ("representative", "Representative"),
                    ("guardian", "Guardian"),
                ],
                default="mandate",
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="mandate",
            name="organisation",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="mandates",
                to="people.organisation",
            ),
        ),
        migrations.AddField(
            model_name="mandate",
            name="person",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="represented_by",
                to="people.person",
            ),
        ),
        migrations.AddConstraint(
            model_name="mandate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("person", None)), fields=("organisation", "agent", "kind"), name="mandate_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="mandate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("organisation", None)),
                fields=("person", "agent", "kind"),
                name="mandate_once_for_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="mandate",
            constraint=models.CheckConstraint(
                condition=models.Q(("organisation", None), ("person", None), _connector="XOR"), name="mandate_for_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="mandate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("person", None), models.Q(("person", models.F("agent")), _negated=True), _connector="OR"
                ),
                name="mandate_for_another",
            ),
        ),
    ]
