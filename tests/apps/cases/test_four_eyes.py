"""A matter may ask for four eyes: nobody reviews or decides what they handled."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone

from tongban.apps.cases import services
from tongban.apps.cases.errors import SameEyes
from tongban.apps.cases.models import Task
from tongban.apps.catalog.queries import PublishedMatter, get_version
from tongban.apps.people.models import Membership

pytestmark = pytest.mark.django_db


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every matter asks for it."""
    as_published = get_version

    def stricter(*, version_id: int) -> PublishedMatter:
        found = as_published(version_id=version_id)
        return replace(found, definition=replace(found.definition, four_eyes=True))

    monkeypatch.setattr("tongban.apps.cases.services.way.get_version", stricter)


def _review(number: int, actor: Any) -> None:
    task = Task.objects.get(case=number, finished=None)
    services.complete(number=number, task=task.no, outcome="pass", opinion="", actor=actor, at=timezone.now())


@pytest.fixture
def handled_by_one_who_reviews(file_case: Any, act: Any) -> int:
    number: int = file_case()
    act(number, "accept", by="wangqian")
    act(number, "complete", by="huangyan", node="handle", outcome="pass", opinion="")
    act(number, "complete", by="chenli", node="inspect", outcome="pass", opinion="")
    return number


@pytest.mark.usefixtures("strict")
def test_who_handled_it_does_not_review_it(handled_by_one_who_reviews: int, actor_for: Callable[..., Any]) -> None:
    with pytest.raises(SameEyes):
        _review(handled_by_one_who_reviews, actor_for("huangyan"))
    _review(handled_by_one_who_reviews, actor_for("hejun"))


@pytest.mark.usefixtures("strict")
def test_nor_is_it_reported_by_who_handled_it(
    handled_by_one_who_reviews: int, actor_for: Callable[..., Any], user_for: Callable[..., Any]
) -> None:
    number = handled_by_one_who_reviews
    task = Task.objects.get(case=number, finished=None).no
    to = f"user:{user_for('chenli').pk}"
    services.delegate(number=number, task=task, to=to, reason="", actor=actor_for("hejun"), at=timezone.now())
    with pytest.raises(SameEyes):
        _review(number, actor_for("chenli"))


def test_otherwise_one_may_do_both(handled_by_one_who_reviews: int, actor_for: Callable[..., Any]) -> None:
    assert Membership.objects.filter(user__username="huangyan", role="reviewer").exists()
    _review(handled_by_one_who_reviews, actor_for("huangyan"))
