"""What all tests share: the demo city, its people by name, and cases that are filed in the real way."""

import io
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import pytest
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, settings
from pytest_django.plugin import DjangoDbBlocker
from tests.beginnings import CITY, TABLES, Beginnings
from tests.kept import (  # noqa: F401  # hooks and a fixture: pytest finds them here
    begin_to_keep,
    keep_for_good,
    pytest_collection_finish,
    pytest_configure,
    styles_and_scripts_are_found_once,
)
from tests.workers import (  # noqa: F401  # hooks: pytest finds them here
    pytest_collection_modifyitems,
    pytest_xdist_make_scheduler,
)

# A busy machine is no reason to fail: what is slow is measured by benchmarks, not by tests.
settings.register_profile("tongban", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tongban")

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
PDF = b"%PDF-1.4\n" + b"%" * 64


@pytest.fixture(scope="session", autouse=True)
def _files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Files that tests hand in lie in a folder of their own, and nobody's registers lie beside it."""
    from django.conf import settings

    before = settings.FILES, settings.VAR
    settings.FILES, settings.VAR = tmp_path_factory.mktemp("files"), tmp_path_factory.mktemp("var")
    yield
    settings.FILES, settings.VAR = before


@pytest.fixture(autouse=True)
def _rates_start_anew() -> None:
    """Rate limits and kept figures of one test do not reach the next."""
    cache.clear()


def _load_city() -> None:
    from tongban.config.management.commands.load_city import load_city

    load_city(password=None)


@pytest.fixture(scope="session")
def beginnings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Beginnings]:
    """What cities of their own begin with; made once a session."""
    own = tmp_path_factory.getbasetemp()
    found = Beginnings(
        own.parent if "PYTEST_XDIST_WORKER" in os.environ else own, os.environ.get("TONGBAN_DATABASE_URL", "")
    )
    yield found
    found.drop()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, beginnings: Beginnings) -> None:
    """Called by pytest-django before it sets up the database."""
    begin_to_keep()
    beginnings.fill()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker, beginnings: Beginnings) -> None:
    """Every database of a test session has the demo city in it: departments, people, matters."""
    with django_db_blocker.unblock():
        from tongban.apps.people.models import Department

        beginnings.keep(TABLES)
        if not Department.objects.exists():  # unless it has begun with the city that another worker has loaded
            _load_city()
        beginnings.keep(CITY)
    keep_for_good()


@pytest.fixture(scope="session")
def migrated(beginnings: Beginnings) -> Path:
    """A SQLite file with all tables and nothing in it, for cities of their own to begin from."""
    return beginnings.file(TABLES)


@pytest.fixture
def city(db: None) -> Path:
    """The demo city, loaded; after a test with real transactions has emptied the database, loaded again."""
    from django.conf import settings

    from tongban.apps.people.models import Department

    if not Department.objects.exists():
        _load_city()
    return Path(settings.CITY)


@pytest.fixture
def user_for(city: Path) -> Callable[[str], Any]:
    """Sign-ins by name."""
    from tongban.apps.people.models import User

    return lambda name: User.objects.get(username=name)


@pytest.fixture
def actor_for(user_for: Callable[[str], Any]) -> Callable[[str], Any]:
    """Who acts, by the name of the sign-in, with all capacities of today."""
    from tongban.apps.people.queries import get_actor

    return lambda name: get_actor(user=user_for(name), on=timezone.localdate())


@pytest.fixture
def client_for(user_for: Callable[[str], Any]) -> Callable[[str], Client]:
    """A browser in which somebody is signed in: ``client_for("linxiaomei")``; "" for nobody."""

    def client(name: str = "") -> Client:
        browser = Client(headers={"accept-language": "en"})
        if name:
            browser.force_login(user_for(name))
        return browser

    return client


class FileCase(Protocol):
    """Files a case and returns its number."""

    def __call__(
        self,
        *,
        username: str = "linxiaomei",
        matter: str = "food-business-licence",
        applicant: str = "",
        answers: Mapping[str, Any] | None = None,
        at: datetime | None = None,
        **changes: Any,
    ) -> int: ...


