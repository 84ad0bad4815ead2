"""The part of the DMN technology compatibility kit that stands beside the repository, where it does."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tongban.kernel.rules.conformance import Verdict, agree, judge, load_models, read_suite

KIT = Path(__file__).parents[4] / "shared" / "data" / "dmn-tck"
AT = datetime(2026, 1, 1, tzinfo=UTC)
needs_kit = pytest.mark.skipif(not KIT.is_dir(), reason="no DMN TCK at ../shared/data/dmn-tck")


def share(level: str) -> tuple[int, int, list[str]]:
    passed, failed, names = 0, 0, []
    for folder in sorted((KIT / level).iterdir()):
        models = load_models({path.name: path.read_bytes() for path in folder.glob("*.dmn")})
        for path in sorted(folder.glob("*-test-*.xml")):
            for judgement in judge(read_suite(path.read_bytes()), models, at=AT):
                if judgement.verdict is Verdict.PASSED:
                    passed += 1
                else:
                    failed += 1
                    names.append(f"{folder.name}/{judgement.case}")
    return passed, failed, names


@needs_kit
def test_level_2_is_complete() -> None:
    passed, _, names = share("compliance-level-2")
    assert names == []
    assert passed > 100


@needs_kit
@pytest.mark.slow
def test_level_3_is_complete() -> None:
    passed, _, names = share("compliance-level-3")
    assert names == []
    assert passed > 2800


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
