"""A case with six tasks, saved at every step: one committed transaction each.

Ours is the product's own way: `apps.cases.services`, as every officer's click takes it. The case is locked and read,
the actor's right to the step is checked, the kernel decides, the events join the hash-chained log, and the rows of
case, steps and timers follow, all committed together. The other sides: a peer, on SQLite, that runs one task at each
step between loading its state and saving it, with its own serializer, on the same settings; and a floor, the same rows
in the same transactions by bare SQL, which decides, checks, hashes and reads nothing.
"""

import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

from benchmarks._city import city, now
from benchmarks._floor import floor, record

_FILE = Path(__file__).parent / "data" / "six_tasks.bpmn"
_AMOUNT = 120
_ROUNDS = 5
_SECONDS = 2.0  # for each side of a round


def main() -> None:
    """Print flow.sqlite, flow.sqlite.floor and flow.postgres."""
    print("flow.sqlite, flow.postgres: the same instances saved at every step, one committed transaction each")
    for database in ("sqlite", "postgres"):
        # Django is set up once a process, so each database has a process of its own.
        subprocess.run([sys.executable, "-m", "benchmarks._saved", database], check=True)


def measure(database: str) -> None:
    """Print the figures of one database."""
    with city(postgres=database == "postgres"):
        ours = _ours()
        ours()
        recorded = record(ours)
        rows = sum(len(rows) for statements in recorded[1] for _, rows in statements)
        sides = {"ours": ours, "floor": floor(recorded, base=1_000_000)}
        written = f"{len(recorded[1])} transactions, {rows} rows"
        print(f"  floor: the same rows by bare SQL: {written}; {_ROUNDS} rounds in turn")
        if database == "sqlite":
            sides["peer"] = _peer(Path(_settings_name()).with_name("peer.sqlite3"))
            print("  peer: SpiffWorkflow, same file, serialize_json and deserialize_json")
        for run in sides.values():
            run()
        rates = [{name: _rate(run) for name, run in sides.items()} for _ in range(_ROUNDS)]
        _print(database, {name: max(each[name].wall for each in rates) for name in sides})
        if database == "sqlite":  # where all the work is this process's own
            least = {name: 1000 / max(each[name].processor for each in rates) for name in sides}
            told = ", ".join(f"{name} {spent:.2f} ms" for name, spent in least.items())
            print(f"  processor time of one instance, which a busy machine changes less: {told}")


def _print(database: str, best: dict[str, float]) -> None:
    figure = f"flow.{database}"
    for other in ("peer", "floor"):
        if other in best:
            ratio = best["ours"] / best[other]
            print(f"{figure} ours={best['ours']:.0f}/s {other}={best[other]:.0f}/s ratio={ratio:.2f}")
            figure = f"flow.{database}.floor"


class _Rate(NamedTuple):
    """Runs per second: of the clock, and of processor time."""

    wall: float
    processor: float


def _rate(run: Callable[[], Any]) -> _Rate:
    count = 0
    begun, used = time.perf_counter(), time.process_time()
    while time.perf_counter() - begun < _SECONDS:
        run()
        count += 1
    return _Rate(count / (time.perf_counter() - begun), count / (time.process_time() - used))


def _settings_name() -> str:
    from django.conf import settings

    return str(settings.DATABASES["default"]["NAME"])


def _ours() -> Callable[[], int]:
    from tongban.apps.cases import services
    from tongban.apps.catalog.queries import get_version
    from tongban.apps.people.actors import Actor
    from tongban.apps.people.models import User
    from tongban.apps.people.queries import get_actor, list_applicants

    owner = get_actor(user=User.objects.get(username="linxiaomei"), on=now().date())
    applicant = list_applicants(actor=owner, on=now().date())[0]
    matter = get_version(version_id=_publish())
    # The file has no lanes, so its steps lie with no department: who may do them has the role in none.
    user = User.objects.get(username="chenli")
    officer = Actor(id=f"user:{user.pk}", user_id=user.pk, roles=frozenset({("", "handler")}))

    def run() -> int:
        number = services.file(
            matter=matter,
            applicant=applicant,
            agent_id=None,
            answers={"amount": _AMOUNT},
            materials={},
            phone="13900000000",
            channel="web",
            actor=owner,
            at=now(),
        )
        for task in range(1, 7):
            services.complete(number=number, task=task, outcome="pass", opinion="", actor=officer, at=now())
        return number

    return run


def _publish() -> int:
    """Put a matter with the file as its process into the catalogue and return its version's id.

    The check of a city's folder would refuse it, rightly: nobody decides in it. What is published runs as it is.
    """
    from tongban.apps.catalog.models import Matter, MatterVersion

    model = MatterVersion.objects.get(matter="noise-complaint", version=1)
    texts = dict(model.files)
    code = "six-tasks"
    lines = [line for line in texts["matter.yaml"].split("\n") if not line.startswith(("code:", "process:"))]
    form = {
        "type": "object",
        "additionalProperties": False,
        "required": ["amount"],
        "properties": {"amount": {"type": "integer", "x-title": {"zh": "金额", "en": "Amount"}}},
        "x-steps": [{"id": "one", "title": {"zh": "一", "en": "One"}, "fields": ["amount"]}],
    }
    files = {
        "matter.yaml": "\n".join([f"code: {code}", *lines, "process: processes/six_tasks.bpmn"]),
        "form.yaml": json.dumps(form),
        "processes/six_tasks.bpmn": _FILE.read_text(),
    }
    matter = Matter.objects.get(pk=model.matter_id)
    matter.pk = code
    matter.save(force_insert=True)
    version = MatterVersion.objects.create(
        matter_id=code,
        version=1,
        effective_from=model.effective_from,
        published_at=model.published_at,
        published_by="benchmark",
        digest="",
        files=files,
    )
    return version.pk


def _peer(path: Path) -> Callable[[], int]:
    from SpiffWorkflow.bpmn import BpmnWorkflow
    from SpiffWorkflow.bpmn.parser import BpmnParser
    from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
    from SpiffWorkflow.util.task import TaskState

    parser = BpmnParser()
    parser.add_bpmn_file(str(_FILE))
    spec = parser.get_spec("six_tasks")
    serializer = BpmnWorkflowSerializer()
    database = sqlite3.connect(path, isolation_level=None)
    database.executescript(_pragmas())
    database.execute("CREATE TABLE workflow (id TEXT PRIMARY KEY, serialization TEXT NOT NULL)")

    def run() -> int:
        key = str(uuid4())
        workflow = BpmnWorkflow(spec)
        workflow.do_engine_steps()
        database.execute("BEGIN IMMEDIATE")
        database.execute("INSERT INTO workflow VALUES (?, ?)", (key, serializer.serialize_json(workflow)))
        database.execute("COMMIT")
        done, completed = 0, False
        while not completed:
            database.execute("BEGIN IMMEDIATE")
            text = database.execute("SELECT serialization FROM workflow WHERE id = ?", (key,)).fetchone()[0]
            workflow = serializer.deserialize_json(text)
            task = workflow.get_tasks(state=TaskState.READY, manual=True)[0]
            task.data["amount"] = _AMOUNT
            task.run()
            workflow.do_engine_steps()
            completed = workflow.is_completed()
            saved = (serializer.serialize_json(workflow), key)
            database.execute("UPDATE workflow SET serialization = ? WHERE id = ?", saved)
            database.execute("COMMIT")
            done += 1
        assert done == 6
        return done

    return run


def _pragmas() -> str:
    from django.conf import settings

    return str(settings.DATABASES["default"]["OPTIONS"]["init_command"])


if __name__ == "__main__":
    measure(sys.argv[1])
