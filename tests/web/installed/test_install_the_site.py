"""The site as an app of the device: names and icons in each language, and a worker that serves the whole site."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from PIL import Image

pytestmark = pytest.mark.django_db


def test_it_works(client: Client) -> None:
    manifest = client.get("/manifest/zh-hans.webmanifest")
    assert manifest["Content-Type"] == "application/manifest+json"
    told = manifest.json()
    assert told["name"] == "明川通办"
    assert told["name_localized"] == {"zh-Hans": "明川通办", "en": "Mingchuan Services"}
    assert told["lang"] == "zh-Hans"
    assert told["display"] == "standalone"
    assert [each["name"] for each in told["shortcuts"]] == ["我的办件", "全部事项", "查进度"]


def test_each_language_is_the_same_app(client: Client) -> None:
    chinese, english = (client.get(f"/manifest/{code}.webmanifest").json() for code in ("zh-hans", "en"))
    assert english["name"] == "Mingchuan Services"
    assert (chinese["id"], chinese["start_url"]) == (english["id"], english["start_url"])
    assert client.get("/manifest/xx.webmanifest").status_code == 404


def test_every_page_names_the_manifest_of_its_language(client: Client) -> None:
    for code in ("zh-hans", "en"):
        page = client.get("/", headers={"accept-language": code}).text
        assert f'href="/manifest/{code}.webmanifest"' in page


@pytest.mark.parametrize("purpose", ["any", "maskable"])
def test_icons_are_as_large_as_they_say(client: Client, purpose: str) -> None:
    icons = [each for each in client.get("/manifest/en.webmanifest").json()["icons"] if each["purpose"] == purpose]
    drawn = [each for each in icons if each["type"] == "image/png"]
    assert {each["sizes"] for each in drawn} == {"192x192", "512x512"}
    for each in drawn:
        with Image.open(_file(each["src"])) as picture:
            assert f"{picture.width}x{picture.height}" == each["sizes"]
            corner = picture.convert("RGBA").getpixel((0, 0))
            assert isinstance(corner, tuple)
            assert (corner[3] == 255) is (purpose == "maskable"), "a maskable icon fills its square"


def _file(address: str) -> Path:
    found = finders.find(address.removeprefix("/static/"))
    assert isinstance(found, str)
    return Path(found)


def test_the_worker_serves_the_whole_site(client: Client) -> None:
    worker = client.get("/service-worker.js")
    assert worker["Content-Type"].startswith("text/javascript")
    assert worker["Cache-Control"] == "no-cache", "a new one is found at once"
    told = _told(worker.text)
    assert told["signOut"] == "/account/logout/"
    assert told["pages"] == {"zh-hans": "/offline/zh-hans/", "en": "/offline/en/"}
    for address in [*told["files"], *told["modules"]]:
        assert _file(address).exists()
    assert "unsafe" not in worker["Content-Security-Policy"]


def test_its_version_changes_with_what_it_keeps(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    before = _told(client.get("/service-worker.js").text)["version"]
    assert _told(client.get("/service-worker.js").text)["version"] == before
    monkeypatch.setattr("tongban.web.installed.views.KEPT_DAYS", 7)
    assert _told(client.get("/service-worker.js").text)["version"] != before


def _told(worker: str) -> dict[str, Any]:
    first = worker.splitlines()[0].removeprefix("self.TONGBAN = ")
    told: dict[str, Any] = json.loads(first)
    return told


@pytest.mark.parametrize(("code", "words"), [("zh-hans", "现在没有网络"), ("en", "You are offline")])
def test_the_offline_page_is_nobody_s(client: Client, code: str, words: str) -> None:
    page = client.get(f"/offline/{code}/")
    assert words in page.text
    assert 'href="tel:12345"' in page.text
    assert "csrf" not in page.text
    assert "sessionid" not in page.cookies
    assert client.get("/offline/xx/").status_code == 404
