"""A card on the counter is photographed; what was read is confirmed and finds the person. The reader is played."""

import io
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, cast

import pytest
from django.test import Client
from django.utils import timezone

from tongban.apps.recognition.errors import ReaderFailed
from tongban.apps.recognition.models import Reading
from tongban.apps.recognition.process import Reader
from tongban.apps.recognition.services import read_next

pytestmark = pytest.mark.django_db
For = Callable[[str], Client]
WHO = "/window/food-business-licence/"
NUMBER = "361799198805140027"
PICTURE = b"\xff\xd8\xff\xe0" + b"0" * 64


class _Played:
    """Sees what it is told to see."""

    def __init__(self, seen: Mapping[str, Any] | None) -> None:
        self.seen = seen

    def read(self, content: bytes) -> Mapping[str, Any]:
        if self.seen is None:
            raise ReaderFailed
        return self.seen


def _lines(*texts: tuple[str, float]) -> dict[str, Any]:
    lines = []
    for number, (text, sure) in enumerate(texts):
        top, right = 100.0 * number, 40.0 * len(text)
        corners = [[0, top], [right, top], [right, top + 40], [0, top + 40]]
        lines.append({"number": number, "text": text, "sureness": [sure] * len(text), "corners": corners})
    return {"lines": lines, "strips": {str(number): "c3RyaXA=" for number in range(len(texts))}}


CARD = _lines(("姓名林晓梅", 0.8), ("性别女", 1.0), (f"公民身份号码{NUMBER}", 1.0))


def _picture(content: bytes = PICTURE) -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = "card.jpg"
    return file


def _begun(clerk: Client, *, back: str = WHO, what: str = "person") -> str:
    answer = clerk.post("/readings/", {"picture": _picture(), "back": back, "what": what})
    assert answer.status_code == 302
    return str(answer["Location"])


def _read(seen: Mapping[str, Any] | None) -> None:
    assert read_next(at=timezone.now(), reader=cast(Reader, _Played(seen))) == 1


def test_it_works(client_for: For) -> None:
    clerk = client_for("wangqian")
    assert "Read it from the identity card" in clerk.get(WHO).text
    where = _begun(clerk)
    waits = clerk.get(where).text
    assert 'hx-trigger="every 2s"' in waits
    assert "Look again" in waits
    _read(CARD)
    page = clerk.get(where).text
    assert "data:image/jpeg;base64,c3RyaXA=" in page
    assert f'value="{NUMBER}"' in page
    assert "looked-name" in page
    assert "looked-identity_number" not in page
    assert "Some characters were hard to read" in page
    assert "女" not in page  # what the form does not ask is not shown
    given = {"identity_number": NUMBER, "name": "林晓梅"}
    refused = clerk.post(where, given)
    assert refused.status_code == 422
    assert "Compare this with the picture" in refused.text
    done = clerk.post(where, given | {"looked-name": "on"})
    assert done["Location"].startswith(f"{WHO}?reading=")
    form = clerk.get(done["Location"]).text
    assert f'value="{NUMBER}"' in form
    assert "Filled in as you have confirmed it" in form
    opened = clerk.post(done["Location"], given)
    assert opened["Location"].startswith("/drafts/")
    row = Reading.objects.get()
    assert (row.fields, row.marked, row.corrected) == (2, 1, [])


def test_a_corrected_digit_is_checked(client_for: For) -> None:
    clerk = client_for("wangqian")
    where = _begun(clerk, back=f"{WHO}?for=person")
    _read(_lines(("姓名林晓梅", 1.0), (f"公民身份号码{NUMBER[:-1]}1", 1.0)))
    page = clerk.get(where).text
    assert "The last character does not fit the others" in page
    wrong = {"name": "林晓梅", "identity_number": NUMBER[:-1] + "1", "looked-identity_number": "on"}
    assert clerk.post(where, wrong).status_code == 422
    done = clerk.post(where, wrong | {"identity_number": NUMBER})
    assert done["Location"].startswith(f"{WHO}?for=person&reading=")
    assert Reading.objects.get().corrected == ["identity_number"]


def test_a_licence_fills_in_an_organisation(client_for: For) -> None:
    clerk = client_for("wangqian")
    where = _begun(clerk, back="/window/papers/?for=organisation", what="organisation")
    _read(_lines(("统一社会信用代码91361700MA00001A5K", 1.0), ("名称明川小馆餐饮有限公司", 1.0)))
    given = {"credit_code": "91361700MA00001A5K", "name": "明川小馆餐饮有限公司"}
    form = clerk.get(clerk.post(where, given)["Location"]).text
    assert 'value="91361700MA00001A5K"' in form


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        ({"unusable": "picture.dark"}, "too dark"),
        ({"unusable": "picture.blurred"}, "too blurred"),
        (None, "could not be read just now"),
        (_lines(("今日菜单", 1.0)), "No identity card was made out"),
        (_lines(("居民身份证", 1.0), ("签发机关明川市公安局", 1.0)), "the back of the card"),
    ],
    ids=["dark", "blurred", "broken", "no card", "back"],
)
def test_what_was_not_read_is_typed_or_taken_again(client_for: For, seen: Any, words: str) -> None:
    clerk = client_for("wangqian")
    where = _begun(clerk)
    _read(seen)
    page = clerk.get(where).text
    assert words in page
    assert "Type it instead" in page
    assert "Photograph or scan of the side" in page
    assert clerk.post(f"{where}forget")["Location"] == WHO
    assert clerk.get(where).status_code == 404


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"%PDF-1.7", "cannot read this kind"), (b"", "is empty"), (b"\xff\xd8\xff" + b"0" * 10_000_000, "too large")],
    ids=["a document", "nothing in it", "huge"],
)
def test_what_is_no_photograph_is_said_at_once(client_for: For, content: bytes, words: str) -> None:
    answer = client_for("wangqian").post("/readings/", {"picture": _picture(content), "back": WHO, "what": "person"})
    assert answer.status_code == 422
    assert words in answer.text
    assert not Reading.objects.exists()


def test_who_waits_long_is_told(client_for: For) -> None:
    clerk = client_for("wangqian")
    where = _begun(clerk)
    Reading.objects.update(begun_at=timezone.now() - timedelta(minutes=1))
    assert "You need not wait" in clerk.get(where).text


def test_it_is_seen_by_nobody_else(client_for: For, client: Client) -> None:
    where = _begun(client_for("wangqian"))
    _read(CARD)
    for other in ("sunbei", "linxiaomei"):
        assert client_for(other).get(where).status_code == 404
        assert client_for(other).post(where, {"name": "林晓梅"}).status_code == 404
        client_for(other).post(f"{where}forget")
    assert Reading.objects.get().state == "read"
    assert client.get(where).status_code == 302
    assert client.post("/readings/", {"picture": _picture()})["Location"].startswith("/account/login/")
    assert Reading.objects.count() == 1


def test_it_never_leads_off_the_site(client_for: For) -> None:
    clerk = client_for("wangqian")
    where = _begun(clerk, back="https://elsewhere.example/")
    assert clerk.post(f"{where}forget")["Location"] == "/"
