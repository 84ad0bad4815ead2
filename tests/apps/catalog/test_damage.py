"""However a folder is damaged, checking it and running its examples gives problems, never a traceback."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.apps.catalog.tiny import TinyCity

from tongban.apps.catalog.definitions.checker import check_city
from tongban.apps.catalog.definitions.rehearsal import rehearse

FILES = [TinyCity.MATTER, TinyCity.FORM, TinyCity.RULES, TinyCity.PROCESS, TinyCity.EXAMPLE, "departments.yaml"]
SCRAPS = [
    *"[]{}:\"'-&*<>=/~0\n\x00",
    "null",
    "true",
    "99999999999999999999",
    "é",
    "2026-13-45",
    "1.5",
    "[]",
    "{}",
    "node",
]


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    file=st.sampled_from(FILES),
    cuts=st.lists(
        st.tuples(st.floats(0, 1), st.sampled_from([0, 1, 3, 40]), st.sampled_from(SCRAPS)), min_size=1, max_size=3
    ),
)
def test_damage_is_told(tmp_path: Path, file: str, cuts: list[tuple[float, int, str]]) -> None:
    tiny = TinyCity(tmp_path / "tiny")
    text = tiny.read(file)
    for place, length, scrap in cuts:
        at = int(place * len(text))
        text = text[:at] + scrap + text[at + length :]
    tiny.write(file, text)
    report = check_city(tiny.folder)
    for problem in report.problems:
        assert problem.file
        assert problem.cure
    for matter in report.matters:
        for example in matter.definition.examples if matter.definition else ():
            rehearse(definition=matter.definition, example=example, calendar=report.calendar)  # type: ignore[arg-type]
