"""A complaint ends resolved, not resolved or passed on: at the desk, on its page, in notices and letters."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tongban.apps.cases.documents import list_documents
from tongban.apps.cases.models import Case
from tongban.apps.cases.queries import get_case
from tongban.apps.channels.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def complaint(file_case: Any, act: Any) -> int:
    """A noise complaint that has been looked into."""
    number: int = file_case(matter="noise-complaint")
    act(number, "accept", by="xuhong")
    for node in ("contact", "visit", "order_fix"):
        act(number, "complete", by="fupeng", node=node, outcome="pass", opinion="Seen.")
    return number


def shown(page: Any) -> str:
    """What a reader sees, and not what the page is made of."""
    return re.sub(r"(?s)<(script|style|head).*?</\1>|<[^>]*>", " ", page.text)


def answer(give: Any, number: int, outcome: str, reason: str = "They stop at ten now.", **more: Any) -> Any:
    return give("dingning", number, "decide", node="decide", outcome=outcome, reason=reason, **more)


def test_the_desk_offers_answers(give: Any, complaint: int, client_for: Callable[[str], Client]) -> None:
    page = shown(client_for("dingning").get(f"/desk/cases/{complaint}/"))
    for words in ("Answer: resolved", "Answer: it could not be resolved", "Pass it on to whoever is competent"):
        assert words in page
    assert "Deny" not in page
    asked = answer(give, complaint, "granted")
    assert "Answer that it is resolved?" in asked.text
    assert "Yes, answer" in asked.text
    assert "grant" not in shown(asked).lower()


def test_an_answer_needs_its_words(give: Any, complaint: int) -> None:
    page = answer(give, complaint, "granted", reason=" ", confirmed="yes")
    assert page.status_code == 422
    assert "Please write the answer" in page.text
    assert Case.objects.get(pk=complaint).outcome == ""


@pytest.mark.parametrize(
    ("outcome", "name", "words", "letter"),
    [
        ("granted", "resolved", "Resolved", "Answer to what you told us"),
        ("denied", "not_resolved", "Not resolved", "Answer to what you told us"),
        ("passed_on", "passed_on", "Passed on", "Notice that it was passed on"),
    ],
)
def test_it_ends_in_words_of_its_own(
    give: Any,
    complaint: int,
    actor_for: Any,
    client_for: Callable[[str], Client],
    catch_up: Any,
    outcome: str,
    name: str,
    words: str,
    letter: str,
) -> None:
    assert answer(give, complaint, outcome, confirmed="yes").status_code == 302
    client = client_for("linxiaomei")
    page = client.get(f"/cases/{complaint}/")
    assert words in shown(page)
    assert "They stop at ten now." in page.text
    for other in (page, client.get("/cases/"), client_for("dingning").get(f"/desk/cases/{complaint}/")):
        assert not re.search("grant|denied|deny", shown(other), re.IGNORECASE)
    view = get_case(number=complaint, actor=actor_for("linxiaomei"), at=timezone.now())
    last = list_documents(case=complaint, history=view.history, definition=view.definition)[-1]
    assert (last.kind, last.title.en) == (name, letter)
    assert client.get(f"/cases/{complaint}/documents/{last.entry}.pdf").status_code == 200
    catch_up()
    assert Notice.objects.filter(case=complaint, kind=name).exists()
    assert not Notice.objects.filter(kind__in=("granted", "denied")).exists()


def test_an_application_cannot_be_passed_on(give: Any, at_step: Any) -> None:
    number = at_step("decide")
    page = give("hejun", number, "decide", outcome="passed_on", reason="Elsewhere.", confirmed="yes")
    assert page.status_code == 422
    assert Case.objects.get(pk=number).outcome == ""
