"""A visit that waits: a food business licence whose inspection is open, and what an inspector posts for it."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from PIL import Image

from tongban.apps.cases.models import Task
from tongban.apps.catalog.queries import get_matter

FOUND = {
    "f-matches_plan": "yes",
    "f-away_from_pollution": "yes",
    "f-washing_up": "yes",
    "f-raw_and_cooked": "yes",
    "f-cold_room": "6",
    "na-temperature": "on",
    "f-pests": "yes",
    "f-health_certificates": "yes",
    "f-manager_present": "yes",
    "result": "pass",
    "statement": "布局与图一致。",
    "signing": "refused",
    "signing_words": "负责人不在，店员不愿签。",
}
"""A visit at which all is as it should be, and nobody signs."""


@pytest.fixture
def visit(file_case: Any, act: Any) -> int:
    """The case."""
    number: int = file_case()
    act(number, "accept", by="wangqian")
    act(number, "complete", by="chenli", node="handle", outcome="pass", opinion="去看。")
    return number


@pytest.fixture
def path_of() -> Callable[[int], str]:
    """Where the visit of a case is."""

    def find(number: int) -> str:
        return f"/field/tasks/{number:016d}/{Task.objects.get(case=number, node='inspect').no}/"

    return find


@pytest.fixture
def jpeg() -> Callable[..., io.BytesIO]:
    """A photo: red above, blue below; ``turned`` as a camera that was held upside down writes it, with its place."""

    def make(*, turned: bool = False, name: str = "photo.jpg") -> io.BytesIO:
        picture = Image.new("RGB", (64, 64), (0, 0, 255))
        picture.paste((255, 0, 0), (0, 0, 64, 32))
        exif = Image.Exif()
        if turned:
            picture = picture.rotate(180)
            exif[0x0112] = 3
            exif.get_ifd(0x8769)[0x9003] = "2026:03:04 10:20:30"
            exif.get_ifd(0x8825).update({1: "N", 2: (28.0, 7.0, 30.0), 3: "E", 4: (112.0, 59.0, 0.0)})
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", exif=exif)
        buffer.seek(0)
        buffer.name = name
        return buffer

    return make


@pytest.fixture
def record(visit: int, path_of: Any, client_for: Any, jpeg: Any) -> Callable[..., Any]:
    """``record()``: hand in what was found, as a plain form does; ``changes`` replace fields, None leaves one out."""

    def post(
        who: str = "chenli", number: int = 0, *, accept: str = "text/html", photos: bool = True, **changes: Any
    ) -> Any:
        definition = get_matter(code="food-business-licence", on=timezone.localdate()).definition
        data = {"key": str(uuid4()), "checklist": definition.checklists["inspect"].digest, **FOUND}
        if photos:
            data |= {"p-matches_plan": jpeg(), "p-cold_room": jpeg(), "p-front": jpeg()}
        data |= changes
        data = {name: value for name, value in data.items() if value is not None}
        return client_for(who).post(path_of(number or visit), data, headers={"accept": accept})

    return post


@pytest.fixture
def ahead() -> dict[str, str]:
    """A day a week from now, as a form posts it."""
    day = timezone.localdate() + timedelta(days=7)
    return {"rectify_by-year": str(day.year), "rectify_by-month": str(day.month), "rectify_by-day": str(day.day)}
