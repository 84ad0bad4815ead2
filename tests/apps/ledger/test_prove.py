"""``tongban prove`` writes a file; ``tongban verify --proof`` checks it without the database."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.apps.ledger.conftest import at, run, sign

from tongban.apps.ledger.models import Event
from tongban.kernel.numbers import format_case_number


@pytest.fixture
def signed(lived: int, file_case: Callable[..., int]) -> int:
    for hour in (8, 11, 12, 13):
        file_case(at=at(3, f"{hour:02}:00"))
    sign(at(0, "00:30"))
    return lived


@pytest.fixture
def prove(signed: int, tmp_path: Path) -> Callable[..., Path]:
    def write(*words: str) -> Path:
        ran = run("prove", format_case_number(signed), *words)
        assert ran.well, ran.err
        path = tmp_path / "proof.json"
        path.write_text(ran.out, encoding="utf-8")
        return path

    return write


def check(path: Path, *words: str) -> Any:
    return run("verify", "--proof", str(path), *words)


def change(path: Path, way: Callable[[dict[str, Any]], None]) -> None:
    proof = json.loads(path.read_text(encoding="utf-8"))
    way(proof)
    path.write_text(json.dumps(proof), encoding="utf-8")


def test_it_works(signed: int, prove: Callable[..., Path]) -> None:
    for seq in range(1, Event.objects.filter(case=signed).count() + 1):
        ran = check(prove(str(seq)))
        assert ran.well, ran.err
        assert f"Proven: event {seq} of case {format_case_number(signed)} was in the log at the end of" in ran.out
        assert json.loads(ran.out[ran.out.index("{") : ran.out.rindex("}") + 1])["seq"] == seq


def test_it_is_checked_without_a_database_and_without_the_citys_keys(
    prove: Callable[..., Path], tmp_path: Path
) -> None:
    path = prove("2")
    environment = {
        **os.environ,
        "TONGBAN_VAR": str(tmp_path),
        "TONGBAN_DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
        "TONGBAN_CHECKPOINT_KEYS": "",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    command = [sys.executable, "-m", "tongban", "verify", "--proof", str(path)]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert "Proven: event 2" in ran.stdout
    assert "The key is the one in the file" in ran.stdout


def test_a_whole_log_shows_nothing_but_hashes(signed: int, prove: Callable[..., Path]) -> None:
    path = prove()
    assert "event" not in json.loads(path.read_text(encoding="utf-8"))
    assert "Proven: the log up to event" in check(path).out


def test_only_the_event_itself_is_shown(signed: int, prove: Callable[..., Path]) -> None:
    proof = json.loads(prove("1").read_text(encoding="utf-8"))
    assert proof["event"]["body"]["kind"] == "case.filed"
    assert all(set(each) == {"hash", "digest"} for each in proof["following"])
    proof = json.loads(prove("1", "--hashes-only").read_text(encoding="utf-8"))
    assert "body" not in proof["event"]
    assert check(prove("1", "--hashes-only")).well


@pytest.mark.parametrize(
    ("way", "words"),
    [
        (lambda proof: proof["event"]["body"].update(actor="user:999"), "does not give its hash"),
        (lambda proof: proof["event"]["body"].update(seq=2), "does not give its hash"),
        (lambda proof: proof["event"].update(previous="00" * 31), "does not give its hash"),
        (lambda proof: proof["event"].update(seq=2), "does not give its hash"),
        (lambda proof: proof["following"].pop(), "do not lead to the end"),
        (lambda proof: proof["following"][0].update(digest="00" * 32), "do not lead to the end"),
        (lambda proof: proof["head"].update(seq=99), "do not lead to the end"),
        (lambda proof: proof["head"].update(hash="01" + "00" * 32), "do not lead to the end"),
        (lambda proof: proof["path"]["hashes"].append("00" * 32), "not among those"),
        (lambda proof: proof["path"].update(index=99), "not among those"),
        (lambda proof: proof["checkpoint"].update(root="00" * 32), "not among those"),
        (lambda proof: proof["checkpoint"].update(city="elsewhere"), "does not bear the signature"),
        (lambda proof: proof["checkpoint"].update(signature="00" * 64), "does not bear the signature"),
        (lambda proof: proof.update(public_key="00" * 32), "not the one that the checkpoint names"),
        (lambda proof: proof.update(case="26112204839177"), "does not give its hash"),
        (lambda proof: proof.update(type="receipt"), "not a proof in JSON"),
        (lambda proof: proof.pop("head"), "not a proof in JSON"),
        (lambda proof: proof["checkpoint"].pop("root"), "not a checkpoint in JSON"),
        (lambda proof: proof["checkpoint"].update(note="harmless"), "not a checkpoint in JSON"),
        (lambda proof: proof.update(case=True), "not a proof in JSON"),
        (lambda proof: proof["head"].update(seq=2**40), "not a proof in JSON"),
    ],
)
def test_whatever_is_changed_is_named(
    prove: Callable[..., Path], way: Callable[[dict[str, Any]], None], words: str
) -> None:
    path = prove("1")
    change(path, way)
    ran = check(path)
    assert not ran.well
    assert words in ran.err


def test_a_key_to_rely_on(prove: Callable[..., Path]) -> None:
    path = prove("1")
    public = json.loads(path.read_text(encoding="utf-8"))["public_key"]
    assert "The key is the one in the file" not in check(path, "--key", public).out
    assert "not the one that you trust" in check(path, "--key", "11" * 32).err
    assert "not hexadecimal" in check(path, "--key", "public").err


def test_a_file_that_is_none(tmp_path: Path, city: Path) -> None:
    path = tmp_path / "proof.json"
    assert "cannot be read" in check(path).err
    for text in ("", "{", "[]", "null", '"proof"', "\x00"):
        path.write_text(text, encoding="utf-8")
        assert "NOT PROVEN" in check(path).err, text


def test_what_is_not_covered_yet(lived: int) -> None:
    assert "No checkpoint covers this yet" in run("prove", format_case_number(lived), "1").err
    assert "No checkpoint covers this yet" in run("prove", format_case_number(lived)).err


def test_what_is_not_there(signed: int) -> None:
    assert "no such event" in run("prove", format_case_number(signed), "999").err
    assert "no such event" in run("prove", format_case_number(signed), "0").err
    assert "slip" in run("prove", str(signed + 1)).err or "check" in run("prove", str(signed + 1)).err
