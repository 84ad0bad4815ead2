"""Whoever reads Chinese reads Chinese everywhere, and whoever reads English reads English."""

import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils.translation import override
from tests.web.conftest import ASKED, ELSE, SEEN, WHY
from tests.web.reading_pages import stray_chinese, stray_english

from tongban.apps.cases.models import Case
from tongban.apps.catalog.models import Matter, MatterVersion
from tongban.apps.catalog.queries import get_versions
from tongban.apps.evidence.models import Certificate
from tongban.apps.people.models import Organisation, Person, User

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LANGUAGES = pytest.mark.parametrize("language", ["zh-CN", "en"])
SOUGHT = "开饭馆"


class Reader:
    """A browser whose owner reads one language, and notes what is in the other."""

    def __init__(self, client: Client, language: str) -> None:
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
        self.client, self.language = client, language
        self.read: list[str] = []
        self.data = _written()
        self.strays: dict[str, list[str]] = {}

    def get(self, *paths: str) -> None:
        for path in paths:
            self._note(path, self.client.get(path, follow=True))

    def post(self, path: str, data: dict[str, Any] | None = None) -> Any:
        response = self.client.post(path, data or {}, follow=True)
        self._note(f"POST {path} {data}", response)
        return response

    def _note(self, what: str, response: Any) -> None:
        assert response.status_code < 500, what
        assert "<html" in response.text or response.status_code == 405, what
        self.read.append(what)
        self.look(what, response.text or "<html></html>")

    def look(self, what: str, page: str) -> None:
        find = stray_english if self.language.startswith("zh") else stray_chinese
        if found := find(page, data=self.data):
            self.strays[what] = found


def _written() -> list[str]:
    """Names of people and companies, answers, opinions: what is data, longest first."""
    words = {SEEN, ASKED, ELSE, WHY, SOUGHT, "xyzzy", *Person.objects.values_list("name", flat=True)}
    words |= {name for pair in User.objects.values_list("name", "username") for name in pair}
    words |= set(Organisation.objects.values_list("name", flat=True))
    for answers in Case.objects.values_list("answers", flat=True):
        given = json.loads(answers) if isinstance(answers, str) else answers
        words |= {value for value in given.values() if isinstance(value, str)}
    # The filled example of a matter's page shows what somebody who does not exist has answered.
    for version in get_versions(version_ids=MatterVersion.objects.values_list("pk", flat=True)).values():
        for example in version.definition.examples:
            words |= {value for value in example.answers.values() if isinstance(value, str) and not value.isascii()}
    return sorted(filter(None, words), key=len, reverse=True)


@pytest.fixture
def reader_for(client_for: Callable[..., Client]) -> Callable[[str, str], Reader]:
    """``reader_for("chenli", "zh-CN")``; "" for nobody."""
    return lambda who, language: Reader(client_for(who), language)


@LANGUAGES
def test_whoever_is_not_signed_in(reader_for: Any, file_case: Any, granted: Any, language: str) -> None:
    reader = reader_for("", language)
    number = granted(safety_manager_phone="13900000001")
    identifier = Certificate.objects.get(case=number).identifier
    reader.get("/", "/matters/", f"/matters/?q={SOUGHT}", "/matters/?q=xyzzy", "/matters/?topic=business")
    reader.get(*(f"/matters/{code}/" for code in Matter.objects.values_list("code", flat=True)))
    reader.get("/track/", "/verify/", f"/verify/{identifier}/", "/verify/1.2.156.3005.2.1/", "/track/case/")
    reader.get("/account/login/", "/account/signup/", "/nowhere", "/design", "/design/desk", "/cases/", "/desk/")
    for path in ("/track/", "/verify/", "/account/login/"):
        reader.post(path)
    reader.post("/track/", {"number": "1", "phone": "x"})
    reader.post("/track/", {"number": str(number), "phone": "9999"})
    reader.post("/track/", {"number": str(number), "phone": "0001"})
    reader.post("/verify/", {"identifier": "1.2.3"})
    reader.post("/account/login/", {"login": "nobody", "password": "wrong"})
    with override(language.lower().replace("zh-cn", "zh-hans")):
        for status in ("400", "403", "403_csrf", "404", "429", "500"):
            reader.look(status, render_to_string(f"{status}.html"))
    assert reader.strays == {}
    assert len(reader.read) > 35


@LANGUAGES
def test_a_resident_who_files(reader_for: Any, language: str) -> None:
    reader = reader_for("linxiaomei", language)
    matter = "/matters/food-business-licence/start"
    reader.get("/", "/cases/", matter, "/matters/childcare-subsidy/start", "/matters/company-registration/start")
    reader.post(matter)
    draft = reader.post(matter, {"applicant": _own_key(reader)}).redirect_chain[-1][0].split("/")[2]
    for step in ("about", "premises", "business", "safety", "materials"):
        reader.get(f"/drafts/{draft}/{step}/")
        reader.post(f"/drafts/{draft}/{step}/")
    reader.post(f"/drafts/{draft}/premises/", {"shop_name": "9" * 500, "area_m2": "?"})
    reader.get(f"/drafts/{draft}/review/", f"/drafts/{draft}/discard", "/", "/cases/", matter)
    reader.post(f"/drafts/{draft}/submit")
    reader.post(f"/drafts/{draft}/discard")
    reader.get("/account/password/change/", "/account/2fa/", "/account/logout/", "/desk/", "/drafts/nothing/")
    reader.post("/account/password/change/")
    assert reader.strays == {}


