"""A resident says how it was: once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tongban.apps.cases.models import Rating

pytestmark = pytest.mark.django_db


def test_it_works(client_for: Callable[..., Client], granted: Any) -> None:
    number = granted()
    client = client_for("linxiaomei")
    assert client.get(f"/cases/{number}/rate/").status_code == 200
    response = client.post(f"/cases/{number}/rate/", {"grade": "5", "words": "Quick."}, follow=True)
    assert "Thank you" in response.text
    assert "Very satisfied" in response.text
    rating = Rating.objects.get()
    assert (rating.grade, rating.words) == (5, "Quick.")


def test_a_second_time_is_told(client_for: Callable[..., Client], granted: Any) -> None:
    number = granted()
    client = client_for("linxiaomei")
    client.post(f"/cases/{number}/rate/", {"grade": "5"})
    response = client.post(f"/cases/{number}/rate/", {"grade": "1"}, follow=True)
    assert "You have rated this already" in response.text
    assert Rating.objects.get().grade == 5


@pytest.mark.parametrize("grade", ["", "0", "6", "x", "²"])
def test_a_grade_must_be_chosen(client_for: Callable[..., Client], granted: Any, grade: str) -> None:
    response = client_for("linxiaomei").post(f"/cases/{granted()}/rate/", {"grade": grade, "words": "kept words"})
    assert response.status_code == 422
    assert "Please choose one of the five" in response.text
    assert "kept words" in response.text
    assert not Rating.objects.exists()


def test_not_before_the_decision(client_for: Callable[..., Client], file_case: Any) -> None:
    response = client_for("linxiaomei").post(f"/cases/{file_case()}/rate/", {"grade": "5"}, follow=True)
    assert "You can rate it once it is decided" in response.text
    assert not Rating.objects.exists()


@pytest.mark.parametrize("who", ["wuxiaochuan", "chenli"])
def test_nobody_else_can(client_for: Callable[..., Client], granted: Any, who: str) -> None:
    assert client_for(who).post(f"/cases/{granted()}/rate/", {"grade": "1"}).status_code == 404
    assert not Rating.objects.exists()
