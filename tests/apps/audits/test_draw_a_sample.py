"""A sample is announced, drawn with a checkpoint that nobody knew then, and can be drawn again by anybody."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.apps.audits.conftest import DAY, on

from tongban.apps.audits.drawing import Criteria, digest_of, draw, size_of
from tongban.apps.audits.errors import NothingToAudit, NotToAudit, ReasonMissing, TooWide
from tongban.apps.audits.models import Audit, Sample
from tongban.apps.audits.queries import get_sample
from tongban.apps.audits.services import ask_for_sample, choose_files, draw_samples
from tongban.apps.cases.models import Case
from tongban.apps.ledger.queries import get_history

pytestmark = pytest.mark.django_db
THAT_DAY = Criteria(since=DAY, until=DAY)


def test_it_works(cards: list[int], night: Callable[..., int]) -> None:
    assert draw_samples(at=on(hour=9)) == 0
    sample = Sample.objects.get()
    assert (sample.plan, sample.since, sample.seed_day, sample.drawn_at) == ("decided-by-rule", DAY, DAY, None)
    assert draw_samples(at=on(1, hour=0, minute=30)) == 0  # the day is over and not signed yet
    assert night() == 3  # 5 % of six, at least three
    sample.refresh_from_db()
    assert (sample.population, sample.digest) == (6, digest_of(cards))
    assert set(Audit.objects.values_list("case", flat=True)) < set(cards)
    assert [each.kind for each in get_history(case=sample.number)] == ["sample.announced", "sample.drawn"]
    view = get_sample(number=sample.number, at=on(1), check=True)
    assert view.proof is not None
    assert view.proof.holds
    assert night() == 0  # another worker, or the same once more


@pytest.mark.parametrize(
    ("wrong", "what"),
    [({"seed": "00" * 32}, "seed"), ({"digest": "0" * 64}, "population"), ({"minimum": 4}, "draw")],
)
def test_a_draw_that_was_tampered_with_is_seen(drawn: Sample, wrong: dict[str, Any], what: str) -> None:
    Sample.objects.filter(pk=drawn.pk).update(**wrong)
    proof = get_sample(number=drawn.number, at=on(1), check=True).proof
    assert proof is not None
    assert not getattr(proof, what)
    assert not proof.holds


def test_days_without_a_worker_are_drawn_with_a_later_day(drawn: Sample, file_case: Any, night: Any) -> None:
    file_case(matter="senior-card", birth_date="1950-03-11", at=on(1))
    draw_samples(at=on(2, hour=9))  # nothing ran on the day after
    missed = Sample.objects.get(since=DAY + timedelta(days=1))
    assert missed.seed_day == missed.since  # it was announced in the night when that day began
    Sample.objects.filter(drawn_at=None).delete()
    draw_samples(at=on(2, hour=9))
    missed = Sample.objects.get(since=DAY + timedelta(days=1))
    assert missed.seed_day == DAY + timedelta(days=2)
    night(2)
    assert Audit.objects.filter(sample=missed.number).count() == 1


def test_no_file_is_audited_twice(drawn: Sample, cards: list[int], actor_for: Any, night: Any) -> None:
    first = set(Audit.objects.values_list("case", flat=True))
    asked: dict[str, Any] = {"share": 100, "minimum": 0, "most": 100, "by": "matter", "actor": actor_for("liangchen")}
    number = ask_for_sample(criteria=THAT_DAY, at=on(1), **asked)
    assert night(1) == 3
    assert set(Sample.objects.get(pk=number).skipped) == first
    assert Audit.objects.count() == len(cards)
    assert night(1) == 0
    proof = get_sample(number=number, at=on(2), check=True).proof
    assert proof is not None
    assert proof.holds
    with pytest.raises(NothingToAudit):
        choose_files(criteria=THAT_DAY, most=9, why="Once more.", actor=actor_for("liangchen"), at=on(2))


def test_files_are_chosen_for_a_reason(granted: Any, cards: list[int], actor_for: Any, user_for: Any) -> None:
    late, in_time = granted(at=on()), granted(at=on())
    Case.objects.filter(pk=late).update(promised_due=on(hour=1))
    lastly = replace(THAT_DAY, until=DAY + timedelta(days=3))
    by: dict[str, Any] = {"most": 5, "actor": actor_for("liangchen"), "at": on(3, hour=23)}
    choose_files(criteria=replace(lastly, late=True), why="Late.", **by)
    assert set(Audit.objects.values_list("case", flat=True)) == {late}
    choose_files(criteria=replace(lastly, officer=user_for("chenli").pk), why="A complaint about her.", **by)
    assert set(Audit.objects.values_list("case", flat=True)) == {late, in_time}
    choose_files(criteria=replace(lastly, case=cards[2]), why="A complaint.", **by)
    assert Audit.objects.filter(case=cards[2], by_rule=True).exists()
    for criteria in (replace(lastly, grade=2), replace(lastly, pattern="last_hour"), replace(lastly, of="officer")):
        with pytest.raises(NothingToAudit):
            choose_files(criteria=criteria, why="Why not.", **by)


def test_who_may_ask_and_for_what(cards: list[int], actor_for: Any) -> None:
    by: dict[str, Any] = {"share": 10, "minimum": 1, "most": 5, "by": "matter", "at": on(1)}
    for name in ("hejun", "admin", "linxiaomei"):
        with pytest.raises(NotToAudit):
            ask_for_sample(criteria=THAT_DAY, actor=actor_for(name), **by)
    for since, until in ((2, 2), (0, -1), (-400, 0)):
        days = replace(THAT_DAY, since=DAY + timedelta(days=since), until=DAY + timedelta(days=until))
        with pytest.raises(TooWide):
            ask_for_sample(criteria=days, actor=actor_for("liangchen"), **by)
    with pytest.raises(ReasonMissing):
        choose_files(criteria=THAT_DAY, most=1, why=" ", actor=actor_for("liangchen"), at=on(1))


@given(
    sizes=st.lists(st.integers(0, 40), min_size=1, max_size=5),
    share=st.integers(0, 100),
    minimum=st.integers(0, 10),
    most=st.integers(1, 60),
    seed=st.binary(min_size=32, max_size=32),
    audited=st.sets(st.integers(0, 200)),
)
def test_each_part_has_its_share(
    sizes: list[int], share: int, minimum: int, most: int, seed: bytes, audited: set[int]
) -> None:
    population = [(40 * part + each, str(part)) for part, size in enumerate(sizes) for each in range(size)]
    rules: dict[str, Any] = {"seed": seed, "share": share, "minimum": minimum, "most": most, "audited": audited}
    drawn = draw(population=population, **rules)
    assert drawn == draw(population=population[::-1], **rules)
    assert len(set(drawn.chosen)) == len(drawn.chosen) <= most
    assert not set(drawn.chosen) & audited
    wanted = 0
    for part, size in enumerate(sizes):
        left = size - len({number for number, where in population if where == str(part)} & audited)
        whole = min(left, size_of(population=size, share=share, minimum=minimum))
        own = [number for number in drawn.chosen if number // 40 == part]
        assert len(own) <= whole
        wanted += whole
    assert len(drawn.chosen) == min(most, wanted)
