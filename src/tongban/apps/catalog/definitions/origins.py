"""Where a material or an answer comes from, so that nobody is asked for what government holds."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .problems import Problem
from .registers import Register
from .source import Document

if TYPE_CHECKING:
    from .model import MaterialSpec, MatterDefinition

__all__ = ["KINDS", "Need", "Origin", "check_origins", "needs_of", "origin_of_field", "origins_of"]

KINDS = ("certificate", "register", "case", "department")


@dataclass(frozen=True, slots=True)
class Origin:
    """One place from which a material can be had. ``name`` is a matter (``certificate``, ``case``), a register or a
    department that keeps it; ``fields`` are those of the register, ``material`` that of the case.

    ``of``: whose record: the ``applicant``'s, or the ``representative``'s of a body that applies.
    """

    kind: str
    name: str
    fields: tuple[str, ...] = ()
    of: str = "applicant"
    material: str = ""


@dataclass(slots=True)
class Need:
    """What a matter wants of one register about one person or body: fields of its form to fill, materials to have."""

    register: str
    of: str
    fields: list[str] = field(default_factory=list)
    fills: dict[str, str] = field(default_factory=dict)
    materials: list[str] = field(default_factory=list)

    def add(self, names: Sequence[str]) -> None:
        """Want these fields too."""
        self.fields += [name for name in names if name not in self.fields]


def origins_of(spec: Mapping[str, Any]) -> tuple[Origin, ...]:
    """What ``from`` of a material says."""
    return tuple(
        Origin(
            kind=kind,
            name=each[kind],
            fields=tuple(each.get("fields", ())),
            of=each.get("of", "applicant"),
            material=each.get("material", ""),
        )
        for each in spec.get("from", ())
        for kind in KINDS
        if kind in each
    )


def origin_of_field(spec: Mapping[str, Any]) -> Origin | None:
    """What ``x-from`` of a question says."""
    given = spec.get("x-from")
    if given is None:
        return None
    return Origin("register", given["register"], (given["field"],), given.get("of", "applicant"))


def needs_of(definition: "MatterDefinition") -> list[Need]:
    """What the matter wants of registers, each register once for each person or body."""
    needs: dict[tuple[str, str], Need] = {}

    def need(origin: Origin) -> Need:
        found = needs.setdefault((origin.name, origin.of), Need(origin.name, origin.of))
        found.add(origin.fields)
        return found

    for asked in definition.form.fields.values():
        if asked.origin is not None:
            need(asked.origin).fills[asked.name] = asked.origin.fields[0]
    for spec in definition.materials:
        for origin in spec.origins:
            if origin.kind == "register":
                need(origin).materials.append(spec.code)
    return list(needs.values())


def check_origins(
    definition: "MatterDefinition",
    matter: Document,
    form: Document | None,
    *,
    registers: Mapping[str, Register],
    matters: Collection[str],
    departments: Collection[str],
    uploads: Mapping[str, Collection[str]],
) -> Iterator[Problem]:
    """Whether every origin is there, and the authority may ask each register for what is wanted of it.

    ``uploads``: by matter, the materials that are handed in with it, as far as the matter can be read.
    """
    for index, spec in enumerate(definition.materials):
        given = matter.value["materials"][index].get("from", ())
        if any(sum(kind in each for kind in KINDS) != 1 for each in given):
            message = "Each entry of `from` names one place."
            cure = f"name one of {', '.join(KINDS)} in each"
            yield matter.problem(("materials", index, "from"), "material.from", message, cure)
            continue
        for place, origin in enumerate(spec.origins):
            path: tuple[str | int, ...] = ("materials", index, "from", place)
            yield from _check(origin, matter, path, definition, registers, matters, departments)
            yield from _check_case(origin, spec, matter, path, uploads)
    for asked in definition.form.fields.values():
        if asked.origin is not None and form is not None:
            path = ("properties", asked.name, "x-from")
            yield from _check(asked.origin, form, path, definition, registers, matters, departments)


def _check(
    origin: Origin,
    document: Document,
    path: tuple[str | int, ...],
    definition: "MatterDefinition",
    registers: Mapping[str, Register],
    matters: Collection[str],
    departments: Collection[str],
) -> Iterator[Problem]:
    wants = {"register": "fields", "case": "material"}.get(origin.kind)
    if wants and not getattr(origin, wants):
        message = f"What is wanted of the {origin.kind} is not said."
        yield document.problem(path, "material.from", message, f"add `{wants}`")
    if origin.kind == "register":
        yield from _check_register(origin, document, path, definition, registers)
    elif origin.kind == "department" and origin.name not in departments:
        message = f"There is no department `{origin.name}`."
        yield document.problem(path, "department.unknown", message, f"use one of {', '.join(departments)}")
    elif origin.kind in ("certificate", "case") and origin.name not in matters:
        message = f"There is no matter `{origin.name}`."
        yield document.problem(path, "matter.unknown", message, "name one of the city's")


def _check_case(
    origin: Origin,
    spec: "MaterialSpec",
    document: Document,
    path: tuple[str | int, ...],
    uploads: Mapping[str, Collection[str]],
) -> Iterator[Problem]:
    """Whether a paper of another case is one that is handed in there, and is handed in here."""
    if origin.kind != "case" or not origin.material or origin.name not in uploads:
        return
    if origin.material not in uploads[origin.name]:
        message = f"Nobody hands in `{origin.material}` with `{origin.name}`."
        known = ", ".join(sorted(uploads[origin.name])) or "none"
        yield document.problem((*path, "material"), "material.from", message, f"its uploads are: {known}")
    if not spec.is_asked:
        message = "A paper of another case stands for one that is handed in; this one is not."
        yield document.problem(path, "material.from", message, "make it `form: upload`, or take it from elsewhere")


def _check_register(
    origin: Origin,
    document: Document,
    path: tuple[str | int, ...],
    definition: "MatterDefinition",
    registers: Mapping[str, Register],
) -> Iterator[Problem]:
    register = registers.get(origin.name)
    if register is None:
        message = f"There is no register `{origin.name}`."
        known = ", ".join(sorted(registers)) or "none yet: write registers/<code>/service.yaml"
        yield document.problem(path, "register.unknown", message, f"use one of {known}")
        return
    grant = register.grant_for(consumer=definition.authority, matter=definition.code)
    if grant is None:
        message = f"`{definition.authority}` has no grant to ask `{origin.name}` for this matter."
        yield document.problem(path, "register.no-grant", message, f"add one to registers/{origin.name}/service.yaml")
        return
    for name in origin.fields:
        if name not in grant.fields:
            message = f"`{origin.name}` does not grant `{name}` to `{definition.authority}` for this matter."
            cure = f"it grants {', '.join(grant.fields)}"
            yield document.problem(path, "register.no-grant", message, cure)
