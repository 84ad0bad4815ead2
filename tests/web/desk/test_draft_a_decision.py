"""Who handles a case drafts its decision, a colleague reviews the draft, and somebody else signs it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tongban.apps.cases.models import Case, Task
from tongban.apps.cases.queries import get_case
from tongban.apps.ledger.queries import get_history
from tongban.web.desk.drafts import changes_between

pytestmark = pytest.mark.django_db
MATTER = "training-subsidy"
FIRST = {
    "outcome": "pass",
    "opinion": "Complete.",
    "draft_outcome": "granted",
    "draft_reason": "培训合格，应补贴 800 元。",
}


@pytest.fixture
def accepted(file_case: Any, act: Any) -> int:
    number: int = file_case(matter=MATTER)
    act(number, "accept", by="wangqian")
    return number


def step_of(number: int) -> str:
    return str(Task.objects.get(case=number, finished=None).node)


def test_it_works(give: Any, accepted: int, client_for: Callable[..., Client]) -> None:
    handling = client_for("shenlan").get(f"/desk/cases/{accepted}/")
    assert "Draft: the decision should be" in handling.text
    assert give("shenlan", accepted, "complete", **FIRST).status_code == 302
    reviewing = client_for("xiaogang").get(f"/desk/cases/{accepted}/").text
    assert "Draft of the decision" in reviewing
    assert "培训合格，应补贴 800 元。" in reviewing
    # Back with a remark, drafted anew, and this time it is in order.
    task = Task.objects.get(case=accepted, finished=None).no
    back = {"task": task, "node": "handle", "reason": "600 yuan, not 800.", "confirmed": "yes"}
    client_for("xiaogang").post(f"/desk/cases/{accepted}/return_to/", back)
    again = client_for("shenlan").get(f"/desk/cases/{accepted}/").text
    assert "600 yuan, not 800." in again
    assert "培训合格，应补贴 800 元。</textarea>" in again  # what was written before is there to be mended
    give("shenlan", accepted, "complete", **FIRST | {"draft_reason": "培训合格，应补贴 600 元。"})
    page = client_for("xiaogang").get(f"/desk/cases/{accepted}/")
    latest, first = page.context["drafts"]
    assert (latest.no, first.no) == (2, 1)
    assert [each.words for each in latest.changes if each.kind != "kept"] == ["800", "600"]
    assert [(each.words, each.who) for each in first.remarks] == [("600 yuan, not 800.", "Xiao Gang")]
    give("xiaogang", accepted, "complete", outcome="pass", opinion="Right.")
    signing = client_for("xiaogang").get(f"/desk/cases/{accepted}/").text
    assert "培训合格，应补贴 600 元。</textarea>" in signing
    assert give("xiaogang", accepted, "decide", outcome="granted", reason="培训合格，应补贴 600 元。", confirmed="yes")
    assert Case.objects.get(pk=accepted).outcome == "granted"


@pytest.mark.parametrize("missing", ["draft_outcome", "draft_reason"])
def test_a_draft_and_its_reasons_are_owed(give: Any, accepted: int, missing: str) -> None:
    page = give("shenlan", accepted, "complete", **{k: v for k, v in FIRST.items() if k != missing})
    assert page.status_code == 422
    assert step_of(accepted) == "handle"


def test_who_drafted_neither_reviews_nor_signs(give: Any, accepted: int, client_for: Callable[..., Client]) -> None:
    give("shenlan", accepted, "complete", **FIRST)
    assert step_of(accepted) == "review"
    page = client_for("shenlan").get(f"/desk/cases/{accepted}/")  # who reviews there otherwise
    assert "You have handled this case, so someone else reviews and decides it" in page.text
    give("shenlan", accepted, "complete", outcome="pass", opinion="")
    assert step_of(accepted) == "review"


def test_by_the_command_itself_too(accepted: int, act: Any) -> None:
    from tongban.apps.cases.errors import DraftOwed
    from tongban.apps.cases.queries import Draft

    for draft in (None, Draft(outcome="granted", reason=" "), Draft(outcome="passed_on", reason="Not ours.")):
        with pytest.raises(DraftOwed):
            act(accepted, "complete", by="shenlan", node="handle", outcome="pass", opinion="", draft=draft)
    draft = Draft(outcome="denied", reason="No certificate.")
    act(accepted, "complete", by="shenlan", node="handle", outcome="fail", opinion="No.", draft=draft)
    act(accepted, "complete", by="xiaogang", node="review", outcome="pass", opinion="", draft=draft)
    drafted = [event.node for event in get_history(case=accepted) if "draft" in (event.data.get("data") or {})]
    assert drafted == ["handle"]  # elsewhere it is left out of the record


def test_the_applicant_reads_nothing_of_it(
    give: Any, accepted: int, client_for: Callable[..., Client], actor_for: Callable[..., Any]
) -> None:
    from django.utils import timezone

    from tongban.api.v1.schemas.cases import event_of

    give("shenlan", accepted, "complete", **FIRST)
    assert "应补贴" not in client_for("linxiaomei").get(f"/cases/{accepted}/").text
    view = get_case(number=accepted, actor=actor_for("linxiaomei"), at=timezone.now())
    assert "应补贴" not in "".join(event_of(entry, official=False).model_dump_json() for entry in view.timeline)


def test_other_matters_ask_for_none(client_for: Callable[..., Client], at_step: Any) -> None:
    assert "Draft:" not in client_for("chenli").get(f"/desk/cases/{at_step('handle')}/").text


def test_changes_are_shown_by_words_and_characters() -> None:
    assert [(each.kind, each.words) for each in changes_between("拨付 800 元", "拨付600 元整")] == [
        ("kept", "拨付"),
        ("taken", " 800"),
        ("added", "600"),
        ("kept", " 元"),
        ("added", "整"),
    ]
