"""Short ways for tests of pages: a filing as a resident's browser makes it."""

from collections.abc import Callable
from typing import Any, Protocol
from uuid import UUID

import pytest
from django.test import Client

from tongban.apps.intake.models import Draft

ANSWERS: dict[str, dict[str, Any]] = {
    "about": {"application_kind": "new"},
    "premises": {"shop_name": "明川小馆", "address": "明川市临江区滨河路 16 号", "area_m2": "86.5"},
    "business": {
        "business_format": "restaurant",
        "items": ["hot_dishes"],
        "staff_count": "6",
        "online_orders": "false",
    },
    "safety": {"safety_manager": "林晓梅", "safety_manager_phone": "13900000001"},
}
"""What a browser posts for a food business licence, page by page."""


class Begin(Protocol):
    """Opens a draft through the pages and returns its id."""

    def __call__(self, client: Client, matter: str = "food-business-licence", applicant: str = "") -> UUID: ...


@pytest.fixture
def begin() -> Begin:
    """Begin a filing in the reader's own name, or in that of ``applicant``."""

    def start(client: Client, matter: str = "food-business-licence", applicant: str = "") -> UUID:
        page = client.get(f"/matters/{matter}/start")
        keys = [each.key for each in page.context["applicants"]]
        response = client.post(f"/matters/{matter}/start", {"applicant": applicant or keys[0]})
        assert response.status_code == 302
        return UUID(response["Location"].split("/")[2])

    return start


@pytest.fixture
def fill_in() -> Callable[..., None]:
    """Answer all pages of a food business licence; ``changes`` replace what is posted on a page."""

    def fill(client: Client, draft: UUID, **changes: dict[str, Any]) -> None:
        for step, answers in ANSWERS.items():
            response = client.post(f"/drafts/{draft}/{step}/", answers | changes.get(step, {}))
            assert response.status_code == 302, response.context["fields"]

    return fill


@pytest.fixture
def ready(begin: Begin, fill_in: Callable[..., None], a_photo: Callable[..., Any]) -> Callable[[Client], UUID]:
    """A draft that only waits to be sent."""

    def prepare(client: Client) -> UUID:
        draft = begin(client)
        fill_in(client, draft)
        response = client.post(f"/drafts/{draft}/materials/", {"file-floor_plan": a_photo()})
        assert response["Location"] == f"/drafts/{draft}/review/"
        return draft

    return prepare


@pytest.fixture
def draft_row() -> Callable[[UUID], Draft | None]:
    """The stored draft, or None when there is none."""
    return lambda draft: Draft.objects.filter(pk=draft).first()
