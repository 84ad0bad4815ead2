"""``tongban conformance bpmn``: what is printed of diagrams that load, that are refused, and that are broken."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">'
ENDS = '<startEvent id="s"/><endEvent id="e"/>'


def diagram(content: str, *, process: str = "p", executable: bool = True) -> str:
    flag = ' isExecutable="true"' if executable else ""
    return f'{HEAD}<process id="{process}" name="甲"{flag}>{ENDS}{content}</process></definitions>'


def line(node: str) -> str:
    return node + (
        '<sequenceFlow id="f" sourceRef="s" targetRef="t"/><sequenceFlow id="g" sourceRef="t" targetRef="e"/>'
    )


def report(folder: Path) -> list[str]:
    out = StringIO()
    call_command("conformance", "bpmn", str(folder), stdout=out)
    return out.getvalue().splitlines()


def test_the_last_line_counts_files_at_any_depth(tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "a.bpmn").write_text(diagram(line('<userTask id="t"/>')))
    (tmp_path / "b.BPMN").write_text(diagram(line('<scriptTask id="t"/>'), executable=False))
    (tmp_path / "c.bpmn").write_text(diagram(line('\n<transaction id="t" name="乙"><task id="u"/></transaction>')))
    (tmp_path / "notes.txt").write_text("no diagram")
    *told, last = report(tmp_path)
    assert last == "loaded=2 refused=1"
    assert told[0] == "loaded b.BPMN: process p “甲”, not executable: walked to its end (0 markings seen)"
    assert told[1].startswith(
        "refused c.bpmn: line 2: t “乙”: transaction cannot be executed. Use an embedded subProcess"
    )
    assert told[1].endswith("[element.unsupported]")
    assert told[2] == "loaded deep/er/a.bpmn: process p “甲”, executable: walked to its end (1 markings seen)"


def test_what_a_diagram_wants_is_looked_for_beside_it(tmp_path: Path) -> None:
    content = line('<callActivity id="t" calledElement="q"/>')
    (tmp_path / "a.bpmn").write_text(diagram(content))
    assert "assumed a.bpmn: line 1: t: There is no process “q” to call." in report(tmp_path)[1]
    (tmp_path / "b.bpmn").write_text(diagram(line('<userTask id="t"/>'), process="q"))
    assert not any("assumed" in told for told in report(tmp_path))


def test_a_process_that_comes_to_no_end_is_told(tmp_path: Path) -> None:
    stuck = '<exclusiveGateway id="x"/><parallelGateway id="j"/>' + "".join(
        f'<sequenceFlow id="f{n}" sourceRef="{a}" targetRef="{b}"/>'
        for n, (a, b) in enumerate([("s", "x"), ("x", "j"), ("x", "j"), ("j", "e")])
    )
    (tmp_path / "a.bpmn").write_text(diagram(stuck, executable=False))
    assert "comes to no end (all 2 markings seen)" in report(tmp_path)[0]
    assert report(tmp_path)[-1] == "loaded=1 refused=0"


@pytest.mark.parametrize(
    "content", ["<definitions", "", '<!DOCTYPE a [<!ENTITY e "e">]><definitions>&e;</definitions>', "\0"]
)
def test_a_bad_file_does_not_stop_the_run(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.bpmn").write_text(content)
    (tmp_path / "b.bpmn").write_text(diagram(line('<userTask id="t"/>')))
    assert report(tmp_path)[-1] == "loaded=1 refused=1"
