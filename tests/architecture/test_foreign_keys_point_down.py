"""A foreign key named by a string escapes import checks; the tables themselves are asked."""

from django.apps import apps as installed

HEIGHT = {
    name: height
    for height, names in enumerate(
        (["ledger"], ["people"], ["catalog"], ["evidence"], ["cases"], ["intake"], ["insight"], ["api"])
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
            target = field.related_model._meta.app_label  # type: ignore[union-attr]  # never "self" as text here
            if target in HEIGHT and HEIGHT[target] > HEIGHT[label]:
                wrong.append(f"{model.__name__}.{field.name} → {target}")
    assert wrong == []


def test_rows_below_a_case_are_keyed_by_its_number_first() -> None:
    """So that every table of a case shards by the case number without change."""
    for name in ("Task", "Timer", "Material"):
        key = installed.get_model("cases", name)._meta.pk
        assert key.field_names[0] == "case", name  # type: ignore[union-attr]
    assert installed.get_model("ledger", "Event")._meta.pk.field_names == ("case", "seq")  # type: ignore[union-attr]