@pytest.fixture
def file_case(city: Path, actor_for: Callable[[str], Any]) -> FileCase:
    """File a case with the answers of the matter's first example (``changes`` replace some), an hour ago.

    ``applicant`` is a key such as ``organisation:9136…``; the person that is signed in, unless it is given.
    """
    from tongban.apps.catalog.queries import get_matter
    from tongban.apps.evidence.services import store_file
    from tongban.apps.intake.services import file_directly
    from tongban.apps.people.queries import list_applicants

    def file(
        *,
        username: str = "linxiaomei",
        matter: str = "food-business-licence",
        applicant: str = "",
        answers: Mapping[str, Any] | None = None,
        at: datetime | None = None,
        **changes: Any,
    ) -> int:
        when = at or timezone.now() - timedelta(hours=1)
        published = get_matter(code=matter, on=timezone.localdate(when))
        definition = published.definition
        # As surely signed in as the matter asks for.
        actor = replace(actor_for(username), assurance=definition.assurance)
        given = dict(answers if answers is not None else definition.examples[0].answers) | changes
        applicants = list_applicants(actor=actor, on=timezone.localdate(), matter=None)
        chosen = next(each for each in applicants if not applicant or each.key == applicant)
        asked = [spec for spec in definition.materials_for(given) if spec.is_necessary]
        return file_directly(
            matter=published,
            applicant=chosen,
            agent_id=actor.person_id if chosen.person_id != actor.person_id else None,
            answers=given,
            materials={
                spec.code: [
                    store_file(
                        content=PNG if "png" in spec.accept else PDF,
                        name=f"{spec.code}.{'png' if 'png' in spec.accept else 'pdf'}",
                        allowed=spec.accept,
                        max_megabytes=spec.max_mb,
                        by=actor.id,
                        at=when,
                    ).pk
                ]
                for spec in asked
            },
            channel="web",
            actor=actor,
            at=when,
        )

    return file


_MORE = ("sure", "report", "warn", "hand_on", "findings", "alarmed", "gone")
_LANE = "<flowNodeRef>review</flowNodeRef>"
_TOLD = """<message id="m_report" name="report"/><message id="m_findings" name="findings"/>
  <signal id="s_alarm" name="alarm"/><error id="e_gone" errorCode="GONE"/>"""
REPORT = (
    (_LANE, _LANE + "".join(f"<flowNodeRef>{each}</flowNodeRef>" for each in _MORE)),
    ('<process id="licence_inspection"', f'{_TOLD}<process id="licence_inspection"'),
    ('<sequenceFlow id="f_review_decide" sourceRef="review" targetRef="decide"/>', """
    <exclusiveGateway id="sure" default="f_sure"/>
    <intermediateCatchEvent id="report" name="检验报告" tb:name_en="Laboratory report">
      <messageEventDefinition messageRef="m_report"/></intermediateCatchEvent>
    <intermediateThrowEvent id="warn"><signalEventDefinition signalRef="s_alarm"/></intermediateThrowEvent>
    <intermediateThrowEvent id="hand_on"><messageEventDefinition messageRef="m_report"/></intermediateThrowEvent>
    <boundaryEvent id="findings" name="新线索" tb:name_en="New findings" attachedToRef="review">
      <messageEventDefinition messageRef="m_findings"/></boundaryEvent>
    <boundaryEvent id="alarmed" attachedToRef="review"><signalEventDefinition signalRef="s_alarm"/></boundaryEvent>
    <boundaryEvent id="gone" name="店已不在" tb:name_en="The shop is gone" attachedToRef="handle">
      <errorEventDefinition errorRef="e_gone"/></boundaryEvent>
    <sequenceFlow id="f_review" sourceRef="review" targetRef="sure"/>
    <sequenceFlow id="f_sure" sourceRef="sure" targetRef="decide"/>
    <sequenceFlow id="f_unsure" sourceRef="sure" targetRef="report">
      <conditionExpression xsi:type="tFormalExpression">review.outcome = "fail"</conditionExpression></sequenceFlow>
    <sequenceFlow id="f_report" sourceRef="report" targetRef="warn"/>
    <sequenceFlow id="f_warn" sourceRef="warn" targetRef="hand_on"/>
    <sequenceFlow id="f_hand_on" sourceRef="hand_on" targetRef="decide"/>
    <sequenceFlow id="f_findings" sourceRef="findings" targetRef="handle"/>
    <sequenceFlow id="f_alarmed" sourceRef="alarmed" targetRef="handle"/>
    <sequenceFlow id="f_gone" sourceRef="gone" targetRef="decide"/>"""),
)  # fmt: skip
"""A reviewer who is not sure waits for a laboratory, whose report warns all others and serves the applicant's too."""


@pytest.fixture
def reporting(city: Path, tmp_path: Path) -> None:
    """The food business licence, published anew with messages, signals and an error in its process."""
    from tongban.apps.catalog.services import publish

    folder = tmp_path / "city"
    shutil.copytree(city, folder)
    process = folder / "processes" / "licence-inspection.bpmn"
    text = process.read_text("utf-8")
    for before, after in REPORT:
        assert before in text
        text = text.replace(before, after)
    process.write_text(text, "utf-8")
    now = timezone.now()
    publish(folder=folder, effective_from=timezone.localdate(now - timedelta(hours=2)), by="test", at=now)


