"""A paper that was handed in with an earlier case, or that government issued itself, is shown and taken, not asked."""

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from tests.conftest import PNG
from tests.web.conftest import COMPANY
from tests.web.portal.test_take_what_is_on_file import begin

from tongban.apps.cases.models import Case, Material
from tongban.apps.catalog import versions
from tongban.apps.catalog.queries import get_matter
from tongban.apps.catalog.services import publish
from tongban.apps.evidence.models import Certificate
from tongban.apps.evidence.queries import list_files
from tongban.apps.intake.models import Draft, DraftFile
from tongban.apps.ledger.queries import get_history

pytestmark = pytest.mark.django_db

TAKEN = "from what is on file"


@pytest.fixture
def client(client_for: Callable[..., Client]) -> Client:
    return client_for("linxiaomei")


@pytest.fixture
def earlier(granted: Callable[..., int]) -> int:
    """The company's own food licence, granted: the floor plan was handed in with it."""
    return granted(applicant=COMPANY)


@pytest.fixture
def by_certificate(city: Path, tmp_path: Path) -> Iterator[None]:
    """The restaurant matter, published anew: the food licence itself stands for the plan."""
    folder = tmp_path / "city"
    shutil.copytree(city, folder)
    matter = folder / "matters" / "restaurant-opening" / "matter.yaml"
    text = matter.read_text("utf-8")
    before = "{case: food-business-licence, material: floor_plan}"
    assert before in text
    matter.write_text(text.replace(before, "{certificate: food-business-licence}"), "utf-8")
    now = timezone.now()
    publish(folder=folder, effective_from=timezone.localdate(now - timedelta(hours=2)), by="test", at=now)
    yield
    versions.forget()  # the publication is rolled back, and its number given to another


def test_a_paper_of_an_earlier_case_is_taken(client: Client, earlier: int) -> None:
    draft = begin(client)
    shown = client.get(draft, follow=True)
    assert shown.request["PATH_INFO"].endswith("/on-file/")
    assert "From your application “" in shown.text
    assert f"/cases/{earlier}/materials/1" in shown.text
    assert client.get(f"/cases/{earlier}/materials/1").status_code == 200
    client.post(f"{draft}on-file/", {"action": "take"})
    (given,) = DraftFile.objects.all()
    assert (given.code, given.source) == ("floor_plan", f"case:{earlier}")
    page = client.get(f"{draft}materials/")
    assert TAKEN in page.text
    assert Draft.objects.get().reused["papers"] >= 1
    # A record of its own: what becomes of the earlier case's files does not become of this one's.
    first = Material.objects.get(case=earlier, code="floor_plan")
    assert first.file_id != given.file_id
    files = list_files(ids=[first.file_id, given.file_id])
    assert files[first.file_id].sha256 == files[given.file_id].sha256


def test_it_is_offered_once(client: Client, earlier: int) -> None:
    draft = begin(client)
    client.post(f"{draft}on-file/", {"action": "take"})
    assert not client.get(draft, follow=True).request["PATH_INFO"].endswith("/on-file/")
    client.post(f"{draft}on-file/", {"action": "take"})
    assert DraftFile.objects.count() == 1


def test_whoever_declines_hands_it_in(client: Client, earlier: int) -> None:
    draft = begin(client)
    client.post(f"{draft}on-file/", {"action": "decline"})
    assert not client.get(draft, follow=True).request["PATH_INFO"].endswith("/on-file/")
    assert not DraftFile.objects.exists()


def test_whoever_puts_it_away_is_not_asked_again(client: Client, earlier: int) -> None:
    draft = begin(client)
    client.post(f"{draft}on-file/", {"action": "take"})
    client.post(f"{draft}materials/", {"remove": str(DraftFile.objects.get().pk)})
    assert not DraftFile.objects.exists()
    assert not client.get(draft, follow=True).request["PATH_INFO"].endswith("/on-file/")


def test_a_paper_of_somebody_else_is_not_shown(client: Client, granted: Callable[..., int]) -> None:
    granted()  # the same person, but not for the company
    draft = begin(client)
    assert "From your application “" not in client.get(draft, follow=True).text


def test_a_case_that_was_not_granted_gives_nothing(client: Client, file_case: Any) -> None:
    file_case(applicant=COMPANY)
    draft = begin(client)
    assert "From your application “" not in client.get(draft, follow=True).text


def test_the_officer_sees_where_it_was_taken_from(
    client: Client, client_for: Callable[..., Client], earlier: int
) -> None:
    draft = begin(client)
    client.post(f"{draft}on-file/", {"action": "take"})
    row = Draft.objects.get()
    example = get_matter(code="restaurant-opening", on=timezone.localdate()).definition.examples[0]
    row.answers = {
        name: float(value) if isinstance(value, Decimal) else value for name, value in example.answers.items()
    }
    row.save(update_fields=["answers"])
    client.post(f"{draft}materials/", {"file-sign_drawing": SimpleUploadedFile("sign.png", PNG)})
    client.post(f"{draft}submit", {"declared": "yes"})
    number = Case.objects.exclude(pk=earlier).get().number
    assert get_history(case=number)[0].data["about"]["taken_from"] == {"floor_plan": f"case:{earlier}"}
    page = client_for("wangqian").get(f"/desk/cases/{number}/")
    assert "of the same applicant" in page.context["taken_from"]["floor_plan"]
    assert Material.objects.filter(case=number, code="floor_plan").count() == 1


def test_a_certificate_that_is_held_is_handed_in_as_its_own_paper(
    by_certificate: None, client: Client, earlier: int
) -> None:
    identifier = Certificate.objects.get(case=earlier).identifier
    draft = begin(client)
    shown = client.get(f"{draft}on-file/")
    assert f"/certificates/{identifier}/" in shown.text
    client.post(f"{draft}on-file/", {"action": "take"})
    (given,) = DraftFile.objects.all()
    assert given.source == f"certificate:{identifier}"
    assert list_files(ids=[given.file_id])[given.file_id].media_type == "application/pdf"


@pytest.mark.parametrize(("who", "status"), [("wuxiaochuan", 404), ("chenli", 404), ("", 302)])
def test_it_is_nobody_else_s(
    client: Client, client_for: Callable[..., Client], earlier: int, who: str, status: int
) -> None:
    draft = begin(client)
    other = client_for(who)
    assert other.get(f"{draft}on-file/").status_code == status
    assert other.post(f"{draft}on-file/", {"action": "take"}).status_code == status
    assert not DraftFile.objects.exists()
