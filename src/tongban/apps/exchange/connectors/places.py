"""Where a register's files lie, and what an operator sets for one place: paths and addresses in a service.yaml."""

import os
import re
from pathlib import Path

from django.conf import settings

from tongban.apps.exchange.connectors.interface import Away

__all__ = ["filled", "path_of"]

_NAME = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\}")


def filled(text: str) -> str:
    """Return ``text`` with ``${NAME}`` replaced from the environment. Raises ``Away`` where one is not set.

    So that addresses and tokens of a real register stand with the other secrets of a place, not in the city's folder.
    """

    def value(found: re.Match[str]) -> str:
        name = found.group(1)
        if name == "VAR":
            return str(settings.VAR)
        if name not in os.environ:
            raise Away("not-set-up")
        return os.environ[name]

    return _NAME.sub(value, text)


def path_of(text: str) -> Path:
    """Return the path that ``text`` names; a relative one lies beside the city's data (``TONGBAN_VAR``)."""
    path = Path(filled(text))
    return path if path.is_absolute() else Path(settings.VAR) / path
