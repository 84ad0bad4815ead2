"""Invented records for the registers of a demo city: the same from the same folder, some thousands in a second.

``registers/<code>/sandbox.yaml`` says how many and of what. The city's own people and companies come first, as
``people.yaml`` has them; all others are drawn from ``registers/words.yaml``. Areas, telephone numbers and credit codes
are those of nobody.
"""

import csv
import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import yaml
from stdnum.cn import ric, uscc

__all__ = ["make_registers"]

_FIRST_BIRTH = date(1935, 1, 1)
_BIRTHS = (date(2007, 12, 31) - _FIRST_BIRTH).days
_CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody of whom there are records."""

    number: str
    name: str
    address: str
    phone: str
    representative: str = ""


def make_registers(*, city: Path, into: Path, most: int | None = None) -> list[str]:
    """Write the records of every register that has a ``sandbox.yaml``; return the codes of those written now.

    ``most``: no more of each than so many; none at all for 0. What was written from the same files is left as it is.
    """
    if most == 0:
        return []
    folders = sorted(path.parent for path in city.glob("registers/*/sandbox.yaml"))
    into.mkdir(parents=True, exist_ok=True)
    return [folder.name for folder in folders if _make(folder, city, into, most)]


def _make(folder: Path, city: Path, into: Path, most: int | None) -> bool:
    given = yaml.safe_load((folder / "sandbox.yaml").read_text("utf-8"))
    given["records"] = min(given["records"], most or given["records"])
    path, noted = into / given["file"], into / f"{folder.name}.digest"
    digest = (
        _digest([folder / "sandbox.yaml", city / "people.yaml", city / "registers" / "words.yaml", Path(__file__)])
        + f"/{given['records']}"
    )
    if path.exists() and noted.exists() and noted.read_text() == digest:
        return False
    words = yaml.safe_load((city / "registers" / "words.yaml").read_text("utf-8"))
    people = yaml.safe_load((city / "people.yaml").read_text("utf-8"))
    rows = _rows(given, words, people)
    temporary = path.with_suffix(".new")
    temporary.unlink(missing_ok=True)
    (_write_csv if path.suffix == ".csv" else _write_sqlite)(temporary, given, rows)
    os.replace(temporary, path)
    noted.write_text(digest)
    return True


def _digest(paths: Sequence[Path]) -> str:
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in paths)).hexdigest()


def _rows(given: Mapping[str, Any], words: Mapping[str, Any], people: Mapping[str, Any]) -> Iterator[list[str]]:
    random = Random(given["seed"])  # noqa: S311  # records to try things with, the same each time
    columns: Mapping[str, Any] = given["columns"]
    known = given.get("known", {})
    for subject in islice(_subjects(given["of"], random, words, people), given["records"]):
        own = known.get(subject.number, {})
        yield [str(own.get(name, "") or _value(how, subject, random)) for name, how in columns.items()]


def _value(how: Any, subject: Subject, random: Random) -> str:
    """One column: a fact about the subject by its name, or a draw."""
    if isinstance(how, str):
        return _FACTS[how](subject)
    if "choice" in how:
        return str(random.choice(how["choice"]))
    if "integer" in how:
        return str(random.randint(*how["integer"]))
    first, last = (date.fromisoformat(str(day)) for day in how["day"])
    return (first + timedelta(days=random.randrange((last - first).days))).isoformat()


def _birth(subject: Subject) -> str:
    return date.fromisoformat(f"{subject.number[6:10]}-{subject.number[10:12]}-{subject.number[12:14]}").isoformat()


_FACTS: Mapping[str, Callable[[Subject], str]] = {
    "number": lambda subject: subject.number,
    "name": lambda subject: subject.name,
    "address": lambda subject: subject.address,
    "phone": lambda subject: subject.phone,
    "representative": lambda subject: subject.representative,
    "birth": _birth,
    "sex": lambda subject: "female" if int(subject.number[16]) % 2 == 0 else "male",
}


# --- of whom ----------------------------------------------------------------------------------------------------------


def _subjects(of: str, random: Random, words: Mapping[str, Any], people: Mapping[str, Any]) -> Iterator[Subject]:
    """The city's own first, each once; then invented ones without end."""
    seen: set[str] = set()
    invent = {"person": (_person,), "organisation": (_body,), "holder": (_person, _body)}[of]
    for subject in _own(of, random, words, people):
        seen.add(subject.number)
        yield subject
    while True:
        subject = random.choice(invent)(random, words)
        if subject.number not in seen:
            seen.add(subject.number)
            yield subject


def _own(of: str, random: Random, words: Mapping[str, Any], people: Mapping[str, Any]) -> Iterator[Subject]:
    names = {row["username"]: row["name"]["zh"] for row in people["people"]}
    if of in ("person", "holder"):
        for row in people["people"]:
            yield Subject(row["identity_number"], row["name"]["zh"], _address(random, words), row["phone"])
    if of in ("organisation", "holder"):
        for row in people["organisations"]:
            representative = names[row["legal_representative"]]
            yield Subject(row["credit_code"], row["name"]["zh"], row["address"]["zh"], row["phone"], representative)


def _person(random: Random, words: Mapping[str, Any]) -> Subject:
    born = _FIRST_BIRTH + timedelta(days=random.randrange(_BIRTHS))
    body = f"{words['area']}{born:%Y%m%d}{random.randrange(1, 1000):03d}"
    return Subject(
        body + ric.calc_check_digit(body + "0"), _name(random, words), _address(random, words), _phone(random)
    )


def _body(random: Random, words: Mapping[str, Any]) -> Subject:
    body = f"91{words['division']}MA" + "".join(random.choice(_CODE) for _ in range(7))
    company = words["company"]
    name = company["pattern"].format(
        name=random.choice(company["names"]) + random.choice(company["names"]), trade=random.choice(company["trades"])
    )
    code = body + uscc.calc_check_digit(body + "0")
    return Subject(code, name, _address(random, words), _phone(random), _name(random, words))


def _name(random: Random, words: Mapping[str, Any]) -> str:
    return "".join([random.choice(words["family"]), *random.choices(words["given"], k=random.randint(1, 2))])


def _address(random: Random, words: Mapping[str, Any]) -> str:
    street = random.choice(words["streets"])
    return str(words["address"]).format(street=street, number=random.randint(1, 400))


def _phone(random: Random) -> str:
    """Of the range that nobody is given."""
    return f"1390000{random.randrange(10_000):04d}"


# --- to the disk ------------------------------------------------------------------------------------------------------


def _write_csv(path: Path, given: Mapping[str, Any], rows: Iterator[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(given["columns"])
        writer.writerows(rows)


def _write_sqlite(path: Path, given: Mapping[str, Any], rows: Iterator[list[str]]) -> None:
    names = list(given["columns"])
    listed = ", ".join(f'"{name}" TEXT' for name in names)
    marks = ", ".join("?" * len(names))
    with closing(sqlite3.connect(path)) as base, base:
        base.execute(f'CREATE TABLE record ({listed}, PRIMARY KEY ("{names[0]}"))')
        base.executemany(f"INSERT INTO record VALUES ({marks})", rows)  # noqa: S608  # question marks