class Act(Protocol):
    """Lets an official do the open step that a command belongs to."""

    def __call__(
        self, number: int, do: str, *, by: str, node: str = "", at: datetime | None = None, **given: Any
    ) -> None: ...


@pytest.fixture
def act(actor_for: Callable[[str], Any]) -> Act:
    """``act(number, "accept", by="wangqian")``: the command on the first open step, or on the one at ``node``."""
    from tongban.apps.cases import services
    from tongban.apps.cases.models import Task

    def do_it(number: int, do: str, *, by: str, node: str = "", at: datetime | None = None, **given: Any) -> None:
        open_tasks = Task.objects.filter(case=number, finished=None).order_by("no")
        task = open_tasks.filter(node=node).first() if node else open_tasks.first()
        assert task is not None, f"no open step {node!r}"
        getattr(services, do)(number=number, task=task.no, actor=actor_for(by), at=at or timezone.now(), **given)

    return do_it


@pytest.fixture
def granted(file_case: FileCase, act: Act) -> Callable[..., int]:
    """A food business licence that has been granted: filed, accepted, inspected, reviewed, decided."""

    def grant(**given: Any) -> int:
        number = file_case(**given)
        act(number, "accept", by="wangqian")
        for node, officer in (("handle", "chenli"), ("inspect", "chenli"), ("review", "hejun")):
            act(number, "complete", by=officer, node=node, outcome="pass", opinion="Seen, in order.")
        act(number, "decide", by="hejun", node="decide", outcome="granted", reason="")
        return number

    return grant


@pytest.fixture
def a_photo() -> Callable[..., io.BytesIO]:
    """A file as a browser hands it in."""

    def photo(name: str = "plan.png", content: bytes = PNG) -> io.BytesIO:
        file = io.BytesIO(content)
        file.name = name
        return file

    return photo


@pytest.fixture
def without_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker without the library's own, which closes the connection that holds a test's transaction."""
    from tongban.config.management.commands import work

    monkeypatch.setattr(work, "call_command", lambda *_, **__: None)


@pytest.fixture
def in_threads(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """Threads started in the test race on a real database: SQLite's tests run in memory, where nobody can race."""
    settings = connections.settings["default"]
    if connection.vendor != "sqlite":
        yield
        return
    import sqlite3

    name, file = settings["NAME"], tmp_path / "race.sqlite3"
    target = sqlite3.connect(file)
    connection.connection.backup(target)
    target.close()
    settings["NAME"] = str(file)
    yield
    settings["NAME"] = name


@pytest.fixture
def follow_log(db: None, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """``follow_log("notices")``: let this follower read the log to its end, now or ``at`` an instant.

    It is read anew, with what is not committed: in a test all of it is one transaction.
    """
    from tongban.apps.ledger import followers
    from tongban.apps.ledger.services import follow, replay

    monkeypatch.setattr(followers, "horizon", lambda: 2**62)

    def run(name: str, *, at: datetime | None = None) -> None:
        now = at or timezone.now()
        replay(name=name, since=None, at=now)
        while follow(name=name, at=now):
            pass

    return run


@pytest.fixture
def catch_up(db: None, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Let everybody follow the log to its end, as ``follow_log`` does one of them."""
    from tongban.apps.ledger import followers
    from tongban.apps.ledger.services import follow_all, replay

    monkeypatch.setattr(followers, "horizon", lambda: 2**62)

    def run(at: datetime | None = None) -> int:
        now = at or timezone.now()
        for name in ("notices", "desks", "webhooks", "mandates"):
            replay(name=name, since=None, at=now)
        read = 0
        while done := follow_all(at=now):
            read += done
        return read

    return run


@pytest.fixture
def shown(file_case: Any, act: Any) -> Callable[..., int]:
    """A food business licence accepted long ago; the red card of its step, or with ``whole`` of the case."""
    from tongban.apps.supervision.models import Card
    from tongban.apps.supervision.services import issue_cards

    def make(*, whole: bool = False) -> int:
        long_ago = timezone.now() - timedelta(days=40)
        number = file_case(at=long_ago)
        act(number, "accept", by="wangqian", at=long_ago)
        issue_cards(at=timezone.now() - timedelta(minutes=1))
        cards = Card.objects.filter(case=number, colour="red")
        return (cards.filter(task=0) if whole else cards.exclude(task=0)).get().number

    return make
