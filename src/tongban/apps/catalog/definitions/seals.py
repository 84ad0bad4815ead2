"""The electronic seals of a city's departments, as ``departments.yaml`` names them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .folder import read_text
from .problems import Problem
from .schema import check_schema
from .source import read_yaml

__all__ = ["Seal", "read_seals"]

FILE = "departments.yaml"


@dataclass(frozen=True, slots=True)
class Seal:
    """The seal under a department's papers: its name, and the number under which it is registered ("" for none)."""

    name: str = "电子签章"
    number: str = ""


def read_seals(folder: Path) -> Mapping[str, Seal] | list[Problem]:
    """The seals of departments that have one of their own, by code, or why the file cannot be used."""
    text = read_text(folder / FILE, file=FILE)
    document = text if isinstance(text, Problem) else read_yaml(text, file=FILE)
    if isinstance(document, Problem):
        return [document]
    problems = check_schema(document, schema="departments")
    if problems:
        return problems
    rows = (row for row in document.value["departments"] if "seal" in row)
    return {row["code"]: Seal(row["seal"]["name"], row["seal"]["number"]) for row in rows}
