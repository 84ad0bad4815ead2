"""Anybody sees and keeps what was signed of the log; nothing about a case can be read from it."""

import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from lxml import etree
from tests.apps.ledger.conftest import at, day, lived, sign

from tongban.apps.ledger.checkpoints import list_keys
from tongban.kernel.chain import Checkpoint, Proof, check_proof

__all__ = ["lived"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def signed(lived: int) -> int:
    sign(at(0, "00:30"))
    return lived


def test_it_works(client_for: Callable[..., Client], signed: int) -> None:
    page = client_for("").get("/open/checkpoints/")
    assert page.status_code == 200
    for days in (1, 2, 3, 4):
        assert f"/open/checkpoints/{day(days)}/" in page.text
    assert list_keys()[0].public.hex() in page.text
    assert client_for("").get("/open/checkpoints").status_code == 301


def test_without_any_day_it_says_so(client_for: Callable[..., Client], city: Path) -> None:
    assert "No day has been signed yet" in client_for("").get("/open/checkpoints/").text
    assert client_for("").get("/open/checkpoints.json").json()["checkpoints"] == []


def test_as_data_it_can_be_checked_by_others(client_for: Callable[..., Client], signed: int) -> None:
    told = client_for("").get("/open/checkpoints.json").json()
    found = [Checkpoint.from_json(each) for each in told["checkpoints"]]
    keys = {key["id"]: bytes.fromhex(key["public_key"]) for key in told["keys"]}
    assert [each.day for each in found] == [day(n) for n in (1, 2, 3, 4)]
    assert all(each.is_signed_by(keys[each.key]) for each in found)
    assert all(later.previous == earlier.hash for later, earlier in pairwise(found))
    assert told["older"] is None
    asked = client_for("").get("/open/checkpoints/", headers={"accept": "application/json"})
    assert asked.json() == told


def test_older_days_are_a_page_further(
    client_for: Callable[..., Client], signed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tongban.web.open import checkpoints

    monkeypatch.setattr(checkpoints, "_PAGE", 3)
    page = client_for("").get("/open/checkpoints/")
    assert f"?before={day(3)}" in page.text
    assert f"/open/checkpoints/{day(4)}/" not in page.text
    assert f"/open/checkpoints/{day(4)}/" in client_for("").get(f"/open/checkpoints/?before={day(3)}").text
    told = client_for("").get("/open/checkpoints.json").json()
    older = client_for("").get(told["older"]).json()
    assert [each["day"] for each in older["checkpoints"]] == [str(day(4))]
    assert client_for("").get("/open/checkpoints/?before=yesterday").status_code == 200


def test_a_single_day(client_for: Callable[..., Client], signed: int) -> None:
    page = client_for("").get(f"/open/checkpoints/{day(3)}/")
    told = client_for("").get(f"/open/checkpoints/{day(3)}.json").json()
    for name in ("root", "previous", "key", "signature"):
        assert told[name] in page.text
    assert "1 log grew that day" in page.text
    for address in (
        f"/open/checkpoints/{day(0)}/",
        "/open/checkpoints/2026-02-30/",
        "/open/checkpoints/2026-02-30.json",
    ):
        assert client_for("").get(address).status_code == 404, address


def test_the_feed(client_for: Callable[..., Client], signed: int) -> None:
    answer = client_for("").get("/open/checkpoints.atom")
    assert answer["Content-Type"].startswith("application/atom+xml")
    feed = etree.fromstring(answer.content)
    names = {"a": "http://www.w3.org/2005/Atom"}
    assert feed.xpath("//a:entry/a:title/text()", namespaces=names) == [str(day(n)) for n in (1, 2, 3, 4)]


def test_the_applicant_finds_the_proof_and_it_holds(
    client_for: Callable[..., Client], signed: int, tmp_path: Path
) -> None:
    case = client_for("linxiaomei").get(f"/cases/{signed}/").text
    address = next(part.split('"')[0] for part in case.split('href="') if part.startswith("/open/proofs/"))
    client = client_for("")
    page = client.get(address)
    assert page.status_code == 200
    assert page["X-Robots-Tag"] == "noindex"
    answer = client.get(f"{address.rstrip('/')}.json")
    proven = check_proof(Proof.from_json(answer.json()), trusted=[list_keys()[0].public])
    assert (proven.case, proven.trusted) == (signed, True)
    path = tmp_path / "proof.json"
    path.write_bytes(answer.content)
    call_command("verify", "--proof", str(path))


def test_it_shows_nothing_but_hashes(client_for: Callable[..., Client], signed: int) -> None:
    told = client_for("").get(_proof_of(client_for, signed)).text
    assert set(json.loads(told)) == {"type", "case", "head", "path", "checkpoint", "public_key"}


def test_an_older_end_stays_proven(client_for: Callable[..., Client], signed: int, act: Any) -> None:
    address = _proof_of(client_for, signed)
    act(signed, "complete", by="chenli", node="inspect", outcome="pass", opinion="Seen.", at=at(1, "15:00"))
    sign(at(-1, "00:30"))
    assert client_for("").get(address).status_code == 200
    assert _proof_of(client_for, signed) != address


def test_a_stranger_does_not_learn_whether_a_case_exists(client_for: Callable[..., Client], signed: int) -> None:
    known, unknown = _proof_of(client_for, signed), f"/open/proofs/{signed + 10:016d}/{'01' * 33}.json"
    wrong = f"/open/proofs/{signed}/{'01' * 33}.json"
    assert client_for("").get(known).status_code == 200
    assert client_for("").get(unknown).status_code == client_for("").get(wrong).status_code == 404


def test_ends_cannot_be_tried_through(client_for: Callable[..., Client], signed: int, settings: Any) -> None:
    settings.RATE_VERIFICATION = "2/m"
    address = f"/open/proofs/{signed}/{'01' * 33}/"
    client = client_for("")
    assert [client.get(address).status_code for _ in range(3)] == [404, 404, 429]


def test_a_case_that_is_not_signed_yet_has_no_proof(client_for: Callable[..., Client], lived: int) -> None:
    assert "/open/proofs/" not in client_for("linxiaomei").get(f"/cases/{lived}/").text


def _proof_of(client_for: Callable[..., Client], number: int) -> str:
    from tongban.apps.ledger.checkpoints import newest_end

    end = newest_end(case=number)
    assert end is not None
    return f"/open/proofs/{number}/{end[1].hex()}.json"
