"""The materials of a case beside its answers: shown, turned, enlarged, checked off; each look is on record."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.conftest import PDF

from tongban.apps.cases.models import Case, Material
from tongban.apps.desks.models import Checked
from tongban.apps.desks.services import sweep_checked
from tongban.apps.evidence.models import StoredFile
from tongban.apps.evidence.services import store_file
from tongban.apps.rights.models import Look

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(at_step: Any) -> tuple[int, str]:
    number = at_step("handle")
    first = Material.objects.get(case=number, no=1)
    Material.objects.create(case_id=number, no=2, code=first.code, file=first.file, added_at=first.added_at)
    return number, f"/desk/cases/{number}/file/"


def said(page: Any) -> str:
    return " ".join(page.text.split())


def test_it_works(client_for: Callable[..., Client], page: tuple[int, str]) -> None:
    number, path = page
    client = client_for("chenli")
    assert path in client.get(f"/desk/cases/{number}/").text
    shown = client.get(path)
    assert f'<img src="/desk/cases/{number}/materials/1"' in said(shown)
    assert 'data-size="fit" data-turn="0"' in said(shown)
    assert "What was filed" in said(shown)
    assert [line.shown for line in shown.context["lines"]].count(True) == 1
    turned = client.get(f"{path}?no=2&size=200&turn=270")
    assert 'data-size="200" data-turn="270"' in said(turned)
    assert "turn=0#sheet" in said(turned)  # once more to the right
    assert "/materials/2" in said(turned)


def test_what_is_asked_for_and_is_not_there(client_for: Callable[..., Client], page: tuple[int, str]) -> None:
    shown = client_for("chenli").get(f"{page[1]}?no=99&size=huge&turn=x")
    assert shown.context["shown"].item.no == 1
    assert 'data-size="fit" data-turn="0"' in said(shown)


def test_pages_are_shown_in_a_frame_of_ours_alone(client_for: Callable[..., Client], page: tuple[int, str]) -> None:
    number, path = page
    stored = store_file(content=PDF, name="a.pdf", allowed=["pdf"], max_megabytes=5, by="user:1", at=timezone.now())
    Material.objects.filter(case=number, no=1).update(file=stored.pk)
    client = client_for("chenli")
    assert f'src="/desk/cases/{number}/materials/1?inside"' in said(client.get(path))
    inside = client.get(f"/desk/cases/{number}/materials/1?inside")
    assert inside["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in inside["Content-Security-Policy"]
    outside = client.get(f"/desk/cases/{number}/materials/1")
    assert outside["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in outside["Content-Security-Policy"]
    StoredFile.objects.filter(pk=stored.pk).update(removed_at=timezone.now())
    assert "kept as long as the law wants it" in said(client.get(path))


def test_the_look_is_on_record(client_for: Callable[..., Client], page: tuple[int, str]) -> None:
    number, path = page
    client_for("chenli").get(path)
    client_for("chenli").get(f"/desk/cases/{number}/materials/2?inside")
    assert list(Look.objects.filter(case=number).order_by("pk").values_list("what", "no")) == [
        ("case", None),
        ("paper", 2),
    ]


def test_a_mark_is_seen_by_colleagues_and_taken_back(client_for: Callable[..., Client], page: tuple[int, str]) -> None:
    _number, path = page
    mark = f"{path}2/check"
    for _ in range(2):
        assert client_for("chenli").post(mark, {"checked": "yes"}).status_code == 302
    seen = client_for("huangyan").get(path)
    assert [("Chen Li" in line.checked, line.mine) for line in seen.context["lines"]][:2] == [
        (False, False),
        (True, False),
    ]
    client_for("huangyan").post(mark, {"checked": "no"})  # everybody's mark is their own
    assert Checked.objects.count() == 1
    client_for("chenli").post(mark, {"checked": "no"})
    assert not Checked.objects.exists()


def test_who_has_nothing_to_do_there_marks_nothing(client_for: Callable[..., Client], page: tuple[int, str]) -> None:
    told = client_for("wangqian").post(f"{page[1]}1/check", {"checked": "yes"}, follow=True)
    assert "nothing was marked" in told.text
    client_for("chenli").post(f"{page[1]}99/check", {"checked": "yes"})
    assert not Checked.objects.exists()
    assert "/check" not in told.text


def test_marks_go_when_the_case_is_over(
    client_for: Callable[..., Client], page: tuple[int, str], file_case: Any
) -> None:
    client_for("chenli").post(f"{page[1]}1/check", {"checked": "yes"})
    assert sweep_checked() == 0
    Case.objects.filter(pk=page[0]).update(closed_at="2026-11-28T00:00:00Z")
    assert sweep_checked() == 1


def test_owner_stranger_and_nobody(client_for: Callable[..., Client], page: tuple[int, str]) -> None:
    _number, path = page
    for who, code in (("luhao", 404), ("linxiaomei", 403), ("", 302)):
        assert client_for(who).get(path).status_code == code
        assert client_for(who).post(f"{path}1/check", {"checked": "yes"}).status_code == code
    assert not Checked.objects.exists()


def test_no_more_queries_with_more_marks(
    client_for: Callable[..., Client], page: tuple[int, str], django_assert_max_num_queries: Any
) -> None:
    client = client_for("chenli")
    client.get(path := page[1])
    for no in (1, 2):
        client.post(f"{path}{no}/check", {"checked": "yes"})
        client_for("huangyan").post(f"{path}{no}/check", {"checked": "yes"})
    with django_assert_max_num_queries(40):
        client.get(path)
