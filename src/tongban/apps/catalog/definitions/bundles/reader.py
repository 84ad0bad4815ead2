"""A bundle's files to a ``Bundle``, with everything in them that does not hold together by itself."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter
from pathlib import Path, PurePosixPath
from typing import Any

from tongban.apps.catalog.definitions.expressions import expression_of
from tongban.apps.catalog.definitions.folder import MatterFiles, read_text
from tongban.apps.catalog.definitions.problems import Problem
from tongban.apps.catalog.definitions.schema import check_schema
from tongban.apps.catalog.definitions.source import Document, read_yaml
from tongban.apps.catalog.definitions.text import Text, text_of
from tongban.kernel.rules import Decisions, RulesError, load_dmn

from .model import (
    Bundle,
    BundleExample,
    BundleVisits,
    Dependency,
    GuideChoice,
    Part,
    Question,
    SharedAnswer,
)

__all__ = ["FILE", "BundleFiles", "ReadBundle", "compile_bundle", "read_bundle_folder"]

FILE = "bundle.yaml"
LAST_PLACE = 1_000


class BundleFiles(MatterFiles):
    """The texts of one bundle by the name under which ``bundle.yaml`` knows them."""

    __slots__ = ()

    def label(self, name: str) -> str:
        """Where a file stands in the city's folder."""
        return self.labels.get(name, f"bundles/{self.code}/{name}")


@dataclass(slots=True)
class ReadBundle:
    """What came of a bundle's files. ``bundle`` is there only when nothing kept it from being compiled."""

    files: BundleFiles
    document: Document | None = None
    bundle: Bundle | None = None
    problems: list[Problem] = field(default_factory=list)


def read_bundle_folder(*, city: Path, code: str) -> tuple[BundleFiles, list[Problem]]:
    """The files of ``bundles/<code>``: ``bundle.yaml``, and the rules that it names, here or in the city."""
    home = city / "bundles" / code
    texts: dict[str, str] = {}
    labels: dict[str, str] = {}
    problems: list[Problem] = []

    def take(name: str, path: Path) -> None:
        label = path.relative_to(city).as_posix()
        found = read_text(path, file=label)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            texts[name], labels[name] = found, label

    take(FILE, home / FILE)
    document = read_yaml(texts.get(FILE) or "{}", file=f"bundles/{code}/{FILE}")
    if isinstance(document, Problem) or not isinstance(document.value, dict):
        return BundleFiles(code, texts, labels), problems
    name = document.value.get("rules")
    if isinstance(name, str):
        inside = not PurePosixPath(name).is_absolute() and ".." not in PurePosixPath(name).parts
        found = next((path for path in (home / name, city / name) if inside and path.is_file()), None)
        if found is not None:
            take(name, found)
        else:
            message = f"There is no file `{name}`." if inside else f"`{name}` leads out of the folder."
            cure = "name a file of this folder, or one of the city"
            problems.append(document.problem(("rules",), "file.missing" if inside else "file.outside", message, cure))
    return BundleFiles(code, texts, labels), problems


def compile_bundle(files: BundleFiles, *, published: bool = False) -> ReadBundle:
    """Read and compile a bundle by itself; never raises for what stands in the files of a folder.

    ``published`` files were checked when they were published, and are only compiled.
    """
    found = ReadBundle(files)
    text = files.texts.get(FILE)
    document = read_yaml(text, file=files.label(FILE)) if text is not None else None
    if isinstance(document, Problem):
        found.problems.append(document)
    elif document is not None:
        found.problems += [] if published else check_schema(document, schema="bundle")
        if not found.problems:
            found.document = document
            rules = _rules(found, document)
            bundle = _bundle(document, rules, found.problems)
            if published or not found.problems:
                found.bundle = bundle
    return found


def _rules(found: ReadBundle, document: Document) -> Decisions | None:
    name = document.value.get("rules")
    text = found.files.texts.get(name) if name else None
    if text is None:
        return None
    label = found.files.label(name)
    try:
        return load_dmn(text.encode(), source=label)
    except RulesError as error:
        message = f"These rules cannot be used: {error}."
        cure = "correct what stands there; the reference of rules lists what is supported"
        found.problems.append(Problem(label, error.line, error.code, message, cure))
        return None


def _bundle(document: Document, rules: Decisions | None, problems: list[Problem]) -> Bundle:
    value = document.value
    questions = _questions(document, problems)
    names = {*(question.id for question in questions), *(rules.names if rules else ())}
    return Bundle(
        code=value["code"],
        name=text_of(value["name"]),
        summary=text_of(value["summary"]),
        keywords_zh=tuple(value["keywords"]["zh"]),
        keywords_en=tuple(value["keywords"]["en"]),
        icon=value["icon"],
        place=value.get("place", LAST_PLACE),
        served=tuple(value["served"]),
        questions=questions,
        rules=rules,
        parts=_parts(document, names, problems),
        shared=tuple(
            SharedAnswer(
                id=spec["id"],
                title=text_of(spec["title"]),
                hint=_text(spec, "hint"),
                when=expression_of(
                    document, ("shared", index, "when"), spec.get("when"), names=names, problems=problems
                ),
                fields=spec["fields"],
            )
            for index, spec in enumerate(value.get("shared", ()))
        ),
        materials=tuple(value.get("materials", ())),
        visits=(BundleVisits(value["visits"]["most"], text_of(value["visits"]["why"])) if "visits" in value else None),
        examples=tuple(_example(document, index, spec) for index, spec in enumerate(value["examples"])),
    )


