"""Nothing is told to whom the city's rule does not open it, whatever is said and in whichever order."""

import contextlib
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tongban.apps.calls import queries, services
from tongban.apps.calls.errors import CallOver, NotShown, TriesUsed
from tongban.apps.calls.models import Call, Try
from tongban.apps.cases.errors import UnknownCase
from tongban.apps.cases.queries import get_filed
from tongban.apps.catalog.city import get_phone
from tongban.apps.catalog.definitions.phone import FACTS, LOCATORS

pytestmark = pytest.mark.django_db


@given(
    way=st.sampled_from(["by-case", "by-person", "by-telephone", "by-certificate", "none"]),
    fitting=st.sets(st.sampled_from(FACTS)),
)
def test_a_way_opens_only_with_all_that_it_asks(way: str, fitting: set[str]) -> None:
    rule = get_phone()
    opened = rule.opens(way=way, fitting=fitting)
    asked = set(rule.ways[way].asks) if way in rule.ways else {""}
    assert opened == (rule.ways[way].opens if asked <= fitting else "")
    if opened:
        assert fitting & set(LOCATORS)


@pytest.fixture
def on_the_line(file_case: Any, actor_for: Any) -> tuple[Any, int, int]:
    """A clerk, a call of theirs, and Lin Xiaomei's case."""
    clerk, number = actor_for("wangqian"), file_case()
    return clerk, services.begin(actor=clerk, telephone="", key=uuid4(), at=timezone.now()), number


_RIGHT = {"name": "林晓梅", "identity_ending": "0027", "telephone": "13900000001"}
_RIGHT |= {"identity_number": "361799198805140027", "certificate_number": ""}
_WRONG = {"name": "吴小川", "identity_ending": "0093", "phone_ending": "0x04", "telephone": "13900000002"}
_WRONG |= {"identity_number": "361799199702190093", "certificate_number": "1.2.156.3005.2"}


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    said=st.lists(
        st.tuples(st.sampled_from(["by-case", "by-person", "by-telephone"]), st.sets(st.sampled_from(FACTS))),
        max_size=4,
    )
)
def test_no_sequence_of_answers_without_enough_tells_anything(
    on_the_line: tuple[Any, int, int], said: list[tuple[str, set[str]]]
) -> None:
    """In each try some facts are right and the others another person's or left out: never all that the way asks."""
    clerk, call, number = on_the_line
    Try.objects.all().delete()
    Call.objects.filter(pk=call).update(tries=0, level="", person=None, case=None)
    now, right = timezone.now(), _RIGHT | {"case_number": f"{number:016d}"}
    right["phone_ending"] = get_filed(number=number).phone[-4:]
    for way, known in said:
        asks = get_phone().ways[way].asks
        if set(asks) <= known:
            known = known - {asks[-1]}
        answers = {fact: right[fact] if fact in known else _WRONG.get(fact, "") for fact in asks}
        with contextlib.suppress(TriesUsed):
            assert not services.show(number=call, way=way, answers=answers, actor=clerk, at=now).passed
        assert not queries.list_told_cases(number=call, actor=clerk, at=now)
        with pytest.raises(NotShown):
            queries.get_caller(number=call, actor=clerk, at=now)
        with pytest.raises(NotShown):
            services.tell(number=call, case=number, actor=clerk, at=now)


def test_the_way_that_is_left_open_by_mistake_closes_by_itself(on_the_line: tuple[Any, int, int]) -> None:
    clerk, call, number = on_the_line
    now, right = timezone.now(), _RIGHT | {"case_number": f"{number:016d}"}
    assert services.show(number=call, way="by-person", answers=right, actor=clerk, at=now).passed
    later = now + timedelta(hours=2)
    with pytest.raises(CallOver):
        queries.list_told_cases(number=call, actor=clerk, at=later)
    assert services.end_forgotten(at=later) == 1
    assert services.end_forgotten(at=later) == 0


def test_somebody_elses_case_is_not_told(on_the_line: tuple[Any, int, int], file_case: Any) -> None:
    clerk, call, number = on_the_line
    other = file_case(username="wuxiaochuan", matter="student-aid")
    now, right = timezone.now(), _RIGHT | {"case_number": f"{number:016d}"}
    services.show(number=call, way="by-person", answers=right, actor=clerk, at=now)
    with pytest.raises(UnknownCase):
        services.tell(number=call, case=other, actor=clerk, at=now)


def test_telephones_are_let_go_of_after_their_time(on_the_line: tuple[Any, int, int]) -> None:
    clerk, call, _number = on_the_line
    now = timezone.now()
    services.end(number=call, actor=clerk, at=now)
    kept = services.begin(actor=clerk, telephone="13900000001", key=uuid4(), at=now)
    services.end(number=kept, actor=clerk, at=now)
    assert services.sweep_calls(at=now + timedelta(days=179)) == 0
    assert services.sweep_calls(at=now + timedelta(days=181)) == 1
    row = Call.objects.get(pk=kept)
    assert (row.telephone_sealed, row.telephone_hash) == ("", "")


def test_a_case_of_nobody_on_file_opens_nothing_by_telephone(on_the_line: tuple[Any, int, int]) -> None:
    """Whoever filed it by message is answered there."""
    from tongban.apps.people.actors import SYSTEM
    from tongban.apps.voice.services import Speaker, Words, speak

    clerk, call, _own = on_the_line
    words, speaker = Words(text="路灯坏了，请派人来修。"), Speaker(key="wechat:x", name="来信人")
    number = speak(words=words, speaker=speaker, channel="wechat", actor=SYSTEM, at=timezone.now())
    said = {"case_number": str(number), "phone_ending": "", "name": "来信人", "identity_ending": ""}
    outcome = services.show(number=call, way="by-case", answers=said, actor=clerk, at=timezone.now())
    assert (outcome.passed, outcome.concerned) == (False, None)
