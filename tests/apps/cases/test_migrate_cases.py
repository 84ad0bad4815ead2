"""Running cases move to another version of their matter: looked at first, then done, on record, and readable after."""

import io
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tongban.apps.cases import services
from tongban.apps.cases.models import Case, Task, Waiting
from tongban.apps.cases.proof import verify
from tongban.apps.cases.versions import versions_of
from tongban.apps.catalog.queries import get_version
from tongban.apps.catalog.services import publish
from tongban.apps.ledger.queries import get_history
from tongban.kernel import flow
from tongban.kernel.numbers import format_case_number

pytestmark = pytest.mark.django_db
MATTER = "food-business-licence"


@pytest.fixture
def change(city: Path, tmp_path: Path) -> Callable[..., int]:
    """Publish the matter with something else in its process; return the number of the new version."""

    def published(*pairs: tuple[str, str], renamed: str = "review") -> int:
        folder = tmp_path / "city"
        shutil.copytree(city, folder)
        process = folder / "processes" / "licence-inspection.bpmn"
        text = process.read_text("utf-8")
        for before, after in pairs:
            assert before in text
            text = text.replace(before, after)
        process.write_text(text, "utf-8")
        for example in folder.glob("matters/*/examples/*.yaml"):
            if process.name in (example.parents[1] / "matter.yaml").read_text("utf-8"):
                lived = example.read_text("utf-8")
                example.write_text(lived.replace("node: review", f"node: {renamed}"), "utf-8")
        now = timezone.now()
        found = publish(folder=folder, effective_from=timezone.localdate(now), by="test", at=now)
        return next(each.version for each in found if each.code == MATTER)

    return published


BEFORE = '<sequenceFlow id="f_review_decide" sourceRef="review" targetRef="decide"/>'
TASK = '<userTask id="look" name="复核" tb:name_en="Second look" tb:act="review"/>'
INTO = '<sequenceFlow id="f_review_decide" sourceRef="review" targetRef="look"/>'
OUT = '<sequenceFlow id="f_look_decide" sourceRef="look" targetRef="decide"/>'
LOOK = (BEFORE, TASK + INTO + OUT)
LANE = ("<flowNodeRef>review</flowNodeRef>", "<flowNodeRef>review</flowNodeRef><flowNodeRef>look</flowNodeRef>")
RENAMED = (('id="review"', 'id="checking"'), (">review<", ">checking<"), ('Ref="review"', 'Ref="checking"'))


@pytest.fixture
def longer(change: Callable[..., int]) -> int:
    """A version with a step more before the decision."""
    return change(LANE, LOOK)


@pytest.fixture
def at_review(file_case: Any, act: Any) -> int:
    number: int = file_case()
    act(number, "accept", by="wangqian")
    for step in ("handle", "inspect"):
        act(number, "complete", by="chenli", node=step, outcome="pass", opinion="Seen.")
    return number


def _open(number: int) -> list[str]:
    return list(Task.objects.filter(case=number, finished=None).values_list("node", flat=True))


def _rows_follow_the_log(number: int) -> None:
    case = Case.objects.get(pk=number)
    history = get_history(case=number)
    versions = versions_of(history=history, current=get_version(version_id=case.matter_version_id))
    state = versions.replay(history=history, until=len(history))
    assert flow.state_to_json(state) == case.state
    assert {task.no for task in state.tasks} == set(
        Task.objects.filter(case=number, finished=None).values_list("no", flat=True)
    )
    assert not verify(case=number).broken


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("definitions", "migrate", *arguments, stdout=out)
    return out.getvalue()


