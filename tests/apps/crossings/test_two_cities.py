"""Two cities that really run, and a line between them that is cut at every stage: no case and no record is lost.

What is filed in one is decided in the other; both logs carry the other's number and hash, and either finds out when
the other's was rewritten.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests.apps.crossings.cities import KNOWN, City, Line, two_cities

COMMON = """
from datetime import timedelta
from django.utils import timezone
from tongban.apps.people.models import User
from tongban.apps.people.queries import get_actor
def who(name): return get_actor(user=User.objects.get(username=name), on=timezone.localdate())
def png(n=0): return b"\\x89PNG\\r\\n\\x1a\\n" + bytes([n]) * 64
def keep(n):
    from tongban.apps.evidence.services import store_file
    about = {"name": f"letter{n}.png", "allowed": ["png"], "max_megabytes": 1, "by": "t", "at": timezone.now()}
    return store_file(content=png(n), **about).pk
"""
FILE = (
    COMMON
    + """
from tongban.apps.catalog.queries import get_matter
from tongban.apps.intake.services import file_directly
from tongban.apps.people.queries import list_applicants, get_contact
actor = who("gaoyuan")
me = list_applicants(actor=actor, on=timezone.localdate())[0]
known = get_contact(person_id=me.person_id, organisation_code=None)
answers = {"holder_name": known["name"], "identity_number": known["identity_number"], "phone": known["phone"]}
result = file_directly(matter=get_matter(code=given["matter"], on=timezone.localdate()), applicant=me, agent_id=None,
    answers=answers | given["answers"], materials={code: [keep(n)] for code, n in given["files"].items()},
    channel="web", actor=actor, at=timezone.now())
"""
)
WORK = (
    COMMON
    + """
from tongban.apps.ledger.services import follow_all
from tongban.apps.crossings.models import Message
from tongban.apps.crossings.services import send_due
while follow_all(at=timezone.now()): pass
result = 0
while True:
    Message.objects.filter(done_at=None).update(due=timezone.now())
    sent = send_due(now=timezone.now)
    result += sent
    if not sent: break
"""
)
ACT = (
    COMMON
    + """
from tongban.apps.cases import services
from tongban.apps.cases.queries import get_open_step
step = get_open_step(number=given["number"])
about = {"number": given["number"], "task": step.no, "actor": who(given["by"]), "at": timezone.now()}
getattr(services, given["do"])(**about, **given["more"])
"""
)
ANSWER = (
    COMMON
    + """
from tongban.apps.cases import services
services.answer_supplement(number=given["number"], answers={}, materials={"request_letter": [keep(9)]},
    actor=who("gaoyuan"), at=timezone.now())
"""
)
WITHDRAW = (
    COMMON
    + """
from tongban.apps.cases import services
services.withdraw(number=given["number"], reason="Found the old one.", actor=who("gaoyuan"), at=timezone.now())
"""
)
ADOPT = """
from django.utils import timezone
from tongban.apps.crossings.services import adopt
new, refused = adopt(neighbour=given["of"], at=timezone.now())
result = [new, [str(each) for each in refused]]
"""
COMPARE = """
from django.utils import timezone
from tongban.apps.crossings.services import compare
result = [each.state for each in compare(case=given["number"], at=timezone.now())]
"""
ASK = """
from django.utils import timezone
from tongban.apps.exchange.errors import RegisterAway
from tongban.apps.exchange.services import About, ask
try:
    answer = ask(register="household", key=given["key"], consumer="public-security", purpose="residence",
        about=About(), actor="user:1", at=timezone.now(), fields=given["fields"])
    result = [answer.is_found, dict(answer.values)]
except RegisterAway as away:
    result = away.params["reason"]