def _questions(document: Document, problems: list[Problem]) -> tuple[Question, ...]:
    questions: list[Question] = []
    asked: set[str] = set()
    for index, spec in enumerate(document.value["guide"]):
        path = ("guide", index)
        if spec["id"] in asked:
            message = f"Two questions have the id `{spec['id']}`."
            problems.append(document.problem((*path, "id"), "bundle.question-twice", message, "give each its own id"))
        values = [choice["value"] for choice in spec["choices"]]
        for place, value in enumerate(values):
            if value in values[:place]:
                message = f"The choice `{value}` stands here twice."
                where = (*path, "choices", place)
                problems.append(document.problem(where, "bundle.choice-twice", message, "give each its own value"))
        when = expression_of(document, (*path, "when"), spec.get("when"), names=asked, problems=problems)
        asked.add(spec["id"])
        choices = tuple(
            GuideChoice(choice["value"], text_of(choice["label"]), _text(choice, "hint")) for choice in spec["choices"]
        )
        title, hint = text_of(spec["title"]), _text(spec, "hint")
        questions.append(Question(spec["id"], title, hint, choices, when, spec.get("fields", {})))
    return tuple(questions)


def _parts(document: Document, names: Collection[str], problems: list[Problem]) -> tuple[Part, ...]:
    specs: Sequence[Mapping[str, Any]] = document.value["parts"]
    parts: dict[str, Part] = {}
    for index, spec in enumerate(specs):
        path = ("parts", index)
        if spec["matter"] in parts:
            message = f"`{spec['matter']}` is a part twice."
            problems.append(document.problem(path, "bundle.part-twice", message, "keep one of the two"))
        parts[spec["matter"]] = Part(
            matter=spec["matter"],
            optional=spec.get("need") == "optional",
            when=expression_of(document, (*path, "when"), spec.get("when"), names=names, problems=problems),
            note=_text(spec, "note"),
            after=tuple(Dependency(one["part"], text_of(one["why"])) for one in spec.get("after", ())),
            later=tuple(spec.get("later", ())),
        )
        if "later" in spec and "after" not in spec:
            message = "Answers come later, but the part waits for nothing that could give them."
            cure = "say with `after` what gives them, or remove `later`"
            problems.append(document.problem((*path, "later"), "bundle.later-after-nothing", message, cure))
    for index, spec in enumerate(specs):
        for place, one in enumerate(spec.get("after", ())):
            if one["part"] not in parts:
                message = f"There is no part `{one['part']}` here."
                where = ("parts", index, "after", place, "part")
                cure = f"use one of {', '.join(parts)}"
                problems.append(document.problem(where, "bundle.unknown-part", message, cure))
    return _in_order(document, parts, problems)


def _in_order(document: Document, parts: Mapping[str, Part], problems: list[Problem]) -> tuple[Part, ...]:
    """Each part after those that it depends on, else as they stand in the file."""
    places = {matter: place for place, matter in enumerate(parts)}
    needs = {part.matter: [one.part for one in part.after if one.part in parts] for part in parts.values()}
    sorter = TopologicalSorter(needs)
    try:
        sorter.prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        message = f"These parts wait for each other: {' → '.join(reversed(circle))}."
        place = next(index for index, spec in enumerate(document.value["parts"]) if spec["matter"] == circle[0])
        cure = "remove one `after` of the circle"
        problems.append(document.problem(("parts", place, "after"), "bundle.circle", message, cure))
        return tuple(parts.values())
    ordered: list[Part] = []
    ready: list[str] = []
    while sorter.is_active():
        ready += sorter.get_ready()
        first = min(ready, key=places.__getitem__)
        ready.remove(first)
        ordered.append(parts[first])
        sorter.done(first)
    return tuple(ordered)


def _example(document: Document, index: int, spec: Mapping[str, Any]) -> BundleExample:
    return BundleExample(
        name=text_of(spec["name"]),
        line=document.line("examples", index),
        answers=spec["answers"],
        parts=tuple(spec["parts"]),
        materials=tuple(spec["materials"]) if "materials" in spec else None,
        fee=Decimal(spec["fee"]) if "fee" in spec else None,
        visits=spec.get("visits"),
    )


def _text(spec: Mapping[str, Any], key: str) -> Text | None:
    return text_of(spec[key]) if key in spec else None
