"""Officers note something on a material or an answer; colleagues see it, settle it and open it again; nobody else."""

import base64
import os
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tongban.apps.cases.models import Case
from tongban.apps.desks.models import Note
from tongban.apps.desks.queries import list_notes
from tongban.apps.desks.services import reseal_notes, sweep_notes

pytestmark = pytest.mark.django_db
WORDS = "The sink is drawn twice."


@pytest.fixture
def file(at_step: Any) -> str:
    return f"/desk/cases/{at_step('handle')}/file/"


def note(client: Client, file: str, **given: Any) -> Any:
    return client.post(f"{file}notes/add", {"material": "1", "no": "1", "words": WORDS} | given, follow=True)


def test_it_works(client_for: Callable[..., Client], file: str) -> None:
    note(client_for("chenli"), file, place="Page 1, top right")
    seen = client_for("huangyan").get(file).text
    for words in (WORDS, "Page 1, top right", "Chen Li"):
        assert words in seen
    stored = Note.objects.get()
    assert WORDS not in stored.sealed
    assert "Page 1" not in stored.sealed
    client_for("huangyan").post(f"{file}notes/{stored.pk}/settle", {"no": "1"})
    assert "done: Huang Yan" in " ".join(client_for("chenli").get(file).text.split())
    client_for("chenli").post(f"{file}notes/{stored.pk}/reopen", {"no": "1"})
    assert "done: Huang Yan" not in " ".join(client_for("chenli").get(file).text.split())


def test_a_place_on_the_picture(client_for: Callable[..., Client], file: str) -> None:
    """A colleague sees it where it was put; what reaches over the edge ends there; what is no place is left out."""
    note(client_for("chenli"), file, spot_x="12.5", spot_y="90", spot_width="20", spot_height="30")
    note(client_for("chenli"), file, spot_x="3", spot_y="4")
    note(client_for("chenli"), file, spot_x="left", spot_y="4")
    page = client_for("huangyan").get(f"{file}?no=1&turn=90")
    box, dot = [each["row"].spot for each in page.context["marks"]]
    assert (box.x, box.y, box.width, box.height) == (12.5, 90, 20, 10)
    assert (dot.x, dot.y, dot.is_box) == (3, 4, False)
    assert '<rect x="12.5%" y="90.0%" width="20.0%" height="10.0%" />' in " ".join(page.text.split())
    assert "12.5 % from the left, 90 % from the top, 20 % wide, 10 % high" in page.text
    stored = Note.objects.order_by("pk").first()
    assert stored is not None
    assert "12.5" not in stored.sealed
    client_for("huangyan").post(f"{file}notes/{stored.pk}/settle", {"no": "1"})
    assert len(client_for("chenli").get(file).context["marks"]) == 1, "what is done with is not drawn any more"


def test_on_an_answer(client_for: Callable[..., Client], file: str) -> None:
    page = note(client_for("chenli"), file, material="", field="staff_count")
    (told,) = page.context["notes_answers"]
    assert told["on"] == "Number of staff"
    assert page.context["notes_here"] == []


@pytest.mark.parametrize(
    "wrong",
    [{"words": " "}, {"material": "99"}, {"material": ""}, {"field": "staff_count"}, {"words": "x" * 1001}],
)
def test_what_is_no_note_is_not_kept(client_for: Callable[..., Client], file: str, wrong: dict[str, str]) -> None:
    page = note(client_for("chenli"), file, **wrong)
    assert "The note was not kept" in page.text
    assert not Note.objects.exists()


def test_who_has_nothing_to_do_there_reads_and_writes_nothing_down(
    client_for: Callable[..., Client], file: str
) -> None:
    note(client_for("chenli"), file)
    page = note(client_for("wangqian"), file, words="Mine.")
    assert "the note was not kept: Mine." in page.text
    client_for("wangqian").post(f"{file}notes/{Note.objects.get().pk}/settle")
    assert Note.objects.get().settled_at is None


def test_who_asked_sees_nothing_of_it(client_for: Callable[..., Client], file: str) -> None:
    note(client_for("chenli"), file)
    owner = client_for("linxiaomei")
    case = file.split("/")[3]
    for path in (f"/cases/{case}/", "/me/looks/"):
        assert WORDS not in owner.get(path, follow=True).text


def test_owner_stranger_and_nobody(client_for: Callable[..., Client], file: str) -> None:
    note(client_for("chenli"), file)
    paths = (f"{file}notes/add", f"{file}notes/{Note.objects.get().pk}/settle")
    for who, code in (("luhao", 404), ("linxiaomei", 403), ("", 302)):
        for path in paths:
            assert client_for(who).post(path, {"material": "1", "words": WORDS}).status_code == code
    assert Note.objects.count() == 1


def test_not_in_another_case(client_for: Callable[..., Client], file: str, at_step: Any) -> None:
    note(client_for("chenli"), file)
    other = f"/desk/cases/{at_step('handle')}/file/"
    assert client_for("chenli").post(f"{other}notes/{Note.objects.get().pk}/settle").status_code == 404
    assert client_for("chenli").post(f"{file}notes/{Note.objects.get().pk}/burn").status_code == 404


def test_they_are_sealed_anew_and_go_with_the_answers(
    client_for: Callable[..., Client], file: str, settings: Any
) -> None:
    note(client_for("chenli"), file)
    settings.DATA_KEYS = [base64.b64encode(os.urandom(32)).decode(), *settings.DATA_KEYS]
    assert list(reseal_notes(batch=2))[-1].written == 1
    settings.DATA_KEYS = settings.DATA_KEYS[:1]
    (row,) = list_notes(case=Note.objects.get().case_id)
    assert row.words == WORDS
    assert sweep_notes() == 0
    Case.objects.filter(pk=Note.objects.get().case_id).update(erased_at=timezone.now())
    assert sweep_notes() == 1
