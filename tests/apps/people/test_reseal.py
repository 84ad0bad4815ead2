"""After a new data key: everything is sealed anew, may stop at any instant, and goes on where it was."""

import base64
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tongban.apps.cases.answers import open_answers
from tongban.apps.cases.models import Case
from tongban.apps.cases.proof import verify
from tongban.apps.intake.models import Draft
from tongban.apps.people.models import Organisation, Person
from tongban.apps.people.rotation import reseal_column
from tongban.apps.people.sealing import is_current, is_sealed, open_sealed, seal

pytestmark = pytest.mark.django_db
NEW = base64.b64encode(b"n" * 32).decode()


def run(**options: Any) -> str:
    out = StringIO()
    call_command("keys", "re-seal", stdout=out, **options)
    return out.getvalue()


def sealed() -> list[str]:
    """Everything that is sealed, wherever it is."""
    found = [
        *Person.objects.values_list("identity_sealed", flat=True),
        *Case.objects.values_list("phone_sealed", flat=True),
    ]
    found += [text for text in Person.objects.values_list("phone_sealed", flat=True) if text]
    found += [text for text in Organisation.objects.values_list("phone_sealed", flat=True) if text]
    for model in (Case, Draft):
        found += [
            v for answers in model.objects.values_list("answers", flat=True) for v in answers.values() if is_sealed(v)
        ]
    return found


@pytest.fixture
def filled(file_case: Any, client_for: Any) -> int:
    number: int = file_case(safety_manager_phone="13900000001")
    client = client_for("wuxiaochuan")
    page = client.get("/matters/food-business-licence/start")
    client.post("/matters/food-business-licence/start", {"applicant": page.context["applicants"][0].key})
    draft = Draft.objects.get(case=None)
    draft.answers = draft.answers | {"safety_manager_phone": seal("13900000004")}
    draft.save()
    return number


def test_it_works(filled: int, settings: Any) -> None:
    before = {text: open_sealed(text) for text in sealed()}
    old = settings.DATA_KEYS
    settings.DATA_KEYS = [NEW, *old]
    assert not any(is_current(text) for text in before)
    told = run()
    assert "Everything is sealed under the first key" in told
    settings.DATA_KEYS = [NEW]  # the old one is not needed any more
    assert sorted(map(open_sealed, sealed())) == sorted(before.values())
    answers = open_answers(answers=Case.objects.get(pk=filled).answers)
    assert answers["safety_manager_phone"] == "13900000001"
    assert verify().broken == []


def test_done_again_nothing_is_written(filled: int, settings: Any) -> None:
    settings.DATA_KEYS = [NEW, *settings.DATA_KEYS]
    run()
    after = sealed()
    assert " 0 sealed anew" in run()
    assert sealed() == after


def test_stopped_half_way_it_goes_on_where_it_was(filled: int, settings: Any) -> None:
    settings.DATA_KEYS = [NEW, *settings.DATA_KEYS]
    steps = reseal_column(model=Person, column="identity_sealed", batch=5)
    assert next(steps).written == 5
    del steps
    done = set(Person.objects.order_by("pk").values_list("identity_sealed", flat=True)[:5])
    run(batch=3)
    assert all(map(is_current, sealed()))
    assert done <= set(Person.objects.values_list("identity_sealed", flat=True))  # not written twice


def test_what_does_not_open_is_told_and_left(filled: int, settings: Any) -> None:
    old = settings.DATA_KEYS
    lost = Person.objects.order_by("pk")[0]
    settings.DATA_KEYS = [base64.b64encode(b"l" * 32).decode()]
    lost.phone_sealed = seal("13900000009")
    lost.save()
    settings.DATA_KEYS = [NEW, *old]
    with pytest.raises(CommandError, match="1 rows do not open"):
        run()
    assert Person.objects.get(pk=lost.pk).phone_sealed == lost.phone_sealed
    assert sum(not is_current(text) for text in sealed()) == 1
