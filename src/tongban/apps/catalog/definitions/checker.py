"""Checking a city's folder as a whole: everything that is wrong in it, at once and in order."""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tongban.kernel.clock import Calendar, calendar_for
from tongban.kernel.flow.departments import AUTHORITY, FRONT_DESK
from tongban.kernel.numbers import NumberError, parse_credit_code, parse_identity_number

from .audits import check_audits
from .bundles import ReadBundle, check_bundle, compile_bundle, read_bundle_folder
from .calendars import read_calendar
from .compiled import Compiled, compile_matter
from .dispatch import check_dispatch
from .documents import read_documents
from .folder import MatterFiles, read_folder, read_text
from .halls import check_halls
from .lint import lint
from .offers import check_offers
from .origins import check_origins
from .phone import check_phone
from .problems import Problem, in_order
from .references import check_references
from .registers import check_registers, read_registers
from .rights import check_rights
from .rule_words import check_rule_words
from .schema import check_schema
from .source import Document, read_yaml
from .supervision import check_supervision
from .synonyms import check_synonyms

__all__ = ["CityReport", "check_city"]

# Files of the city itself, and whether there must be one.
_CITY_FILES = {"city": True, "departments": True, "people": False, "windows": False, "history": False}


@dataclass(frozen=True, slots=True)
class CityReport:
    """What a check found, and what it read: the matters and bundles in order of their codes."""

    folder: Path
    departments: tuple[str, ...]
    matters: tuple[Compiled, ...]
    problems: tuple[Problem, ...]
    calendar: Calendar
    bundles: tuple[ReadBundle, ...] = ()


def check_city(folder: Path) -> CityReport:
    """Check everything in a city's folder. Never raises for what stands in it."""
    problems: list[Problem] = []
    if not folder.is_dir():
        problem = Problem(
            str(folder),
            0,
            "city.missing",
            "There is no such folder.",
            "name a folder with city.yaml, departments.yaml and matters",
        )
        return CityReport(folder, (), (), (problem,), calendar_for())
    documents = _city_documents(folder, problems)
    departments = _departments(documents)
    front_desk = documents["city"].value.get("front_desk", "") if "city" in documents else ""
    codes = sorted(path.name for path in folder.glob("matters/*") if path.is_dir())
    if not codes:
        problems.append(
            Problem("matters", 0, "city.no-matters", "The city has no matters.", "add matters/<code>/matter.yaml")
        )
    matters = []
    for code in codes:
        files, unread = read_folder(city=folder, code=code)
        compiled = _compiled(files, front_desk)
        matters.append(compiled)
        problems += unread
        problems += compiled.problems
        problems += check_references(compiled, departments)
        if compiled.definition is not None and compiled.matter is not None:
            problems += lint(compiled.definition, compiled.matter)
    problems += _people(documents, departments)
    problems += _windows(documents, codes)
    problems += check_halls(documents.get("windows"), matters=codes)
    problems += _city(documents, departments)
    problems += _history(documents, departments, codes)
    problems += _unique(matters)
    bundles = _bundles(folder, matters, problems)
    problems += check_synonyms(folder, matters=codes)
    documents_words = read_documents(folder)
    problems += documents_words if isinstance(documents_words, list) else []
    problems += check_offers(folder, matters=codes)
    problems += check_registers(folder, departments=departments, matters=codes)
    problems += check_rights(folder, matters=codes)
    problems += check_supervision(folder, matters={each.files.code: each.definition for each in matters})
    problems += check_rule_words(folder)
    problems += check_phone(folder, departments=departments)
    problems += check_dispatch(folder, departments=departments, voices=_voices(matters))
    problems += check_audits(folder, matters=codes)
    problems += _origins(folder, matters, departments, codes)
    calendar = read_calendar(folder)
    if isinstance(calendar, list):
        problems += calendar
        calendar = calendar_for()
    return CityReport(folder, departments, tuple(matters), in_order(problems), calendar, bundles)


_known: OrderedDict[tuple[object, ...], Compiled] = OrderedDict()
"""What was compiled before: a city that is checked again has changed in a few places."""
_MOST_KNOWN = 200


