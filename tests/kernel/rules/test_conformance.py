"""The part of the DMN technology compatibility kit that stands beside the repository, where it does."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tongban.kernel.rules import Decisions, RulesError, load_dmn
from tongban.kernel.rules.conformance import agree, read_suite, run_case

KIT = Path(__file__).parents[4] / "shared" / "data" / "dmn-tck"
AT = datetime(2026, 1, 1, tzinfo=UTC)
needs_kit = pytest.mark.skipif(not KIT.is_dir(), reason="no DMN TCK at ../shared/data/dmn-tck")


def load_folder(folder: Path) -> dict[str, Decisions]:
    """All models of a folder by file name; a model that imports another is tried again when that is there."""
    waiting = {path.name: path.read_bytes() for path in sorted(folder.glob("*.dmn"))}
    made: dict[str, Decisions] = {}
    for _ in range(len(waiting)):
        for name, xml in list(waiting.items()):
            try:
                known = {decisions.namespace: decisions for decisions in made.values()}
                made[name] = load_dmn(xml, source=name, imports=known, problems=[])
                del waiting[name]
            except RulesError as error:
                if error.code != "rules.import-missing":
                    raise
    return made


def share(level: str) -> tuple[int, int, list[str]]:
    passed, failed, names = 0, 0, []
    for folder in sorted((KIT / level).iterdir()):
        models = load_folder(folder)
        for path in sorted(folder.glob("*-test-*.xml")):
            suite = read_suite(path.read_bytes())
            for case in suite.cases:
                if run_case(models[suite.model], case, at=AT):
                    failed += 1
                    names.append(f"{folder.name}/{case.id}")
                else:
                    passed += 1
    return passed, failed, names


@needs_kit
def test_level_2_is_complete() -> None:
    passed, _, names = share("compliance-level-2")
    assert names == []
    assert passed > 100


@needs_kit
@pytest.mark.slow
def test_level_3_is_complete_but_for_years_beyond_four_digits() -> None:
    passed, failed, names = share("compliance-level-3")
    assert passed / (passed + failed) >= 0.98, names
    known = ("0100-arithmetic", "1115-feel-date-function", "1121-feel-years-and-months-duration-function")
    assert [name for name in names if not name.startswith(known)] == []


def test_a_case_is_read_and_compared() -> None:
    suite = read_suite(
        b'<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase" '
        b'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><modelName>m.dmn</modelName><testCase id="1">'
        b'<inputNode name="a"><list><item><value xsi:type="xsd:decimal">1</value></item></list></inputNode>'
        b'<resultNode name="b"><expected><component name="c"><value xsi:nil="true"/></component></expected>'
        b"</resultNode>"
        b"</testCase></testCases>"
    )
    (case,) = suite.cases
    assert suite.model == "m.dmn"
    assert case.inputs == {"a": [1]}
    assert case.expected == {"b": {"c": None}}
    assert agree(case.expected["b"], {"c": None})
    assert not agree(case.expected["b"], {"c": 0})


def test_what_is_no_kit_is_refused() -> None:
    with pytest.raises(ValueError, match="not a file of test cases"):
        read_suite(b"<a/>")
