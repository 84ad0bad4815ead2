"""What a case asks for anew is read from photographed paper: at the counter, the card there, and on one's own page."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

import pytest
from django.test import Client
from django.utils import timezone
from tests.web.portal.test_read_from_paper import _Played
from tests.web.window.test_hand_in_for_someone import LIN, WHERE
from tests.web.window.test_read_a_card import _begun

from tongban.apps.cases.models import Case
from tongban.apps.recognition.process import Reader
from tongban.apps.recognition.services import read_next

pytestmark = pytest.mark.django_db
For = Callable[[str], Client]
PAPER = (("经营者名称", "新小馆"), ("经营场所地址", "明川市临江区滨河路88号"))


@pytest.fixture
def asked(file_case: Any, act: Any) -> int:
    """Lin Xiaomei's case, which wants the name of the shop anew."""
    number: int = file_case()
    act(number, "request_supplement", by="wangqian", items=["shop_name"], note="", within=None)
    return number


def _take(client: Client, there: str, number: int) -> None:
    page = client.get(there).text
    assert f'value="case:{number:016d}"' in page
    where = _begun(client, back=there, what=f"case:{number:016d}")
    assert read_next(at=timezone.now(), reader=cast(Reader, _Played(*PAPER))) == 1
    shown = client.get(where)
    assert 'value="新小馆"' in shown.text
    assert "滨河路" not in shown.text, "only what is asked for is taken from the paper"
    back = client.post(where, {"shop_name": "新小馆", "looked-shop_name": "on"})
    filled = client.get(back["Location"]).text
    assert 'value="新小馆"' in filled
    assert "Look it over, then hand it in" in filled
    assert Case.objects.get(pk=number).status == "supplement"
    client.post(there, {"shop_name": "新小馆"})
    assert Case.objects.get(pk=number).answers["shop_name"] == "新小馆"


def test_at_the_counter(client_for: For, asked: int) -> None:
    clerk = client_for("wangqian")
    _take(clerk, clerk.post(WHERE, LIN | {"case": f"{asked:016d}"})["Location"], asked)


def test_on_ones_own_page(client_for: For, asked: int) -> None:
    _take(client_for("linxiaomei"), f"/cases/{asked:016d}/supplement/", asked)


def test_nobody_else_reads_for_it(client_for: For, asked: int) -> None:
    for name in ("zhaoguoan", "sunbei"):  # a stranger, and a clerk before whom no card lies
        client = client_for(name)
        where = _begun(client, back="/", what=f"case:{asked:016d}")
        assert client.get(where).status_code == 404


def test_where_only_files_are_asked_for_there_is_nothing_to_read(client_for: For, file_case: Any, act: Any) -> None:
    number = file_case()
    act(number, "request_supplement", by="wangqian", items=["floor_plan"], note="", within=None)
    assert "Read it from a photograph" not in client_for("linxiaomei").get(f"/cases/{number:016d}/supplement/").text


def test_the_card_is_there_for_half_an_hour(client_for: For, asked: int, monkeypatch: pytest.MonkeyPatch) -> None:
    clerk = client_for("wangqian")
    there = clerk.post(WHERE, LIN | {"case": f"{asked:016d}"})["Location"]
    where = _begun(clerk, back=there, what=f"case:{asked:016d}")
    later = timezone.now() + timedelta(minutes=31)
    monkeypatch.setattr("tongban.web.served.datetime", _Later(later))
    assert clerk.get(where).status_code == 404


class _Later:
    """Every card was put away before this."""

    def __init__(self, until: Any) -> None:
        self.until = until - timedelta(days=1)

    def fromisoformat(self, _text: str) -> Any:
        return self.until