def _compiled(files: MatterFiles, front_desk: str) -> Compiled:
    key = files.code, files.digest(), tuple(sorted(files.labels.items())), front_desk
    compiled = _known.pop(key, None) or compile_matter(files, front_desk=front_desk)
    _known[key] = compiled
    while len(_known) > _MOST_KNOWN:
        _known.popitem(last=False)
    return compiled


def _origins(
    folder: Path, matters: list[Compiled], departments: tuple[str, ...], codes: list[str]
) -> Iterator[Problem]:
    registers = read_registers(folder)
    if isinstance(registers, list):
        return  # told already
    uploads = {
        one.definition.code: frozenset(spec.code for spec in one.definition.materials if spec.is_asked)
        for one in matters
        if one.definition is not None
    }
    for one in matters:
        if one.definition is not None and one.matter is not None:
            yield from check_origins(
                one.definition,
                one.matter,
                one.documents.get("form.yaml"),
                registers=registers,
                matters=codes,
                departments=departments,
                uploads=uploads,
            )


def _bundles(folder: Path, matters: list[Compiled], problems: list[Problem]) -> tuple[ReadBundle, ...]:
    definitions = {matter.files.code: matter.definition for matter in matters}
    bundles: list[ReadBundle] = []
    for code in sorted(path.name for path in folder.glob("bundles/*") if path.is_dir()):
        files, unread = read_bundle_folder(city=folder, code=code)
        read = compile_bundle(files)
        problems += [*unread, *read.problems, *check_bundle(read, definitions=definitions)]
        bundles.append(read)
    return tuple(bundles)


def _city_documents(folder: Path, problems: list[Problem]) -> dict[str, Document]:
    documents: dict[str, Document] = {}
    for name, needed in _CITY_FILES.items():
        file = f"{name}.yaml"
        if not needed and not (folder / file).exists():
            continue
        text = read_text(folder / file, file=file)
        document = text if isinstance(text, Problem) else read_yaml(text, file=file)
        if isinstance(document, Problem):
            problems.append(document)
            continue
        found = check_schema(document, schema=name)
        problems += found
        if not found:
            documents[name] = document
    return documents


def _departments(documents: dict[str, Document]) -> tuple[str, ...]:
    document = documents.get("departments")
    return tuple(row["code"] for row in document.value["departments"]) if document else ()


def _people(documents: dict[str, Document], departments: tuple[str, ...]) -> Iterator[Problem]:
    yield from _credit_codes(documents)
    document = documents.get("people")
    if document is None:
        return
    names: set[str] = set()
    for index, row in enumerate(document.value["people"]):
        path = ("people", index)
        if row["username"] in names:
            message = f"Two people sign in as `{row['username']}`."
            yield document.problem((*path, "username"), "people.twice", message, "give each a name of their own")
        names.add(row["username"])
        serves = any(role not in {"resident", "agent"} for role in row["roles"])
        if serves and row.get("department") not in departments:
            message = f"`{row['username']}` serves in no known department."
            yield document.problem(
                (*path, "department"), "department.unknown", message, f"use one of {', '.join(departments)}"
            )
        try:
            parse_identity_number(row["identity_number"])
        except NumberError as error:
            message = f"The identity number of `{row['username']}` is wrong: {error.code}."
            yield document.problem((*path, "identity_number"), "people.identity-number", message, "correct its digits")
    codes = {row["credit_code"] for row in document.value.get("organisations", ())}
    for index, row in enumerate(document.value.get("organisations", ())):
        if row["legal_representative"] not in names:
            message = f"There is no person `{row['legal_representative']}`."
            yield document.problem(("organisations", index), "people.unknown", message, "name a username of `people`")
    for index, row in enumerate(document.value.get("mandates", ())):
        if ("person" in row) == ("organisation" in row):
            message = "A mandate is for a person or for an organisation."
            yield document.problem(("mandates", index), "mandate.whom", message, "name one of the two")
        if row["agent"] == row.get("person"):
            message = f"`{row['agent']}` needs no mandate to act for themselves."
            yield document.problem(("mandates", index), "mandate.self", message, "remove it")
        for key, known in (("agent", names), ("person", names), ("organisation", codes)):
            if key in row and row[key] not in known:
                message = f"The mandate names `{row[key]}`, who is not here."
                yield document.problem(("mandates", index, key), "people.unknown", message, "name someone of this file")


