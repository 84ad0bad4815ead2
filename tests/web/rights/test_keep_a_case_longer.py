"""An officer keeps a case past its time, with a reason, and lifts that again; others read why."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from tongban.apps.cases.models import Case
from tongban.apps.rights.models import Hold, Look
from tongban.apps.rights.services import sweep

pytestmark = pytest.mark.django_db
For = Callable[[str], Client]


def test_it_works(client_for: For, granted: Callable[[], int]) -> None:
    page = f"/desk/cases/{granted():016d}/hold/"
    officer = client_for("hejun")
    assert "The case is not over" in officer.get(page).text  # granted, but not handed over
    assert officer.post(page, {"kind": "objection", "reason": "A lawsuit."}).status_code == 302
    told = officer.get(page).text
    assert "An objection or a lawsuit is under way" in told
    assert "A lawsuit." in told
    hold = Hold.objects.get()
    assert officer.post(f"{page}{hold.pk}/lift").status_code == 302
    assert "until it was lifted" in officer.get(page).text
    assert officer.post(f"{page}{hold.pk}/lift").status_code == 404


def test_a_reason_is_owed_and_nothing_typed_is_lost(client_for: For, granted: Callable[[], int]) -> None:
    page = f"/desk/cases/{granted():016d}/hold/"
    again = client_for("hejun").post(page, {"kind": "objection", "reason": "  "})
    assert again.status_code == 422
    assert "Please write the reason" in again.text
    assert 'value="objection" checked' in " ".join(again.text.split())
    assert not Hold.objects.exists()


def test_when_it_goes_and_that_it_is_gone_is_said(client_for: For, granted: Callable[[], int]) -> None:
    number = granted()
    Case.objects.filter(pk=number).update(closed_at=timezone.now())
    page = f"/desk/cases/{number:016d}/hold/"
    assert f"until {timezone.localdate().day}" in client_for("hejun").get(page).text
    from datetime import timedelta

    sweep(at=timezone.now() + timedelta(days=366 * 20))
    assert "The log stays." in client_for("hejun").get(page).text
    assert "removed on" in client_for("hejun").get(f"/desk/cases/{number:016d}/").text
    assert client_for("hejun").get(f"/desk/cases/{number:016d}/materials/1").status_code == 409
    mine = client_for("linxiaomei").get(f"/cases/{number:016d}/")
    assert mine.status_code == 200
    assert client_for("linxiaomei").get(f"/cases/{number:016d}/materials/1").status_code == 409


def test_only_its_authority_keeps_it(client_for: For, granted: Callable[[], int]) -> None:
    number = granted()
    page = f"/desk/cases/{number:016d}/hold/"
    for other, status in (("wangqian", 403), ("luhao", 404), ("linxiaomei", 403)):
        assert client_for(other).post(page, {"kind": "named", "reason": "x"}).status_code == status, other
    assert "/account/login/" in client_for("").post(page)["Location"]
    assert client_for("wangqian").get(page).status_code == 200  # the window reads it, on record
    assert Look.objects.filter(department="window").exists()
    assert not Hold.objects.exists()
    assert client_for("admin").post(page, {"kind": "named", "reason": "Audit."}).status_code == 302
