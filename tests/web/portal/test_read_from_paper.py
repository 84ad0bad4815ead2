"""A page of a filing is filled in from photographed paper, once each line has been confirmed. The reader is played."""

import io
from collections.abc import Callable, Mapping
from typing import Any, cast
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from tongban.apps.recognition.process import Reader
from tongban.apps.recognition.services import read_next

pytestmark = pytest.mark.django_db
For = Callable[[str], Client]
NUMBER = "361799198805140027"


class _Played:
    """Sees rows of words, each beside the next."""

    def __init__(self, *rows: tuple[str, ...]) -> None:
        self.rows = rows

    def read(self, content: bytes) -> Mapping[str, Any]:
        lines: list[dict[str, Any]] = []
        for row, words in enumerate(self.rows):
            for column, text in enumerate(words):
                left, top, right = 500.0 * column, 100.0 * row, 500.0 * column + 30 * len(text)
                corners = [[left, top], [right, top], [right, top + 40], [left, top + 40]]
                sure = [1.0] * len(text)
                lines.append({"number": len(lines), "text": text, "sureness": sure, "corners": corners})
        return {"lines": lines, "strips": {}}


@pytest.fixture
def page(client_for: For, begin: Any) -> tuple[Client, str, UUID]:
    """Somebody on the page of a draft that asks who they are."""
    client = client_for("linxiaomei")
    draft = begin(client, "lost-id-card")
    return client, f"/drafts/{draft}/person/", draft


def _reading(client: Client, page: str, draft: UUID, *rows: tuple[str, ...]) -> str:
    picture = io.BytesIO(b"\xff\xd8\xff\xe0" + b"0" * 64)
    picture.name = "paper.jpg"
    what = f"draft:{draft}:person"
    answer = client.post("/readings/", {"picture": picture, "back": page, "what": what})
    read_next(at=timezone.now(), reader=cast(Reader, _Played(*rows)))
    return str(answer["Location"])


def test_a_card_answers_who_it_is(page: Any, draft_row: Any) -> None:
    client, where, draft = page
    assert f"draft:{draft}:person" in client.get(where).text
    rows = (("姓名", "林晓梅"), ("住址", "明川市临江区滨河路1号"), ("公民身份号码", NUMBER))
    reading = _reading(client, where, draft, *rows)
    shown = client.get(reading).text
    assert f'value="{NUMBER}"' in shown
    assert "滨河路" not in shown  # the page asks no address
    before = draft_row(draft).answers
    done = client.post(reading, {"identity_number": NUMBER, "name": "林小梅"})
    filled = client.get(done["Location"]).text
    assert 'value="林小梅"' in filled
    assert "Press Continue to keep it" in filled
    assert draft_row(draft).answers == before  # nothing is kept before they say so


def test_a_form_on_paper_answers_its_questions(page: Any) -> None:
    client, where, draft = page
    rows = (("姓名", "林晓梅"), ("身份证号：", NUMBER), ("手机", "13900000005"), ("户口或居住证所在区县", "青屏区"))
    reading = _reading(client, where, draft, *rows)
    given = {"holder_name": "林晓梅", "identity_number": NUMBER, "phone": "13900000005", "district": "青屏区"}
    shown = client.get(reading).text
    assert all(f'value="{text}"' in shown for text in given.values())
    filled = client.get(client.post(reading, given)["Location"]).text
    assert 'value="13900000005"' in filled
    assert "checked" in filled.partition('value="qingping"')[2][:80]


def test_paper_of_something_else_answers_nothing(page: Any) -> None:
    client, where, draft = page
    reading = _reading(client, where, draft, ("今日菜单",))
    assert "Nothing that is asked here was made out" in client.get(reading).text


def test_somebody_elses_draft_is_no_purpose(page: Any, client_for: For) -> None:
    _client, where, draft = page
    other = client_for("zhaoguoan")
    assert other.get(_reading(other, where, draft, ("姓名", "林晓梅"))).status_code == 404
