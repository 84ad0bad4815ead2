"""``tongban conformance dmn``: what is printed of a suite that passes in part, and of files that are broken."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

MODEL = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="m" namespace="n">
<inputData id="i" name="fee"><variable name="fee" typeRef="number"/></inputData>
<decision id="d" name="doubled"><variable name="doubled"/>
<informationRequirement><requiredInput href="#i"/></informationRequirement>
<literalExpression><text>fee * 2</text></literalExpression></decision>
<decision id="e" name="broken"><variable name="broken"/>
<literalExpression><text>1 +</text></literalExpression></decision>
</definitions>"""


def cases(*tests: tuple[str, str, str]) -> str:
    made = "".join(
        f'<testCase id="{number}"><inputNode name="fee"><value xsi:type="xsd:decimal">{fee}</value></inputNode>'
        f'<resultNode name="{name}"><expected><value xsi:type="xsd:decimal">{value}</value></expected></resultNode>'
        "</testCase>"
        for number, (name, fee, value) in enumerate(tests, 1)
    )
    return (
        '<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">'
        f"<modelName>m.dmn</modelName>{made}</testCases>"
    )


def report(folder: Path) -> list[str]:
    out = StringIO()
    call_command("conformance", "dmn", str(folder), stdout=out)
    return out.getvalue().splitlines()


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    for level in ("compliance-level-2", "compliance-level-3"):
        folder = tmp_path / "TestCases" / level / "0001-doubling"
        folder.mkdir(parents=True)
        (folder / "m.dmn").write_text(MODEL)
    return tmp_path


def put(kit: Path, level: int, text: str, name: str = "m-test-01.xml") -> None:
    (kit / "TestCases" / f"compliance-level-{level}" / "0001-doubling" / name).write_text(text)


def test_the_last_line_counts_by_level(kit: Path) -> None:
    put(kit, 2, cases(("doubled", "2", "4")))
    put(kit, 3, cases(("doubled", "2", "4"), ("doubled", "2", "5"), ("broken", "2", "4")))
    *told, last = report(kit)
    assert last == "level2 passed=1 failed=0 refused=0 total=1 level3 passed=1 failed=1 refused=1 total=3"
    assert len(told) == 2
    assert "doubled: expected 5, found 4" in told[0]
    assert "rules.syntax at line 7" in told[1]


def test_the_folder_of_one_level_is_enough(kit: Path) -> None:
    put(kit, 3, cases(("doubled", "3", "6")))
    last = report(kit / "TestCases" / "compliance-level-3")[-1]
    assert last == "level2 passed=0 failed=0 refused=0 total=0 level3 passed=1 failed=0 refused=0 total=1"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a-test-01.xml", "<testCases", "unreadable"),
        ("a-test-01.xml", "<other/>", "not a file of test cases"),
        ("a-test-01.xml", cases(("doubled", "2", "4")).replace("m.dmn", "none.dmn"), "none.dmn: no such file"),
        ("bad.dmn", "<definitions", ""),
        ("bad.dmn", '<!DOCTYPE a [<!ENTITY e "e">]><definitions>&e;</definitions>', ""),
    ],
)
def test_a_bad_file_does_not_stop_the_run(kit: Path, name: str, content: str, told: str) -> None:
    put(kit, 3, cases(("doubled", "2", "4")))
    put(kit, 3, content, name)
    lines = report(kit)
    assert told in "\n".join(lines)
    assert "level3 passed=1 failed=0" in lines[-1]


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is no folder"):
        report(tmp_path / "nowhere")
