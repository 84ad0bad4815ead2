"""``tongban rules explain``: the table, the rows that held, what they saw and by which law; no numbers of persons."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tongban.apps.cases import rulings
from tongban.apps.cases.answers import open_answers
from tongban.apps.cases.models import Case
from tongban.apps.cases.rulings import explain_rules
from tongban.apps.catalog.queries import get_version
from tongban.kernel.numbers import format_case_number, new_case_number


def explain(case: object) -> str:
    out = StringIO()
    call_command("rules", "explain", str(case), stdout=out)
    return out.getvalue()


@pytest.fixture
def number(file_case: Callable[..., int]) -> int:
    return file_case(matter="senior-card", birth_date="1966-03-11", at=datetime(2026, 3, 17, 9, tzinfo=UTC))


def test_a_case_decided_by_rule(number: int) -> None:
    told = explain(number)
    (ruling,) = explain_rules(number=number)
    (row,) = ruling.tables[-1].rows
    assert ruling.recorded == (row.id,)
    assert not ruling.changed
    assert row.notes  # the law beside the row
    assert f"row {row.index} ({row.id}) held" in told
    for name, words in row.notes:
        assert f"{name}: {words}" in told
    assert "saw 周岁 = " in told
    assert "table decision (first row that holds) gave {outcome:" in told


def test_numbers_of_persons_are_masked(number: int) -> None:
    case = Case.objects.get(pk=number)
    answers = open_answers(answers=case.answers)
    told = explain(number)
    assert answers["phone"] not in told
    assert answers["identity_number"] not in told
    assert answers["identity_number"][-6:] not in told
    # The kernel's own explanation has them: it is here that they are hidden.
    definition = get_version(version_id=case.matter_version_id).definition
    reader = rulings._Reader(definition, answers)
    assert reader.words({"of": answers["identity_number"]}).count("*") > 4
    assert reader.words(answers["identity_number"][6:14]) == "…"


def test_answers_that_changed_since_are_told(number: int) -> None:
    case = Case.objects.get(pk=number)
    recorded = explain_rules(number=number)[0].recorded
    case.answers = {**case.answers, "birth_date": "2020-01-01"}
    case.save(update_fields=["answers"])
    (ruling,) = explain_rules(number=number)
    assert ruling.changed
    assert ruling.recorded == recorded
    assert f"then these rows held: {', '.join(recorded)}" in explain(number)


def test_a_case_that_no_rule_decided(file_case: Callable[..., int]) -> None:
    assert explain(file_case()).startswith("No rule has decided anything in case ")


def test_numbers_that_are_no_case() -> None:
    with pytest.raises(CommandError):
        explain("12")


@pytest.mark.django_db
def test_a_case_that_is_not_there() -> None:
    number = new_case_number(day=date(2026, 3, 2), random=lambda below: 1)
    with pytest.raises(CommandError, match="There is no case"):
        explain(format_case_number(number))
