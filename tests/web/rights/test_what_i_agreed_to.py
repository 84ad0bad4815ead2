"""What I agree to has a version; what I have read is kept; I am asked again when it says something else."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from tongban.apps.catalog import city
from tongban.apps.catalog.city import get_rights
from tongban.apps.catalog.definitions import Text
from tongban.apps.catalog.definitions.rights import ConsentText, ConsentVersion, Rights, check_rights, digest
from tongban.apps.intake import offers
from tongban.apps.people.models import Consent, ConsentWords
from tongban.web.portal import consents as page

pytestmark = pytest.mark.django_db
For = Callable[[str], Client]
SOURCES = ["identity", "cases"]


def _agree(client: Client) -> None:
    read = client.get("/for-me/").context["offers"].words.sha256
    assert client.post("/for-me/switch", {"words": read, "sources": SOURCES}).status_code == 302


@pytest.fixture
def anew(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """The city words its consent anew, from today on: in substance or not."""

    def word(substance: bool) -> None:
        before = get_rights().consents["offers"]
        text = Text("换了说法。", "Said in another way.")
        newer = ConsentVersion(9, timezone.localdate(), substance, text, digest(text))
        changed = Rights({}, {"offers": ConsentText("offers", before.name, (*before.versions, newer))})
        for place in (city, offers, page):
            monkeypatch.setattr(place, "get_rights", lambda: changed)

    return word


def test_it_works(client_for: For) -> None:
    client = client_for("zhaoguoan")
    assert "You have agreed to nothing" in client.get("/me/consents/").text
    _agree(client)
    told = client.get("/me/consents/").text
    words = get_rights().consents["offers"].versions[0]
    for shown in ("Being told what I may be entitled to", words.text.en[:40], words.sha256, "version 1", "My age"):
        assert shown in told
    assert Consent.objects.get().words == ConsentWords.objects.get(version=1, sha256=words.sha256)


def test_one_press_withdraws_it_and_it_stays_readable(client_for: For) -> None:
    client = client_for("zhaoguoan")
    _agree(client)
    assert client.post("/me/consents/offers/withdraw").status_code == 302
    assert not client.get("/for-me/").context["offers"].is_on
    told = client.get("/me/consents/")
    assert told.context["now"] == []
    assert [each.is_yes for each in told.context["before"]] == [True]
    assert "Said before" in told.text


def test_who_is_shown_other_words_than_hold_now_has_agreed_to_nothing(client_for: For) -> None:
    client = client_for("zhaoguoan")
    answer = client.post("/for-me/switch", {"words": "0" * 64, "sources": SOURCES}, follow=True)
    assert "worded anew" in answer.text
    assert not Consent.objects.exists()
    client.post("/for-me/switch", {"off": "1"})  # a no needs no reading
    assert Consent.objects.get().sources == []


def test_new_words_of_substance_are_asked_for_again(client_for: For, anew: Callable[[bool], None]) -> None:
    client = client_for("zhaoguoan")
    _agree(client)
    assert client.get("/for-me/").context["offers"].is_on
    anew(True)
    told = client.get("/for-me/")
    assert told.context["offers"].changed
    assert not told.context["offers"].items
    assert "What you agreed to has changed" in told.text
    assert "It counts no more" in client.get("/me/consents/").text
    assert "Shall we tell you what you may be entitled to?" in client.get("/").text
    _agree(client)
    assert client.get("/for-me/").context["offers"].is_on
    assert [each.agreement.version for each in client.get("/me/consents/").context["before"]] == [1]


def test_a_mended_word_asks_nobody_again(client_for: For, anew: Callable[[bool], None]) -> None:
    client = client_for("zhaoguoan")
    _agree(client)
    anew(False)
    assert client.get("/for-me/").context["offers"].is_on
    assert "It counts no more" not in client.get("/me/consents/").text


def test_what_is_not_there_cannot_be_withdrawn_and_nobody_else_sees_it(client_for: For) -> None:
    _agree(client_for("zhaoguoan"))
    assert client_for("zhaoguoan").post("/me/consents/made-up/withdraw").status_code == 404
    assert client_for("wuxiaochuan").get("/me/consents/").context["now"] == []
    client_for("wuxiaochuan").post("/me/consents/offers/withdraw")
    client_for("chenli").post("/me/consents/offers/withdraw")
    assert Consent.objects.get().ended_at is None
    assert "/account/login/" in client_for("").get("/me/consents/")["Location"]
    assert "/account/login/" in client_for("").post("/me/consents/offers/withdraw")["Location"]


def test_words_that_were_changed_behind_their_version_are_found(tmp_path: Path) -> None:
    from django.conf import settings

    told = (Path(settings.CITY) / "rights.yaml").read_text("utf-8")
    (tmp_path / "rights.yaml").write_text(told.replace("Only you see it", "Others see it"), "utf-8")
    found = list(check_rights(tmp_path, matters=["data-use-complaint", "data-correction", "data-deletion"]))
    assert [each.code for each in found] == ["consent.changed"]
    assert "matter.unknown" in [each.code for each in check_rights(tmp_path, matters=[])]


def test_which_words_hold_on_a_day() -> None:
    first, second = (ConsentVersion(number, date(2026, 1, number), False, Text("", ""), "") for number in (1, 5))
    consent = ConsentText("offers", Text("", ""), (first, second))
    assert consent.at(date(2025, 12, 31)) is None
    assert consent.at(date(2026, 1, 4)) is first
    assert consent.at(second.since + timedelta(days=1)) is second
