"""The counter on a Monday morning."""

from tests.web.hall.conftest import at, on_monday

__all__ = ["at", "on_monday"]
