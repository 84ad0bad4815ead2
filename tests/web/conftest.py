"""Short ways for tests of pages: a filing as a resident's browser makes it."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.test import Client

from tongban.apps.exchange.sandbox import make_server
from tongban.apps.intake.models import Draft
from tongban.kernel.clock import Limit

COMPANY = "organisation:91361700MA00001A5K"
"""A registered company, for which 林晓梅 (linxiaomei) may ask: the one in ``registers``."""
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


# What people write in the cases of `city_at_work`, in Chinese whatever language the pages are in.
SEEN, ASKED, ELSE, WHY = "已看过，符合。", "请标出水池。", "房东同意书", "操作间与厕所相通。"
STEPS = (("handle", "chenli"), ("inspect", "chenli"), ("review", "hejun"))


CODE, KEY = {"method": "mfa", "type": "totp"}, {"method": "mfa", "type": "webauthn"}
"""A code of an app, and a passkey, as the sign-in library notes them."""


def confirm_surely(client: Client, *records: dict[str, str], user_id: int | None = None) -> None:
    """Let the session be as sure as these records say: a passkey, without any. ``user_id``: another's than its own."""
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"at": time.time(), **each} for each in records or (KEY,)]
    session["account_authentication_methods_user"] = str(user_id or session["_auth_user_id"])
    session.save()


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


@pytest.fixture
def city_at_work(file_case: Any, act: Any) -> dict[str, int]:
    """A case in every state that a food business licence comes to, and one with several departments."""

    def bring(node: str, **given: Any) -> int:
        number: int = file_case(**given)
        act(number, "accept", by="wangqian")
        for step, officer in STEPS:
            if node == step:
                break
            act(number, "complete", by=officer, node=step, outcome="pass", opinion=SEEN)
        return number

    cases = {"received": int(file_case()), "joint": int(file_case(matter="restaurant-opening"))}
    cases |= {"accepted": bring("handle"), "paused": bring("inspect"), "to_decide": bring("decide")}
    cases |= {name: bring("decide") for name in ("granted", "denied")}
    cases |= {"supplement": bring("handle"), "refused": int(file_case()), "hearing": bring("handle")}
    act(cases["joint"], "accept", by="wangqian")
    act(cases["granted"], "decide", by="hejun", node="decide", outcome="granted", reason="")
    act(cases["denied"], "decide", by="hejun", node="decide", outcome="denied", reason=WHY)
    asked = {"items": ["floor_plan", ELSE], "note": ASKED, "within": None}
    act(cases["supplement"], "request_supplement", by="chenli", node="handle", **asked)
    act(cases["refused"], "refuse", by="wangqian", reason=WHY)
    act(
        cases["hearing"],
        "suspend",
        by="chenli",
        node="handle",
        procedure="hearing",
        reason=WHY,
        limit=Limit.parse("10 working days"),
    )
    return cases


def _table(path: Path, columns: str, *rows: tuple[object, ...]) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as base:
        base.execute(f"CREATE TABLE record ({columns}, PRIMARY KEY (key))")
        for row in rows:
            base.execute(f"INSERT INTO record VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608


@pytest.fixture
def registers(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The registers of the demo city with the one company in them; the one over HTTP as a server."""
    settings.VAR = tmp_path
    folder = tmp_path / "registers"
    folder.mkdir()
    code = COMPANY.partition(":")[2]
    _table(
        folder / "company-register.sqlite3",
        "key, company_name, representative, address, phone, status, registered_on",
        (code, "明川小馆餐饮有限公司", "林晓梅", "明川市临江区滨河路 16 号", "13900000001", "active", "2025-03-18"),
    )
    _table(
        folder / "property-register.sqlite3",
        "key, address, right, use, area_m2, registered_on",
        (code, "明川市临江区滨河路 16 号", "leased", "shop", "96", "2025-02-20"),
    )
    _table(
        folder / "civil-register.sqlite3",
        "key, full_name, sex, birth_date, household_address, status",
        ("361799198805140027", "林晓梅", "female", "1988-05-14", "滨河路", "normal"),
    )
    server = make_server(port=0, folder=folder)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    monkeypatch.setenv("SANDBOX_REGISTERS", f"http://127.0.0.1:{server.server_port}")
    yield folder
    server.shutdown()
    server.server_close()
