"""What departments publish of their registers: ``registers/<code>/service.yaml``, one data service each."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from .articles import Article
from .folder import read_text
from .problems import Problem
from .schema import check_schema
from .source import Document, read_yaml
from .text import Text, text_of

__all__ = ["CONNECTORS", "NEIGHBOUR", "Grant", "Register", "RegisterField", "check_registers", "read_registers"]

NEIGHBOUR = "neighbour-"
"""How a grant names another city or system; who that is, only the place that is run knows."""
CONNECTORS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "sql": (frozenset({"database", "table", "columns"}), frozenset({"key_column", "timeout"})),
    "csv": (frozenset({"file", "columns"}), frozenset({"key_column", "encoding", "timeout"})),
    "http": (frozenset({"url"}), frozenset({"token", "timeout"})),
    "wire": (frozenset({"peer"}), frozenset({"service", "timeout"})),
}
"""The kinds of connectors: what each must say, and what it may (docs/reference/definitions.md)."""


@dataclass(frozen=True, slots=True)
class RegisterField:
    """A field that a register can give. Where ``format`` is ``identity-number`` or ``mobile``, screens mask it."""

    name: str
    title: Text
    type: str
    format: str
    labels: Mapping[str, Text]

    @property
    def sensitive(self) -> bool:
        """Whether screens show it masked."""
        return self.format in {"identity-number", "mobile"}

    def label(self, value: Any, language: str) -> str:
        """A value in words; one without a label as it is."""
        known = self.labels.get(str(value).lower() if isinstance(value, bool) else str(value))
        return known.in_language(language) if known is not None else str(value)


@dataclass(frozen=True, slots=True)
class Grant:
    """What a department may be told, for what purpose, and on what basis: an article of law, or consent.

    ``matters``: only for cases of these; empty for any.
    """

    consumer: str
    purpose: str
    why: Text
    matters: tuple[str, ...]
    fields: tuple[str, ...]
    basis: Article | None
    consent: bool


@dataclass(frozen=True, slots=True)
class Register:
    """A data service: whose it is, what it can tell, how it is reached, and who may ask it what.

    ``of``: whose number finds a record: ``person``, ``organisation`` or ``holder`` (either). ``freshness``: how long an
    answer may be used before it is asked for again.
    """

    code: str
    name: Text
    summary: Text | None
    department: str
    legal_basis: tuple[Article, ...]
    key: str
    of: str
    fields: Mapping[str, RegisterField]
    freshness: timedelta
    connector: Mapping[str, Any]
    grants: tuple[Grant, ...]

    def grant(self, *, consumer: str, purpose: str) -> Grant | None:
        """What ``consumer`` may be told for that purpose."""
        return next((each for each in self.grants if (each.consumer, each.purpose) == (consumer, purpose)), None)

    def grant_for(self, *, consumer: str, matter: str) -> Grant | None:
        """What ``consumer`` may be told for a case of that matter."""
        own = (each for each in self.grants if each.consumer == consumer)
        return next((each for each in own if not each.matters or matter in each.matters), None)


def read_registers(folder: Path) -> Mapping[str, Register] | list[Problem]:
    """The registers of the city in ``folder`` by code, or why a file cannot be used."""
    problems: list[Problem] = []
    found: dict[str, Register] = {}
    for path in sorted(folder.glob("registers/*/service.yaml")):
        document = _document(path, path.relative_to(folder).as_posix(), problems)
        if document is not None:
            found[path.parent.name] = _register(document.value)
    return problems or found


def check_registers(folder: Path, *, departments: Collection[str], matters: Collection[str]) -> Iterator[Problem]:
    """Everything that is wrong in the registers of a city with these departments and matters."""
    for path in sorted(folder.glob("registers/*/service.yaml")):
        problems: list[Problem] = []
        document = _document(path, path.relative_to(folder).as_posix(), problems)
        yield from problems
        if document is not None:
            yield from _check(document, path.parent.name, departments, matters)


def _document(path: Path, file: str, problems: list[Problem]) -> Document | None:
    text = read_text(path, file=file)
    document = text if isinstance(text, Problem) else read_yaml(text, file=file)
    if isinstance(document, Problem):
        problems.append(document)
        return None
    found = check_schema(document, schema="service") or list(_connector(document))
    problems += found
    return None if found else document


def _connector(document: Document) -> Iterator[Problem]:
    given = document.value["connector"]
    kind = given["kind"]
    if kind not in CONNECTORS:
        cure = f"use one of {', '.join(sorted(CONNECTORS))}"
        yield document.problem(("connector", "kind"), "register.connector", f"There is no connector `{kind}`.", cure)
        return
    must, may = CONNECTORS[kind]
    for name in sorted(must - given.keys()):
        message = f"A `{kind}` connector needs `{name}`."
        yield document.problem(("connector",), "register.connector", message, f"add `{name}`")
    for name in sorted(given.keys() - must - may - {"kind"}):
        message = f"A `{kind}` connector knows no `{name}`."
        yield document.problem(("connector", name), "register.connector", message, "remove it")
    columns = given.get("columns", {})
    if not isinstance(columns, dict):
        message = "`columns` must name the column of each field."
        yield document.problem(("connector", "columns"), "register.connector", message, "write `field: column`")
        return
    for name in sorted(document.value["fields"].keys() - columns.keys()) if "columns" in must else ():
        message = f"No column is named for `{name}`."
        yield document.problem(("connector", "columns"), "register.connector", message, f"add `{name}: its column`")


def _check(document: Document, home: str, departments: Collection[str], matters: Collection[str]) -> Iterator[Problem]:
    value = document.value
    if value["code"] != home:
        message = f"The code is `{value['code']}`, the folder `{home}`."
        yield document.problem(("code",), "register.folder", message, "let both be the same")
    if value["department"] not in departments:
        message = f"There is no department `{value['department']}`."
        cure = f"use one of {', '.join(departments)}"
        yield document.problem(("department",), "department.unknown", message, cure)
    if value["key"]["field"] not in value["fields"]:
        message = f"The key `{value['key']['field']}` is no field."
        yield document.problem(("key", "field"), "register.key", message, "add it to `fields`")
    seen: set[tuple[str, str]] = set()
    for index, grant in enumerate(value["grants"]):
        yield from _check_grant(document, index, departments, matters)
        key = (grant["consumer"], grant["purpose"])
        if key in seen:
            message = f"`{key[0]}` is granted `{key[1]}` twice."
            yield document.problem(("grants", index), "register.grant-twice", message, "keep one of the two")
        seen.add(key)


def _check_grant(
    document: Document, index: int, departments: Collection[str], matters: Collection[str]
) -> Iterator[Problem]:
    grant, path = document.value["grants"][index], ("grants", index)
    if grant["consumer"] not in departments and not str(grant["consumer"]).startswith(NEIGHBOUR):
        message = f"There is no department `{grant['consumer']}`."
        cure = f"use one of {', '.join(departments)}"
        yield document.problem((*path, "consumer"), "department.unknown", message, cure)
    for code in grant.get("matters", ()):
        if code not in matters:
            message = f"There is no matter `{code}`."
            yield document.problem((*path, "matters"), "matter.unknown", message, "name one of the city's")
    for name in grant["fields"]:
        if name not in document.value["fields"]:
            message = f"`{name}` is no field of this register."
            yield document.problem((*path, "fields"), "register.field", message, "grant what there is")
    if ("basis" in grant) == bool(grant.get("consent", False)):
        message = "A grant rests on an article of law, or on consent: on one of the two."
        yield document.problem(path, "register.basis", message, "write `basis`, or `consent: true`")


def _register(value: Mapping[str, Any]) -> Register:
    amount, unit = value["freshness"].split()
    return Register(
        code=value["code"],
        name=text_of(value["name"]),
        summary=text_of(value["summary"]) if "summary" in value else None,
        department=value["department"],
        legal_basis=tuple(_article(each) for each in value["legal_basis"]),
        key=value["key"]["field"],
        of=value["key"]["of"],
        fields={name: _field(name, each) for name, each in value["fields"].items()},
        freshness=timedelta(**{unit.rstrip("s") + "s": int(amount)}),
        connector=value["connector"],
        grants=tuple(_grant(each) for each in value["grants"]),
    )


def _field(name: str, value: Mapping[str, Any]) -> RegisterField:
    labels = {key: text_of(each) for key, each in value.get("labels", {}).items()}
    return RegisterField(name, text_of(value["title"]), value["type"], value.get("format", ""), labels)


def _grant(value: Mapping[str, Any]) -> Grant:
    return Grant(
        consumer=value["consumer"],
        purpose=value["purpose"],
        why=text_of(value["why"]),
        matters=tuple(value.get("matters", ())),
        fields=tuple(value["fields"]),
        basis=_article(value["basis"]) if "basis" in value else None,
        consent=value.get("consent", False),
    )


def _article(value: Mapping[str, Any]) -> Article:
    return Article(text_of(value["law"]), text_of(value["article"]))
