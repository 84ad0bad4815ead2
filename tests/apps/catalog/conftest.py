from pathlib import Path

import pytest
from tests.apps.catalog.tiny import TinyCity


@pytest.fixture
def tiny(tmp_path: Path) -> TinyCity:
    """A city with one matter and nothing wrong."""
    return TinyCity(tmp_path / "tiny")
