"""What was found is handed in by a plain form: the case goes on, once, and with everything that belongs to it."""

import base64
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from PIL import Image

from tongban.apps.cases.models import Case, Material, Task
from tongban.apps.evidence.queries import read_file
from tongban.apps.inspections.models import Inspection, Photo
from tongban.apps.ledger.queries import get_history

pytestmark = pytest.mark.django_db


def _kinds(number: int) -> list[str]:
    return [event.kind for event in get_history(case=number)]


def test_it_works(visit: int, record: Any, path_of: Any, client_for: Any) -> None:
    assert Case.objects.get(pk=visit).paused, "the inspection stops the clock"
    response = record()
    row = Inspection.objects.get()
    assert response["Location"] == f"/field/records/{row.key}/"
    assert (row.state, row.result, row.signing) == ("recorded", "pass", "refused")
    task = Task.objects.get(case=visit, node="inspect")
    assert (task.outcome, task.opinion) == ("pass", "布局与图一致。")
    assert _kinds(visit)[-3:] == ["inspection.recorded", "task.completed", "clock.resumed"]
    assert not Case.objects.get(pk=visit).paused
    assert list(Material.objects.filter(case=visit).values_list("code", flat=True))[1:] == ["inspection_photo"] * 3
    event = next(each for each in get_history(case=visit) if each.kind == "inspection.recorded")
    assert event.data["not_met"] == []
    assert "店员" not in str(event.data), "words lie outside the log"
    assert "店员" not in row.written, "and are sealed"
    assert "This step has been finished" in client_for("chenli").get(path_of(visit)).text


def test_sent_twice_it_is_one(visit: int, record: Any) -> None:
    key = str(uuid4())
    first, second = record(key=key), record(key=key)
    assert first["Location"] == second["Location"]
    assert _kinds(visit).count("inspection.recorded") == 1
    assert Photo.objects.count() == 3


def test_what_is_missing_is_said_and_nothing_is_lost(visit: int, record: Any, jpeg: Any) -> None:
    key = str(uuid4())
    page = record(key=key, **{"f-pests": None, "statement": "", "p-front": None})
    assert page.status_code == 422
    assert "Say what you found: Protection against flies, rodents and dust is in place" in page.text
    assert "Write your own statement in a sentence or two." in page.text
    assert "Add a photo: One photo of the front" in page.text
    assert "One photo is here already." in page.text
    assert "负责人不在，店员不愿签。" in page.text
    assert "inspection.recorded" not in _kinds(visit)
    assert record(key=key, photos=False, **{"p-front": jpeg()}).status_code == 302, "photos need not be sent again"
    assert Photo.objects.count() == 3


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"result": None}, "Choose the result."),
        ({"f-cold_room": "4.9"}, "Something that the law demands is not as it should be, so it cannot pass."),
        ({"f-cold_room": "large"}, "Write a number, such as 2.5"),
        ({"na-pests": "on"}, "This applies in any case"),
        ({"result": "rectify"}, "Say by which day it is to be put right."),
        ({"signing": "signed", "present": "王"}, "Let the person sign, or say why they do not."),
        ({"signing": None}, "Say whether the person signs."),
        ({"signing_words": " "}, "Write in a few words why nobody signs."),
        ({"statement": "长" * 2001}, "This is longer than a record can be."),
    ],
)
def test_what_cannot_stand(visit: int, record: Any, changes: dict[str, Any], words: str) -> None:
    page = record(**changes)
    assert page.status_code == 422
    assert words in page.text
    assert "inspection.recorded" not in _kinds(visit)


def test_to_be_put_right_by_a_day(visit: int, record: Any, ahead: Any, jpeg: Any, client_for: Any) -> None:
    """The step stays open; the visit is for later; who looks again finishes it."""
    found = {"f-pests": "no", "p-pests": jpeg(), "n-pests": "后门没有挡鼠板"}
    assert record(result="rectify", **found, **ahead).status_code == 302
    assert Task.objects.get(case=visit, node="inspect").finished is None
    assert Case.objects.get(pk=visit).paused, "the inspection is not over"
    (part,) = client_for("chenli").get("/field/").context["parts"]
    assert (part.name, part.lines[0].again[:10]) == ("later", "Look again")
    assert record("huangyan").status_code == 302
    assert Task.objects.get(case=visit, node="inspect").outcome == "pass"
    assert _kinds(visit).count("inspection.recorded") == 2


def test_yesterday_is_too_late_to_put_it_right(record: Any, jpeg: Any) -> None:
    day = timezone.localdate() - timedelta(days=1)
    parts = {"year": day.year, "month": day.month, "day": day.day}
    past = {f"rectify_by-{name}": str(value) for name, value in parts.items()}
    page = record(result="rectify", **{"f-pests": "no", "p-pests": jpeg()}, **past)
    assert "The day must be after today, and within a year." in page.text