def test_it_works(at_review: int, longer: int, act: Any, client_for: Any) -> None:
    told = run(MATTER, "--to", str(longer), "--preview")
    assert f"moves  {format_case_number(at_review)}  version 1  at review" in told
    assert "1 running cases, 1 can move, 0 stay." in told
    assert get_history(case=at_review)[-1].kind != "case.migrated"
    assert "1 moved" in run(MATTER, "--to", str(longer), "--reason", "New order of May", "--by", "user:1")
    event = get_history(case=at_review)[-1]
    assert (event.kind, event.data["from"], event.data["to"], event.actor) == ("case.migrated", 1, longer, "user:1")
    _rows_follow_the_log(at_review)
    act(at_review, "complete", by="hejun", node="review", outcome="pass", opinion="")
    assert _open(at_review) == ["look"]
    act(at_review, "complete", by="hejun", node="look", outcome="pass", opinion="")
    act(at_review, "decide", by="hejun", node="decide", outcome="granted", reason="")
    act(at_review, "deliver", by="wangqian", node="deliver", way="online")
    assert Case.objects.get(pk=at_review).closed_at is not None
    _rows_follow_the_log(at_review)
    for who, path in (("hejun", "/desk/cases/%s/"), ("linxiaomei", "/cases/%s/")):
        assert client_for(who).get(path % at_review).status_code == 200


def test_back_across_the_move(at_review: int, longer: int, actor_for: Any) -> None:
    run(MATTER, "--to", str(longer))
    task, actor = Task.objects.get(case=at_review, finished=None).no, actor_for("hejun")
    services.return_to(number=at_review, task=task, node="handle", reason="again", actor=actor, at=timezone.now())
    assert _open(at_review) == ["handle"]
    _rows_follow_the_log(at_review)


def test_a_case_whose_step_is_gone_stays_and_says_why(
    at_review: int, change: Callable[..., int], act: Any, client_for: Any
) -> None:
    version = change(*RENAMED, renamed="checking")
    told = run(MATTER, "--to", str(version), "--preview")
    assert f"stays  {format_case_number(at_review)}" in told
    assert "because node.gone review" in told
    assert "(node.gone 1)" in told
    before = Case.objects.get(pk=at_review).last_hash
    assert "0 moved, 1 stay" in run(MATTER, "--to", str(version))
    assert Case.objects.get(pk=at_review).last_hash == before
    assert "1 moved, 0 stay" in run(MATTER, "--to", str(version), "--map", "review=checking")
    assert _open(at_review) == ["checking"]
    act(at_review, "complete", by="hejun", node="checking", outcome="pass", opinion="")
    assert _open(at_review) == ["decide"]
    page = client_for("hejun").get(f"/desk/cases/{at_review}/")
    assert page.status_code == 200


def test_those_who_were_asked_stay_asked(at_review: int, longer: int, act: Any, actor_for: Any) -> None:
    act(
        at_review,
        "add_cosigner",
        by="hejun",
        node="review",
        signers=[flow.Asked("fire-rescue")],
        place="beside",
        rule="all",
        reason="",
    )
    run(MATTER, "--to", str(longer))
    signer = Task.objects.get(case=at_review, act="cosign", finished=None)
    services.sign(number=at_review, task=signer.no, opinion="", actor=actor_for("luhao"), at=timezone.now())
    act(at_review, "complete", by="hejun", node="review", outcome="pass", opinion="")
    assert _open(at_review) == ["look"]
    _rows_follow_the_log(at_review)


def test_only_some_and_not_twice(at_review: int, file_case: Any, change: Callable[..., int]) -> None:
    other = file_case(username="wuxiaochuan")
    longer = change(LANE, LOOK)
    assert "1 running cases, 1 moved" in run(MATTER, "--to", str(longer), "--case", str(at_review))
    told = run(MATTER, "--to", str(longer))
    assert format_case_number(at_review) not in told
    assert f"moved  {format_case_number(other)}" in told


def test_what_a_case_waits_for_moves_with_it(at_review: int, request: pytest.FixtureRequest) -> None:
    assert not Waiting.objects.filter(case=at_review).exists()
    request.getfixturevalue("reporting")
    run(MATTER, "--to", "2")
    told = set(Waiting.objects.filter(case=at_review).values_list("kind", "name"))
    assert {("message", "findings"), ("signal", "alarm")} <= told
    run(MATTER, "--to", "1")
    assert not Waiting.objects.filter(case=at_review).exists()
    _rows_follow_the_log(at_review)


def test_what_the_command_cannot_read() -> None:
    with pytest.raises(CommandError, match="version 99"):
        run(MATTER, "--to", "99", "--preview")
    for wrong in (("--map", "review"), ("--case", "12")):
        with pytest.raises(CommandError):
            run(MATTER, "--to", "1", *wrong)
