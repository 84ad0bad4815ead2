"""Asking the applicant for what is missing: once, all at once."""

from typing import Any

import pytest

from tongban.apps.cases.models import Case
from tongban.apps.ledger.models import Event

pytestmark = pytest.mark.django_db
ASKED = {"items": ["floor_plan"], "other": "Consent of the landlord\n", "note": "Mark the sinks.", "days": "10"}


def test_it_works(give: Any, at_step: Any) -> None:
    number = at_step("handle")
    asked = give("chenli", number, "request_supplement", **ASKED)
    assert "The clock stops now" in asked.text
    assert "Floor plan of the premises" in asked.text
    assert Case.objects.get(pk=number).status == "accepted"
    assert give("chenli", number, "request_supplement", **ASKED, confirmed="yes").status_code == 302
    case = Case.objects.get(pk=number)
    assert (case.status, case.paused) == ("supplement", True)
    data = Event.objects.get(case=number, kind="supplement.requested").data
    assert data["items"] == ["floor_plan", "Consent of the landlord"]
    assert data["note"] == "Mark the sinks."
    assert data["due"]


def test_what_it_does_to_the_dates_is_said_before(give: Any, at_step: Any) -> None:
    from django.utils import timezone

    from tongban.apps.catalog.city import get_calendar
    from tongban.kernel.clock import Limit
    from tongban.web.due import date_words

    number, calendar, now = at_step("handle"), get_calendar(), timezone.now()
    case = Case.objects.get(pk=number)
    assert case.promised_due is not None
    assert case.statutory_due is not None
    asked = give("chenli", number, "request_supplement", **ASKED).text
    answered = calendar.deadline(start=now, limit=Limit.parse("10 working days"))
    words = [
        date_words(calendar.end_of_day(calendar.add_working_days(calendar.local_date(due), 10)))
        for due in (case.promised_due, case.statutory_due)
    ]
    said = (
        f"If the clock runs again on {date_words(answered)}: promised by {words[0]}, by law no later than {words[1]}."
    )
    assert said in asked
    # The card says it too, for an example of five working days: how long the applicant has is not typed yet.
    example = calendar.deadline(start=now, limit=Limit.parse("5 working days"))
    assert (
        f"If the clock runs again on {date_words(example)}"
        in give("chenli", number, "request_supplement", edit="yes").text
    )


def test_nothing_asked_is_no_request(give: Any, at_step: Any, untouched: Any) -> None:
    number = at_step("handle")
    same = untouched(number)
    page = give("chenli", number, "request_supplement", note="Please look again.")
    assert page.status_code == 422
    assert "Choose at least one thing" in page.text
    assert "Please look again." in page.text
    assert same()


def test_a_second_request_is_refused(give: Any, at_step: Any, act: Any, actor_for: Any) -> None:
    from django.utils import timezone

    from tongban.apps.cases.services import answer_supplement

    number = at_step("handle")
    act(number, "request_supplement", by="chenli", items=["floor_plan"], note="", within=None)
    answer_supplement(number=number, answers={}, materials={}, actor=actor_for("linxiaomei"), at=timezone.now())
    refused = give("chenli", number, "request_supplement", **ASKED)
    assert refused.status_code == 409
    assert "asked only once" in refused.text
    assert "Mark the sinks." in refused.text


def test_what_was_asked_stands_on_the_page(give: Any, at_step: Any, client_for: Any) -> None:
    number = at_step("handle")
    give("chenli", number, "request_supplement", **ASKED, confirmed="yes")
    page = client_for("chenli").get(f"/desk/cases/{number}/")
    assert page.context["supplement"]["items"] == ["Floor plan of the premises", "Consent of the landlord"]
    assert page.context["clocks"]["paused"]


def test_strangers_do_not_ask(give: Any, at_step: Any, untouched: Any) -> None:
    number = at_step("handle")
    same = untouched(number)
    assert give("luhao", number, "request_supplement", **ASKED, confirmed="yes").status_code == 404
    assert give("wangqian", number, "request_supplement", **ASKED, confirmed="yes").status_code == 409
    assert give("linxiaomei", number, "request_supplement", **ASKED, confirmed="yes").status_code == 403
    assert same()
