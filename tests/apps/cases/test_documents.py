"""What the documents of a case say: each event that is owed in writing has one, dated by it, with all that is owed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.conftest import PNG

from tongban.apps.cases import services
from tongban.apps.cases.documents import compose_letter, list_documents
from tongban.apps.cases.queries import get_case
from tongban.apps.evidence.queries import Gap, Letter, Listing
from tongban.apps.evidence.services import store_file
from tongban.kernel.clock import Limit

pytestmark = pytest.mark.django_db


@pytest.fixture
def letters(actor_for: Callable[[str], Any]) -> Callable[..., dict[str, Letter]]:
    """The letters of a case by kind, as its applicant reads them."""

    def compose(number: int, who: str = "linxiaomei") -> dict[str, Letter]:
        view = get_case(number=number, actor=actor_for(who), at=timezone.now())
        return {
            each.kind: compose_letter(view=view, document=each, check_url="https://example.cn/track")
            for each in list_documents(case=number, history=view.history, definition=view.definition)
        }

    return compose


def said(letter: Letter, part: int = 1) -> str:
    """Everything that one language of a letter says."""
    lines: list[str] = []
    for block in letter.parts[part].body:
        if isinstance(block, Listing):
            lines += [block.lead, *block.items]
        elif isinstance(block, Gap):
            lines.append(block.label)
        else:
            lines.append(block if isinstance(block, str) else block.words)
    return "\n".join(lines).replace("\xa0", " ")


def test_it_works(granted: Any, letters: Callable[..., dict[str, Letter]]) -> None:
    found = letters(granted())
    assert list(found) == ["receipt", "acceptance", "special_procedure", "granted"]
    numbers = [letter.number for letter in found.values()]
    assert len(set(numbers)) == len(numbers)
    for letter in found.values():
        chinese, english = letter.parts
        assert (chinese.language, english.language) == ("zh-hans", "en")
        assert chinese.issuer == "明川市市场监督管理局"
        assert english.issuer == "Mingchuan Administration for Market Regulation"
        assert letter.number in chinese.number
        assert chinese.addressee == "林晓梅："
        assert english.note
        assert not chinese.note


def test_a_receipt_says_what_came_and_what_is_owed(file_case: Any, letters: Callable[..., dict[str, Letter]]) -> None:
    number = file_case(at=datetime(2026, 3, 2, 2, 0, tzinfo=UTC))
    words = said(letters(number)["receipt"])
    assert "on 2 March 2026" in words
    assert "Floor plan of the premises" in words
    assert "By 9 March 2026 we tell you" in words
    assert "The law allows 20 working days; we promise 8 working days" in words
    assert "On-site inspection (5 working days)" in words


def test_an_acceptance_gives_both_dates(file_case: Any, act: Any, letters: Callable[..., dict[str, Letter]]) -> None:
    number = file_case(at=datetime(2026, 3, 2, 2, 0, tzinfo=UTC))
    act(number, "accept", by="wangqian", at=datetime(2026, 3, 3, 2, 0, tzinfo=UTC))
    words = said(letters(number)["acceptance"])
    assert "accepted as of 3 March 2026" in words
    assert "20 working days, until 31 March 2026" in words
    assert "within 8 working days, by 13 March 2026" in words
    assert "Food Safety Law, Article 35" in words
    assert "自 2026年3月3日 起予以受理" in said(letters(number)["acceptance"], part=0)


def test_papers_that_follow_are_named_with_their_day(
    file_case: Any, act: Any, letters: Callable[..., dict[str, Letter]]
) -> None:
    hard = {"hardship": "other", "members": 4, "monthly_income": 4600, "hardship_words": "家里有人住院。"}
    number = file_case(matter="student-aid", at=datetime(2026, 3, 2, 2, 0, tzinfo=UTC), **hard)
    act(number, "accept", by="wangqian", at=datetime(2026, 3, 3, 2, 0, tzinfo=UTC))
    before = letters(number)
    for kind in ("receipt", "acceptance"):
        assert "the work does not wait for it" in said(before[kind])
        assert "Something that shows the hardship, by 16 March 2026" in said(before[kind])
        assert "（2026年3月16日前）" in said(before[kind], part=0)
    # Once it is there, what was written then still says what held then.
    _hand_in(number)
    assert letters(number) == before


def test_what_has_come_before_the_acceptance_is_not_named(
    file_case: Any, act: Any, letters: Callable[..., dict[str, Letter]]
) -> None:
    hard = {"hardship": "other", "members": 4, "monthly_income": 4600, "hardship_words": "家里有人住院。"}
    number = file_case(matter="student-aid", **hard)
    _hand_in(number)
    act(number, "accept", by="wangqian")
    assert "Something that shows" in said(letters(number)["receipt"])
    assert "Something that shows" not in said(letters(number)["acceptance"])


def _hand_in(number: int) -> None:
    from tongban.apps.people.models import User
    from tongban.apps.people.queries import get_actor

    actor = get_actor(user=User.objects.get(username="linxiaomei"), on=timezone.localdate())
    stored = store_file(
        content=PNG, name="letter.png", allowed=("png",), max_megabytes=10, by=actor.id, at=timezone.now()
    )
    given = {"hardship_proof": [stored.pk]}
    services.hand_in(number=number, materials=given, actor=actor, at=timezone.now())


def test_silence_is_told_as_what_it_is(file_case: Any, letters: Callable[..., dict[str, Letter]]) -> None:
    number = file_case(at=datetime(2026, 3, 2, 2, 0, tzinfo=UTC))
    services.fire_due_timers(at=datetime(2026, 3, 10, 2, 0, tzinfo=UTC))
    words = said(letters(number)["acceptance"])
    assert "We did not answer within the time that the law gives us" in words
    assert "accepted as of the day on which we received it, 2 March 2026" in words
    assert "We have examined" not in words


def test_a_supplement_names_everything_at_once(
    file_case: Any, act: Any, letters: Callable[..., dict[str, Letter]]
) -> None:
    number = file_case(at=datetime(2026, 3, 2, 2, 0, tzinfo=UTC))
    items = ("floor_plan", "staff_count", "A photo of the door")
    given = {"items": items, "note": "Please.", "within": Limit.parse("10 working days")}
    act(number, "request_supplement", by="wangqian", at=datetime(2026, 3, 3, 2, 0, tzinfo=UTC), **given)
    words = said(letters(number)["supplement"])
    for expected in ("Floor plan of the premises", "A photo of the door", "Please.", "by 17 March 2026"):
        assert expected in words, expected
    assert "staff_count" not in words  # the question's own words


def test_a_denial_has_reasons_and_remedies(file_case: Any, act: Any, letters: Callable[..., dict[str, Letter]]) -> None:
    number = file_case()
    act(number, "accept", by="wangqian")
    for node, officer in (("handle", "chenli"), ("inspect", "chenli"), ("review", "hejun")):
        act(number, "complete", by=officer, node=node, outcome="fail", opinion="No sink.")
    act(number, "decide", by="hejun", node="decide", outcome="denied", reason="There is no sink.")
    words = said(letters(number)["denied"])
    assert "Reasons: There is no sink." in words
    assert "administrative reconsideration within 60 days" in words
    assert "granted" not in letters(number)


def test_a_grant_names_its_certificate(granted: Any, letters: Callable[..., dict[str, Letter]]) -> None:
    words = said(letters(granted())["granted"])
    assert "identifier 1.2.156.3005.2.JY." in words
    assert "automatically" not in words


def test_a_rule_says_that_it_was_a_rule(file_case: Any, letters: Callable[..., dict[str, Letter]]) -> None:
    number = file_case(username="zhaoguoan", matter="senior-card")
    words = said(letters(number, "zhaoguoan")["denied"])  # the first example's birth date differs from the number's
    assert "The decision was taken automatically, by a published rule." in words


def test_the_number_follows_the_entry_of_the_log(granted: Any, actor_for: Callable[[str], Any]) -> None:
    number = granted()
    view = get_case(number=number, actor=actor_for("linxiaomei"), at=timezone.now() + timedelta(days=1))
    for document in list_documents(case=number, history=view.history, definition=view.definition):
        assert document.number == f"{number}-{document.entry:02}"
        assert view.history[document.entry - 1].at == document.at
