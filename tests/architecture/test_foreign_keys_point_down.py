"""A foreign key named by a string escapes import checks; the tables themselves are asked."""

from django.apps import apps as installed
from django.db.models import CompositePrimaryKey

HEIGHT = {
    name: height
    for height, names in enumerate(
        (
            ["ledger"],
            ["people"],
            ["catalog"],
            ["exchange"],
            ["evidence"],
            ["cases", "recognition"],
            ["payments"],
            ["intake", "voice", "halls", "calls", "desks", "questions", "inspections"],
            ["crossings", "supervision"],
            ["correspondence"],
            ["insight"],
            ["audits"],
            ["channels"],
            ["rights"],
            ["api"],
        )
    )
    for name in names
}


def test_foreign_keys_point_down() -> None:
    wrong = []
    for model in installed.get_models():
        label = model._meta.app_label
        if label not in HEIGHT:
            continue
        for field in model._meta.get_fields():
            if not (field.is_relation and field.concrete and field.related_model):
                continue
            target = field.related_model._meta.app_label
            if target in HEIGHT and HEIGHT[target] > HEIGHT[label]:
                wrong.append(f"{model.__name__}.{field.name} → {target}")
    assert wrong == []


def test_rows_below_a_case_are_keyed_by_its_number_first() -> None:
    """So that every table of a case shards by the case number without change."""
    for name in ("Task", "Timer", "Material"):
        assert _key("cases", name)[0] == "case", name
    assert _key("ledger", "Event") == ("case", "seq")


def _key(app: str, model: str) -> tuple[str, ...]:
    key = installed.get_model(app, model)._meta.pk
    assert isinstance(key, CompositePrimaryKey)
    return tuple(key.field_names)
