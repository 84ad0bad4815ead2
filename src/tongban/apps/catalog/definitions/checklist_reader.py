"""``checklist.yaml`` to a checklist, and what is wrong in one."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from tongban.kernel.flow import Definition
from tongban.kernel.flow.definition import Act, Kind

from .articles import Article
from .checklists import Checklist, Item, digest_of
from .expressions import expression_of
from .form import Form
from .problems import Problem
from .source import Document
from .text import text_of

__all__ = ["check_checklists", "checklist_of"]

_GOING = frozenset({Act.INSPECT, Act.OPINION})
"""Of steps for which somebody goes there: alone, or with the other departments that give an opinion."""


def checklist_of(document: Document, *, node: str, form: Form, problems: list[Problem]) -> Checklist:
    """What a checklist's file says."""
    value = document.value
    return Checklist(
        node=node,
        title=text_of(value["title"]),
        items=tuple(
            _item(document, index, one, form=form, problems=problems) for index, one in enumerate(value["items"])
        ),
        place=value.get("place", ""),
        contact=value.get("contact", ""),
        phone=value.get("phone", ""),
        shows=tuple(value.get("shows", ())),
        digest=digest_of(value),
    )


def _item(document: Document, index: int, one: Mapping[str, Any], *, form: Form, problems: list[Problem]) -> Item:
    basis = one.get("basis")
    path = ("items", index, "when")
    return Item(
        code=one["code"],
        ask=text_of(one["ask"]),
        kind=one["kind"],
        failing=one.get("failing", "note"),
        basis=Article(text_of(basis["law"]), text_of(basis["article"])) if basis else None,
        hint=text_of(one["hint"]) if "hint" in one else None,
        cure=text_of(one["cure"]) if "cure" in one else None,
        unit=text_of(one["unit"]) if "unit" in one else None,
        least=_bound(one.get("least")),
        most=_bound(one.get("most")),
        may_not_apply=one.get("may_not_apply", False),
        photo=one.get("photo", "never"),
        when=expression_of(document, path, one.get("when"), names=form.fields, problems=problems),
    )


def _bound(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)


def check_checklists(
    *,
    process: Definition,
    form: Form,
    checklists: Mapping[str, Checklist],
    matter: Document,
    files: Mapping[str, Document],
) -> Iterator[Problem]:
    """What does not fit: steps that nobody goes to, fields that are not there, items that say nothing or two things."""
    for index, entry in enumerate(matter.value.get("checklists", ())):
        node = process.index.get(entry["node"])
        path = ("checklists", index, "node")
        if node is None or process.nodes[node].kind is not Kind.TASK or process.nodes[node].act not in _GOING:
            able = ", ".join(each.id for each in process.nodes if each.kind is Kind.TASK and each.act in _GOING)
            message = f"`{entry['node']}` is no step that takes somebody there (`inspect`, or `opinion` with others)."
            yield matter.problem(path, "checklist.node", message, f"name one of {able or 'none so far'}")
        if sum(one["node"] == entry["node"] for one in matter.value["checklists"]) > 1:
            message = f"The step `{entry['node']}` has two checklists."
            yield matter.problem(path, "checklist.twice", message, "put all items into one file")
        if entry["node"] in checklists:
            yield from _check(checklists[entry["node"]], form, files[entry["file"]])


def _check(checklist: Checklist, form: Form, document: Document) -> Iterator[Problem]:
    for name in checklist.fields:
        if name not in form.fields:
            message = f"The form has no field `{name}`, so the inspector cannot be shown it."
            yield document.problem((), "checklist.unknown-field", message, f"use one of {', '.join(form.fields)}")
    codes = [item.code for item in checklist.items]
    for index, item in enumerate(checklist.items):
        path = ("items", index)
        if codes.index(item.code) != index:
            message = f"Two items have the code `{item.code}`."
            yield document.problem(path, "checklist.item-twice", message, "give each its own code")
        yield from _check_item(item, path, document)


def _check_item(item: Item, path: tuple[str | int, ...], document: Document) -> Iterator[Problem]:
    judged = item.kind in ("yes_no", "number")
    bounded = item.least is not None or item.most is not None
    if judged and item.failing != "note" and item.basis is None:
        message = f"`{item.code}` can stand against somebody, and no law says why."
        yield document.problem(path, "checklist.no-basis", message, "add `basis`, or make `failing: note`")
    if not judged and item.failing != "note":
        message = f"`{item.code}` is {'words' if item.kind == 'text' else 'a photo'}, which nothing can be judged by."
        yield document.problem(path, "checklist.not-judged", message, "ask yes or no, or make `failing: note`")
    if (bounded or item.unit is not None) and item.kind != "number":
        message = f"`{item.code}` is no number, but has bounds or a unit."
        yield document.problem(path, "checklist.not-a-number", message, "make it a `number`, or remove them")
    if item.kind == "number" and item.failing != "note" and not bounded:
        message = f"Any number is right for `{item.code}`, yet a wrong one means something."
        yield document.problem(path, "checklist.no-bounds", message, "add `least` or `most`, or make `failing: note`")
    if item.least is not None and item.most is not None and item.least > item.most:
        message = f"No number is right for `{item.code}`: at least {item.least} and at most {item.most}."
        yield document.problem(path, "checklist.no-bounds", message, "put the smaller number into `least`")
    if item.failing == "rectify" and item.cure is None:
        message = f"`{item.code}` is to be put right, and nobody says how."
        yield document.problem(path, "checklist.no-cure", message, "add `cure`: what has to be done")
