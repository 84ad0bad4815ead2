"""Which cases a rule has decided and no officer: samples for a human check are drawn from them by day."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_BATCH = 2_000


def mark(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Read it from the logs of the cases that are there."""
    case, event = apps.get_model("cases", "Case"), apps.get_model("ledger", "Event")
    found = event.objects.filter(kind="case.decided", actor="system", data__has_key="rules").values_list("case")
    numbers: list[int] = []
    for (number,) in found.iterator(chunk_size=_BATCH):
        numbers.append(number)
        if len(numbers) == _BATCH:
            case.objects.filter(pk__in=numbers).update(by_rule=True)
            numbers.clear()
    case.objects.filter(pk__in=numbers).update(by_rule=True)


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_later_due"), ("ledger", "0001_initial")]

    operations = [
        migrations.AddField(model_name="case", name="by_rule", field=models.BooleanField(default=False)),
        migrations.RunPython(mark, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("by_rule", True)), fields=["decided_at", "number"], name="case_by_rule"
            ),
        ),
    ]