def test_it_fails(visit: int, record: Any) -> None:
    assert record(result="fail", **{"f-cold_room": "2"}).status_code == 302
    assert Task.objects.get(case=visit, node="inspect").outcome == "fail"
    event = next(each for each in get_history(case=visit) if each.kind == "inspection.recorded")
    assert event.data["not_met"] == ["cold_room"]


def test_signed_on_the_screen(visit: int, record: Any, client_for: Any) -> None:
    buffer = io.BytesIO()
    Image.new("RGBA", (320, 120), (0, 0, 0, 0)).save(buffer, "PNG")
    drawn = "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()
    where = record(signing="signed", present="吴小川", signature=drawn, signing_words="")["Location"]
    assert client_for("chenli").get(where + "signature").content.startswith(b"\x89PNG")
    assert Material.objects.filter(case=visit, code="inspection_signature").count() == 1


def test_upside_down_and_what_the_camera_wrote(record: Any, jpeg: Callable[..., io.BytesIO]) -> None:
    """Turned upright; time and place are read, then gone from the file."""
    page = record(**{"p-front": jpeg(turned=True)})
    photo = Photo.objects.get(item="front")
    with Image.open(io.BytesIO(read_file(sha256=photo.file.sha256))) as kept:
        red, _green, blue = kept.convert("RGB").getpixel((32, 8))  # type: ignore[misc]
        assert red > 200 > 60 > blue, "the top is red again"
        assert not kept.getexif()
    assert "112.98" not in photo.told, "sealed"
    assert page.status_code == 302


@pytest.mark.parametrize("content", [b"\xff\xd8\xff no picture", b"%PDF-1.4", b""])
def test_what_is_no_picture(record: Any, content: bytes) -> None:
    file = io.BytesIO(content)
    file.name = "photo.jpg"
    page = record(**{"p-front": file})
    assert page.status_code == 422
    assert "Add a photo: One photo of the front" in page.text or "cannot be opened" in page.text


def test_time_and_place_are_as_the_device_says(record: Any, client_for: Any) -> None:
    """A clock that is a day behind changes nothing but what is said of it."""
    told = timezone.now() - timedelta(days=1)
    given = {"told_at": told.isoformat(), "sent_told_at": told.isoformat(), "latitude": "28.1", "longitude": "112.9"}
    where = record(**given, accuracy="12")["Location"]
    row = Inspection.objects.get()
    assert row.received_at is not None
    assert row.told_at == told
    page = client_for("huangyan").get(where).text
    assert "The clock of the device was 24 h 0 min behind." in page
    assert "28.1, 112.9" in page


@pytest.mark.parametrize("place", [("91", "0", "5"), ("nan", "0", "5"), ("x", "y", "z"), ("0", "181", "5")])
def test_no_place_is_no_reason_to_refuse(record: Any, place: tuple[str, str, str]) -> None:
    given = dict(zip(("latitude", "longitude", "accuracy"), place, strict=True))
    assert record(**given, told_at="yesterday").status_code == 302


def test_owner_colleague_stranger_and_nobody(visit: int, record: Any, path_of: Any, client_for: Any) -> None:
    assert record("linxiaomei").status_code == 403
    assert record("luhao").status_code == 404
    assert record("").status_code == 302
    assert Inspection.objects.count() == 0
    assert client_for("linxiaomei").get(path_of(visit)).status_code == 403
    assert client_for("luhao").get(path_of(visit)).status_code == 404
    assert client_for("").get(path_of(visit)).status_code == 302
    page = client_for("huangyan").get(path_of(visit))
    assert "tel:13900000004" in page.text
    assert record("huangyan").status_code == 302, "a colleague may go as well"


def test_another_step_is_no_visit(visit: int, client_for: Any) -> None:
    other = Task.objects.get(case=visit, node="handle").no
    assert client_for("chenli").get(f"/field/tasks/{visit:016d}/{other}/").status_code == 404


def test_a_photo_that_nobody_else_opens_says_what_to_do(visit: int, record: Any) -> None:
    """HEIC, as iPhones keep it, where no script turned it into a JPEG."""
    heic = io.BytesIO(b"\x00\x00\x00\x18ftypheic" + b"\x00" * 64)
    heic.name = "IMG_0001.HEIC"
    page = record(**{"p-front": heic})
    assert page.status_code == 422
    assert "choose Settings, Camera, Formats, Most Compatible" in page.text
    assert Photo.objects.filter(item="front").count() == 0
    assert "inspection.recorded" not in _kinds(visit)
