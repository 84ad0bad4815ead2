"""A city chooses what its log is chained with, and may change its mind: what was written before still verifies."""

import os
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tongban.apps.cases.models import Case
from tongban.apps.ledger.models import Event
from tongban.kernel import flow
from tongban.kernel.chain import GENESIS, Algorithm, algorithm_of, canonical


def _verify() -> str:
    out, err = StringIO(), StringIO()
    try:
        call_command("verify", stdout=out, stderr=err)
    except CommandError:
        return err.getvalue()
    return out.getvalue()


def _algorithms(number: int) -> list[Algorithm | None]:
    hashes = Event.objects.filter(case=number).order_by("seq").values_list("hash", flat=True)
    return [algorithm_of(bytes(each)) for each in hashes]


def test_it_is_sha_256_unless_the_city_says_otherwise(file_case: Callable[..., int]) -> None:
    assert set(_algorithms(file_case())) == {Algorithm.SHA256}


def test_a_log_goes_on_in_another_algorithm(file_case: Callable[..., int], act: Any, settings: Any) -> None:
    number = file_case()
    settings.LEDGER_ALGORITHM = "sm3"
    act(number, "accept", by="wangqian")
    settings.LEDGER_ALGORITHM = "sha256"
    act(number, "complete", by="chenli", node="handle", outcome="pass", opinion="Seen.")
    found = _algorithms(number)
    assert found[0] is Algorithm.SHA256
    assert Algorithm.SM3 in found
    assert found[-1] is Algorithm.SHA256
    assert "Every log verifies." in _verify()
    Event.objects.filter(case=number, seq=found.index(Algorithm.SM3) + 1).update(actor="user:999")
    assert f"event {found.index(Algorithm.SM3) + 1} (" in _verify()


def test_a_log_begun_before_hashes_named_their_algorithm_goes_on(file_case: Callable[..., int], act: Any) -> None:
    number = file_case()
    previous = GENESIS
    for row in Event.objects.filter(case=number).order_by("seq"):
        event = flow.Event(**{name: getattr(row, name) for name in flow.Event._fields})
        body = flow.event_body(event=event, case=number, seq=row.seq)
        previous = sha256(previous + canonical(body)).digest()
        Event.objects.filter(case=number, seq=row.seq).update(hash=previous)
    Case.objects.filter(pk=number).update(last_hash=previous)
    act(number, "accept", by="wangqian")
    assert _algorithms(number)[0] is None
    assert _algorithms(number)[-1] is Algorithm.SHA256
    assert "Every log verifies." in _verify()


@pytest.mark.parametrize("value", ["md5", ""])
def test_an_unknown_algorithm_is_refused_at_the_start(tmp_path: Path, value: str) -> None:
    environment = {**os.environ, "TONGBAN_VAR": str(tmp_path), "TONGBAN_HASH": value}
    code = "import tongban.config.settings"
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "set it to sha256 or sm3" in done.stderr
