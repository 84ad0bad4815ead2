"""A CSV file that a department drops: the newest that fits a pattern. Keys are indexed once for each file."""

import csv
import io
from collections.abc import Mapping, Sequence
from functools import lru_cache
from glob import glob
from pathlib import Path
from typing import Any

from tongban.apps.exchange.connectors.interface import Away, Found
from tongban.apps.exchange.connectors.places import path_of
from tongban.apps.exchange.requests import Request
from tongban.apps.people.sealing import lookup_hash

__all__ = ["CsvDrop"]


class CsvDrop:
    """``file`` may hold ``*``: of those that fit, the one changed last counts. The first line names the columns."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self._pattern = str(path_of(str(given["file"])))
        self._columns: Mapping[str, str] = given["columns"]
        self._key = str(given.get("key_column", "key"))
        self._encoding = str(given.get("encoding", "utf-8-sig"))

    def fetch(self, *, request: Request, number: int, fields: Sequence[str], seconds: float) -> Found:
        """See ``Connector``."""
        try:
            path = max((Path(each) for each in glob(self._pattern)), key=lambda each: each.stat().st_mtime_ns)
            header, places = _index(str(path), path.stat().st_mtime_ns, self._key, self._encoding)
            place = places.get(lookup_hash(kind="csv", text=request.key))
            if place is None:
                return None
            with path.open("rb") as file:
                file.seek(place)
                text = file.readline().decode(self._encoding.removesuffix("-sig"))
            row = dict(zip(header, next(csv.reader([text])), strict=False))
            return {name: row[self._columns[name]] for name in fields}
        except (OSError, ValueError, KeyError, csv.Error, StopIteration) as error:
            raise Away("file") from error


@lru_cache(8)
def _index(path: str, _changed: int, key: str, encoding: str) -> tuple[list[str], Mapping[str, int]]:
    """The columns, and where the line of each key begins. Keys by their keyed hash: no list of numbers lies in memory.

    A record is one line: a line break inside quotes is refused by the count of its columns.
    """
    places: dict[str, int] = {}
    with open(path, "rb") as file:
        header = next(csv.reader(io.StringIO(file.readline().decode(encoding))))
        at, column = file.tell(), header.index(key)
        for line in file:
            row = next(csv.reader([line.decode(encoding.removesuffix("-sig"))]))
            if len(row) != len(header):
                raise ValueError("columns")
            places[lookup_hash(kind="csv", text=row[column])] = at
            at += len(line)
    return header, places
