"""A record is read by whoever may see its case, on a page and on paper, as long as what it says is kept."""

import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from tongban.apps.inspections.models import Inspection, Photo
from tongban.apps.inspections.services import let_go, sweep

pytestmark = pytest.mark.django_db


def test_it_works(visit: int, record: Any, client_for: Any) -> None:
    where = record()["Location"]
    page = client_for("hejun").get(where)
    assert "Nothing stands against it" in page.text
    assert "布局与图一致。" in page.text
    first, last = (page.text.index(each) for each in ("laid out as on the plan", "has a health certificate"))
    assert first < last, "in the order of the list"
    assert where in client_for("hejun").get(f"/desk/cases/{visit}/").text, "the case leads to it"
    photo = Photo.objects.order_by("no").first()
    assert photo is not None
    assert client_for("hejun").get(f"{where}photos/{photo.key}").content.startswith(b"\xff\xd8\xff")
    assert client_for("hejun").get(f"{where}photos/{uuid4()}").status_code == 404
    assert client_for("hejun").get(f"{where}signature").status_code == 404, "nobody signed"


def test_on_paper(visit: int, record: Any, client_for: Any, tmp_path: Path) -> None:
    where = record(**{"n-pests": "后门有挡鼠板"})["Location"]
    one, two = (client_for("chenli").get(f"{where}paper") for _ in range(2))
    assert one.content == two.content
    assert one["Content-Type"] == "application/pdf"
    (tmp_path / "paper.pdf").write_bytes(one.content)
    words = subprocess.run(["pdftotext", str(tmp_path / "paper.pdf"), "-"], capture_output=True, check=True).stdout
    text = words.decode().replace("\n", "")
    for said in ("现场检查笔录", "后门有挡鼠板", "拒绝签名", "Record of an inspection on the spot"):
        assert said in text


def test_what_need_not_be_kept_is_let_go_of(visit: int, record: Any, client_for: Any) -> None:
    where = record()["Location"]
    let_go(case=visit)
    page = client_for("chenli").get(where)
    assert "What was written has been let go of" in page.text
    assert client_for("chenli").get(f"{where}paper").status_code == 404


def test_photos_whose_record_never_came(visit: int, path_of: Any, client_for: Any, jpeg: Any) -> None:
    client_for("chenli").post(f"{path_of(visit)}photos/{uuid4()}/{uuid4()}", {"file": jpeg()})
    assert sweep(at=timezone.now()) == 0
    assert sweep(at=timezone.now() + timedelta(days=31)) == 1
    assert not Photo.objects.exists()
    assert not Inspection.objects.exists()


def test_owner_stranger_and_nobody(record: Any, client_for: Any) -> None:
    where = record()["Location"]
    photo = Photo.objects.first()
    assert photo is not None
    for page in ("", "paper", f"photos/{photo.key}", "signature"):
        for who, status in (("linxiaomei", 403), ("luhao", 404), ("", 302)):
            assert client_for(who).get(where + page).status_code == status, (page, who)