"""
VERIFY = """
from tongban.apps.cases.proof import verify
result = verify().holds
"""


@pytest.fixture(scope="module")
def cities(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[tuple[City, City, Line, Line]]:
    with two_cities(tmp_path_factory.mktemp("cities"), migrated=migrated) as found:
        yield found


def kinds(city: City, number: int) -> list[str]:
    return [kind for (kind,) in city.rows('SELECT kind FROM event WHERE "case" = ? ORDER BY seq', number)]


def status(city: City, number: int) -> tuple[Any, ...]:
    (found,) = city.rows("SELECT status, outcome, reason FROM 'case' WHERE number = ?", number)
    return found


def waiting(city: City) -> int:
    return int(city.rows("SELECT COUNT(*) FROM crossing_message WHERE done_at IS NULL")[0][0])


def worked(city: City, wanted: int) -> int:
    """Let the worker work, as it goes on doing, until so many messages are told; a slow machine needs another round."""
    told = 0
    for _round in range(10):
        told += city.do(WORK)
        if told >= wanted:
            break
    return told


def their_case(there: City, number: int) -> list[int]:
    return [case for (case,) in there.rows('SELECT "case" FROM crossing WHERE other = ?', number)]


def lookups(city: City) -> list[tuple[Any, ...]]:
    return city.rows(
        "SELECT number, outcome, reason, peer, peer_record, request_hash, side, consumer FROM lookup ORDER BY asked_at"
    )


@pytest.mark.slow
def test_a_register_there_is_asked_from_here_and_both_records_name_each_other(
    cities: tuple[City, City, Line, Line],
) -> None:
    here, there, _to_here, to_there = cities
    assert here.do(ASK, key=KNOWN[0], fields=["name"]) == [True, {"name": "Name 0023"}]
    ((number, *ours),) = lookups(here)
    ((their_number, *theirs),) = lookups(there)
    assert (ours[0], ours[2], ours[5]) == ("found", "boyun", "consumer")
    assert (theirs[0], theirs[2], theirs[5], theirs[6]) == ("found", "harbour", "provider", "neighbour-harbour")
    assert theirs[3] == f"{number:016d}"
    assert theirs[4] == ours[4]
    ((link,),) = there.rows('SELECT hex(hash) FROM event WHERE "case" = ? AND seq = 1', their_number)
    assert ours[3] == f"{their_number:016d}/{link.lower()[:40]}"

    # What is granted here but not there is not told; nobody by that number is an answer too; each is on record.
    assert here.do(ASK, key=KNOWN[0], fields=["address"]) == "exchange.not-granted"
    assert here.do(ASK, key="379799199306120999", fields=["name"]) == [False, {}]
    to_there.drop_answers = True  # it is answered there, and the answer is lost: both say so, and it is asked again
    assert here.do(ASK, key=KNOWN[1], fields=["name"]) == "connection"
    to_there.drop_answers = False
    assert here.do(ASK, key=KNOWN[1], fields=["name"]) == [True, {"name": "Name 0053"}]
    assert [outcome for _number, outcome, *_more in lookups(here)] == ["found", "away", "absent", "away", "found"]
    assert {outcome for _number, outcome, *_more in lookups(there)} == {"found", "absent"}
    assert here.do(VERIFY)
    assert there.do(VERIFY)


@pytest.mark.slow
def test_a_matter_filed_here_is_decided_there_whatever_breaks_in_between(
    cities: tuple[City, City, Line, Line],
) -> None:
    here, there, to_here, to_there = cities
    assert here.do(ADOPT, of="boyun") == [["boyun-no-criminal-record", "boyun-treatment-elsewhere"], []]
    assert here.do(ADOPT, of="boyun") == [[], []]  # nothing has changed

    number, theirs = filed_over_a_broken_line(here, there, to_there)
    asked_to_complete_over_a_broken_line(here, there, number, theirs, to_here)
    decided_over_a_broken_line(here, there, number, theirs, to_here)
    taken_back_on_both_sides(here, there)

    # Both logs hold by themselves and beside each other; one that is rewritten is found out by the other.
    assert here.do(VERIFY)
    assert there.do(VERIFY)
    assert set(here.do(COMPARE, number=number)) == {"same"}
    assert set(there.do(COMPARE, number=theirs)) == {"same"}
    with closing(sqlite3.connect(there.folder / "tongban.sqlite3", timeout=30)) as database, database:
        database.execute("UPDATE event SET hash = zeroblob(33) WHERE \"case\" = ? AND kind = 'case.decided'", (theirs,))
    assert "differs" in here.do(COMPARE, number=number)
    logs = "".join((city.folder / "serve.log").read_text("utf-8") for city in (here, there))
    assert "Message from" in logs
    assert "37979919930612002" not in logs
    assert "Traceback" not in logs


def filed_over_a_broken_line(here: City, there: City, to_there: Line) -> tuple[int, int]:
    """Filed while the line is cut, it waits. Then what is asked arrives and the answer does not; then both do."""
    to_there.cut = True
    filing = {"matter": "boyun-no-criminal-record", "answers": {"purpose": "work"}, "files": {"request_letter": 1}}
    number: int = here.do(FILE, **filing)
    assert here.do(WORK) == 0
    assert (waiting(here), their_case(there, number)) == (1, [])
    to_there.cut, to_there.drop_answers = False, True
    assert here.do(WORK) == 0
    to_there.drop_answers = False
    assert worked(here, 1) == 1
    (theirs,) = their_case(there, number)
    assert status(there, theirs)[0] == "received"
    assert there.rows("SELECT COUNT(*) FROM 'case'") == [(1,)]
    assert kinds(here, number) == ["case.filed", "crossing.opened"]
    assert kinds(there, theirs) == ["case.filed", "crossing.opened"]
    return number, theirs


def asked_to_complete_over_a_broken_line(here: City, there: City, number: int, theirs: int, to_here: Line) -> None:
    """Asked to complete it while the line back is cut; answered while the other machine has no power."""
    ask = {"items": ["request_letter"], "note": "The seal cannot be read.", "within": None}
    to_here.cut = True
    there.do(ACT, number=theirs, do="request_supplement", by="luqing", more=ask)
    assert there.do(WORK) == 0
    assert status(here, number)[0] == "received"
    to_here.cut = False
    assert worked(there, 1) == 1
    assert status(here, number)[0] == "supplement"
    there.stop()
    here.do(ANSWER, number=number)
    assert here.do(WORK) == 0
    there.start()
    assert worked(here, 1) == 1
    assert kinds(there, theirs)[-2:] == ["supplement.answered", "crossing.heard"]
    assert there.rows("SELECT COUNT(*) FROM material WHERE case_id = ?", theirs) == [(2,)]


def decided_over_a_broken_line(here: City, there: City, number: int, theirs: int, to_here: Line) -> None:
    """Decided; the word arrives and the answer to it is lost: it is sent again, and done once."""
    there.do(ACT, number=theirs, do="accept", by="luqing", more={})
    there.do(ACT, number=theirs, do="complete", by="fangshu", more={"outcome": "pass", "opinion": "None."})
    to_here.drop_answers = True
    there.do(ACT, number=theirs, do="decide", by="fangshu", more={"outcome": "granted", "reason": ""})
    assert there.do(WORK) == 0
    to_here.drop_answers = False
    assert worked(there, 3) == 3
    assert status(here, number)[:2] == ("concluded", "granted")
    assert kinds(here, number) == [
        *("case.filed", "crossing.opened", "supplement.requested", "crossing.heard", "supplement.answered"),
        *("case.accepted", "crossing.heard", "case.decided", "case.closed", "crossing.heard", "crossing.heard"),
    ]
    assert (waiting(here), waiting(there)) == (0, 0)
    ((certificate, page),) = here.rows('SELECT certificate, page FROM crossing WHERE "case" = ?', number)
    assert certificate
    assert page.endswith(f"/verify/{certificate}/")


def taken_back_on_both_sides(here: City, there: City) -> None:
    """Taken back here, it is taken back there."""
    second = here.do(FILE, matter="boyun-treatment-elsewhere", answers={"place": "Harbour"}, files={})
    assert worked(here, 1) == 1
    here.do(WITHDRAW, number=second)
    assert worked(here, 1) == 1
    (theirs,) = their_case(there, second)
    assert status(there, theirs)[:2] == ("withdrawn", "withdrawn")
