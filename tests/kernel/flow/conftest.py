"""What the tests of flow share."""

from pathlib import Path

import pytest
from tests.kernel.flow.living import Life

from tongban.kernel.clock import Limit
from tongban.kernel.flow import Accept, Complete, Definition, load_bpmn

__all__ = ["LICENCE"]

LICENCE = Path(__file__).parent / "processes" / "licence.bpmn"


@pytest.fixture(scope="session")
def licence() -> Definition:
    """Acceptance, handling, two departments at once, decision, certificate, delivery."""
    return load_bpmn(LICENCE.read_bytes(), source=LICENCE.name)


@pytest.fixture
def filed(licence: Definition) -> Life:
    """A case that waits to be accepted."""
    life = Life(licence)
    life.file()
    return life


@pytest.fixture
def accepted(filed: Life) -> Life:
    """A case that waits to be handled."""
    filed.do(Accept())
    return filed


@pytest.fixture
def split(accepted: Life) -> Life:
    """A case that two departments have on their desks."""
    accepted.do(Complete(task=accepted.task("handle").no))
    return accepted


@pytest.fixture
def ready(split: Life) -> Life:
    """A case that waits for its decision."""
    split.do(Complete(task=split.task("fire").no))
    split.do(Complete(task=split.task("inspect").no))
    return split


@pytest.fixture
def ten_days() -> Limit:
    """Ten working days."""
    return Limit.parse("10 working days")
