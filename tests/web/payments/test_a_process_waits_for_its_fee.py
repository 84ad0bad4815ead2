"""A process that draws the message ``fee.paid`` goes on when the fee is paid, whichever of the two comes first."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tongban.apps.cases.models import Task
from tongban.apps.catalog.services import publish
from tongban.apps.payments.tasks import do_payments

pytestmark = pytest.mark.django_db

FLOW = '<sequenceFlow id="f_accept_handle" sourceRef="accept" targetRef="handle"/>'
WAITS = (
    '<intermediateCatchEvent id="fee" name="缴费" tb:name_en="Fee"><messageEventDefinition messageRef="m_fee"/>'
    '</intermediateCatchEvent><sequenceFlow id="f_accept_fee" sourceRef="accept" targetRef="fee"/>'
    '<sequenceFlow id="f_fee_handle" sourceRef="fee" targetRef="handle"/>'
)


@pytest.fixture(autouse=True)
def _waits(city: Path, tmp_path: Path, cashier: Any) -> None:
    folder = tmp_path / "city"
    shutil.copytree(city, folder)
    process = folder / "processes" / "standard.bpmn"
    text = process.read_text("utf-8")
    for before, after in (
        (FLOW, WAITS),
        ("<incoming>f_accept_handle</incoming>", "<incoming>f_fee_handle</incoming>"),
        ("<outgoing>f_accept_handle</outgoing>", "<outgoing>f_accept_fee</outgoing>"),
        ("<flowNodeRef>handle</flowNodeRef>", "<flowNodeRef>handle</flowNodeRef><flowNodeRef>fee</flowNodeRef>"),
        ('<process id="standard"', '<message id="m_fee" name="fee.paid"/><process id="standard"'),
    ):
        assert before in text
        text = text.replace(before, after)
    process.write_text(text, "utf-8")
    publish(folder=folder, effective_from=timezone.localdate(), by="test", at=timezone.now())


def _open(number: int) -> list[str]:
    return list(Task.objects.filter(case=number, finished=None).values_list("node", flat=True))


def test_it_works(client_for: Any, file_case: Any, act: Any, pay: Any) -> None:
    number = file_case(matter="lost-id-card", username="wuxiaochuan", at=timezone.now())
    act(number, "accept", by="wangqian")
    assert _open(number) == []
    pay(client_for("wuxiaochuan"), number)
    assert _open(number) == ["handle"]


def test_what_was_paid_before_is_told_when_it_waits(client_for: Any, file_case: Any, act: Any, pay: Any) -> None:
    number = file_case(matter="lost-id-card", username="wuxiaochuan", at=timezone.now())
    pay(client_for("wuxiaochuan"), number)
    act(number, "accept", by="wangqian")
    assert _open(number) == []
    do_payments(at=timezone.now())
    assert _open(number) == ["handle"]
