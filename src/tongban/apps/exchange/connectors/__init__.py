"""How registers are reached: one module for each kind of connector that a service.yaml may name."""

from collections.abc import Callable, Mapping
from typing import Any

from tongban.apps.catalog.definitions.registers import Register
from tongban.apps.exchange.connectors import csv_drop, http_service, sql_table
from tongban.apps.exchange.connectors.interface import Away, Connector

__all__ = ["Away", "Connector", "connector_of", "provide"]

_MAKERS: dict[str, Callable[[Mapping[str, Any]], Connector]] = {
    "sql": sql_table.SqlTable,
    "csv": csv_drop.CsvDrop,
    "http": http_service.HttpService,
}


def provide(*, kind: str, make: Callable[[Mapping[str, Any]], Connector]) -> None:
    """Let ``make`` answer for connectors of a kind of which this module does not know by itself."""
    _MAKERS[kind] = make


def connector_of(*, register: Register) -> Connector:
    """Return the way to a register. Raises ``Away`` (``not-set-up``) where there is none, or it is not set up."""
    try:
        return _MAKERS[register.connector["kind"]](register.connector)
    except KeyError as error:
        raise Away("not-set-up") from error