def _own_key(reader: Reader) -> str:
    page = reader.client.get("/matters/food-business-licence/start")
    return str(page.context["applicants"][0].key)


@LANGUAGES
def test_a_resident_who_follows(reader_for: Any, city_at_work: dict[str, int], language: str) -> None:
    reader = reader_for("linxiaomei", language)
    reader.get("/", "/cases/", "/cases/?show=all", "/cases/2611220483917724/", "/cases/1/")
    for number in city_at_work.values():
        reader.get(f"/cases/{number}/", f"/cases/{number}/receipt/", f"/cases/{number}/withdraw/")
    supplement, decided = f"/cases/{city_at_work['supplement']}", f"/cases/{city_at_work['granted']}"
    reader.get(f"{supplement}/supplement/", f"{decided}/rate/", f"{decided}/supplement/")
    reader.post(f"{supplement}/supplement/")
    reader.post(f"{decided}/rate/")
    reader.post(f"{decided}/rate/", {"grade": "5"})
    reader.post(f"/cases/{city_at_work['received']}/withdraw/", {"reason": WHY})
    reader.get(f"/cases/{city_at_work['received']}/", f"{decided}/", "/cases/")
    assert reader.strays == {}


@LANGUAGES
@pytest.mark.parametrize("who", ["chenli", "hejun", "wangqian", "liangchen"])
def test_whoever_is_at_a_desk(reader_for: Any, city_at_work: dict[str, int], language: str, who: str) -> None:
    reader = reader_for(who, language)
    reader.get("/", "/welcome", "/desk/", "/desk/?whose=all", "/desk/?due=late", "/desk/?q=nothing", "/account/2fa/")
    reader.get(*(f"/desk/cases/{number}/" for number in city_at_work.values()))
    reader.get("/desk/cases/2611220483917724/", "/window/", f"/window/?q={SOUGHT}", "/window/?q=xyzzy", "/supervise/")
    if who == "wangqian":
        reader.get("/window/food-business-licence/", "/window/food-business-licence/?kind=organisation")
        reader.post("/window/food-business-licence/")
        reader.post("/window/food-business-licence/", {"identity_number": "361", "name": "", "phone": "12"})
    assert reader.strays == {}


COMMANDS: list[tuple[str, str, str, dict[str, Any]]] = [
    ("wangqian", "received", "refuse", {"reason": WHY}),
    ("wangqian", "received", "decide", {}),
    ("chenli", "accepted", "complete", {"outcome": "pass", "opinion": SEEN}),
    ("chenli", "accepted", "request_supplement", {"items": ["floor_plan"], "other": ELSE, "note": ASKED, "days": "5"}),
    ("chenli", "paused", "return_to", {"to": "handle", "reason": WHY}),
    ("chenli", "to_decide", "decide", {"outcome": "granted"}),
    ("hejun", "to_decide", "decide", {"outcome": "denied", "reason": WHY}),
    ("hejun", "to_decide", "extend", {"amount": "5", "reason": WHY}),
    ("chenli", "hearing", "suspend", {"procedure": "hearing", "reason": WHY, "days": "5"}),
    ("chenli", "hearing", "resume", {}),
]


@LANGUAGES
def test_whoever_gives_a_command(reader_for: Any, city_at_work: dict[str, int], language: str) -> None:
    """Commands with nothing filled in, filled in, and where they are not possible."""
    for who, name, command, given in COMMANDS:
        reader, number = reader_for(who, language), city_at_work[name]
        task = Case.objects.get(pk=number).tasks.filter(finished=None).values_list("no", flat=True).first() or 0
        for filled_in in ({}, given):
            reader.post(f"/desk/cases/{number}/{command}/", {"task": 0 if command == "extend" else task} | filled_in)
        assert reader.strays == {}


def test_stray_words_are_found() -> None:
    """The finder itself: it sees texts and spoken attributes, and passes over what is marked."""
    page = """<html lang="zh-Hans"><body title="Title"><p>材料 Papers<b lang="en">English</b> a.pdf</p>
    <code>code</code><img alt="">PDF <svg><text>Box</text></svg></body></html>"""
    assert [each.split(":")[0] for each in stray_english(page)] == ["Title", "Papers", "Box"]
    assert _found(stray_chinese(page, data=[])) == ["材料"]
    assert _found(stray_chinese(page, data=["材料"])) == []


def _found(strays: Iterable[str]) -> list[str]:
    return [each.split(":")[0] for each in strays]