def _credit_codes(documents: dict[str, Document]) -> Iterator[Problem]:
    for name, key in (("departments", "departments"), ("people", "organisations")):
        document = documents.get(name)
        for index, row in enumerate(document.value.get(key, ()) if document else ()):
            try:
                parse_credit_code(row["credit_code"])
            except NumberError as error:
                assert document is not None
                message = f"The credit code {row['credit_code']} is wrong: {error.code}."
                yield document.problem(
                    (key, index, "credit_code"), "number.credit-code", message, "correct it (GB 32100)"
                )
    document = documents.get("departments")
    seen: set[str] = set()
    for index, row in enumerate(document.value["departments"] if document else ()):
        assert document is not None
        for value in (row["code"], row["credit_code"], *([row["seal"]["number"]] if "seal" in row else ())):
            if value in seen:
                message = f"`{value}` stands here twice."
                yield document.problem(
                    ("departments", index), "department.twice", message, "give each department its own"
                )
            seen.add(value)


def _windows(documents: dict[str, Document], matters: list[str]) -> Iterator[Problem]:
    document = documents.get("windows")
    for index, centre in enumerate(document.value["centres"] if document else ()):
        for place, window in enumerate(centre["windows"]):
            named = window["matters"] if isinstance(window["matters"], list) else []
            for code in named:
                if code not in matters:
                    assert document is not None
                    path = ("centres", index, "windows", place, "matters")
                    yield document.problem(
                        path, "matter.unknown", f"There is no matter `{code}`.", f"use one of {', '.join(matters)}"
                    )


def _voices(matters: list[Compiled]) -> set[str]:
    return {each.files.code for each in matters if each.matter is not None and "voice" in each.matter.value}


def _city(documents: dict[str, Document], departments: tuple[str, ...]) -> Iterator[Problem]:
    document = documents.get("city")
    desk = document.value.get("front_desk", "") if document else ""
    for key in ("front_desk", "extends_joint_reviews"):
        code = document.value.get(key, "") if document else ""
        if document and code and code not in departments:
            message = f"There is no department `{code}`."
            yield document.problem((key,), "department.unknown", message, f"use one of {', '.join(departments)}")
    # A lane's `authority` and `window` are general names: a department called so could never be meant by one.
    for index, code in enumerate(departments):
        if code == AUTHORITY or (code == FRONT_DESK != desk):
            message = f"`{code}` is what diagrams call whatever department it is, so none can have it as its code."
            cure = "give it another code" + (", or make it the `front_desk` of city.yaml" if code == FRONT_DESK else "")
            yield documents["departments"].problem(("departments", index, "code"), "department.general", message, cure)


def _history(documents: dict[str, Document], departments: tuple[str, ...], matters: list[str]) -> Iterator[Problem]:
    document = documents.get("history")
    if document is None:
        return
    for code in document.value.get("pace", {}):
        if code not in departments:
            message = f"There is no department `{code}`."
            yield document.problem(
                ("pace", code), "department.unknown", message, f"use one of {', '.join(departments)}"
            )
    arrivals = document.value.get("arrivals", {})
    for code in arrivals.get("matters", {}):
        if code not in matters:
            path = ("arrivals", "matters", code)
            message = f"There is no matter `{code}`."
            yield document.problem(path, "matter.unknown", message, f"use one of {', '.join(matters)}")
    weights = {name: arrivals[name] for name in ("hours", "weekdays", "months") if name in arrivals}
    weights |= {"channels": list(arrivals["channels"].values())} if "channels" in arrivals else {}
    for name, listed in weights.items():
        if not any(listed):
            message = f"All `{name}` weigh nothing, so no case ever arrives."
            yield document.problem(("arrivals", name), "history.never", message, "give one of them more than 0")


def _unique(matters: list[Compiled]) -> Iterator[Problem]:
    """One implementation code is one matter (GB/T 39046)."""
    seen: dict[tuple[str, str, str], str] = {}
    for compiled in matters:
        definition, matter = compiled.definition, compiled.matter
        if definition is None or matter is None:
            continue
        key = (definition.authority, definition.level, definition.basic_code)
        if key in seen:
            message = f"`{seen[key]}` has the same basic code at the same authority and level."
            yield matter.problem(("basic_code",), "matter.basic-code", message, "give each matter its own basic code")
        seen[key] = definition.code
