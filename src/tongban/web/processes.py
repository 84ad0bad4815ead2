"""A process as people see it: the drawing both ways round, and the same in words."""

from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.apps.catalog.definitions import MatterDefinition, Text
from tongban.apps.catalog.queries import get_version
from tongban.kernel import flow
from tongban.web.wording import limit_words

__all__ = ["Drawing", "Step", "draw_case", "draw_matter", "list_steps", "steps_ahead"]


@dataclass(frozen=True, slots=True)
class Drawing:
    """SVG for a wide screen and for a phone."""

    horizontal: str
    vertical: str


@dataclass(frozen=True, slots=True)
class Step:
    """A step that somebody does, in the words that stand beside the drawing."""

    node: str
    name: Text
    department: str
    limit: str
    special: bool
    title: Text
    text: str


def draw_matter(*, version_id: int) -> Drawing:
    """The process of a published version, with nothing under way in it."""
    return _drawn(version_id, _language())


def draw_case(*, definition: flow.Definition, state: flow.State, history: Sequence[flow.Event]) -> Drawing:
    """The process of a case, with where it stands."""
    horizontal, vertical = (
        flow.draw(definition=definition, state=state, history=history, language=_language(), orientation=orientation)
        for orientation in ("horizontal", "vertical")
    )
    return Drawing(horizontal, vertical)


def list_steps(*, definition: MatterDefinition, departments: dict[str, str]) -> list[Step]:
    """The steps of a matter in the order in which they come; ``departments`` are names by code."""
    return [_step(definition, node, departments) for node in _in_order(definition.process, (0,))]


def steps_ahead(*, definition: MatterDefinition, state: flow.State, done: Collection[str]) -> list[Text]:
    """The steps that may still come after those that are open now."""
    process = definition.process
    open_now = [task.node for task in state.tasks]
    skip = {process.nodes[index].id for index in open_now} | set(done)
    return [_name(node) for node in _in_order(process, open_now) if node.id not in skip]


@lru_cache(maxsize=500)
def _drawn(version_id: int, language: str) -> Drawing:
    process = get_version(version_id=version_id).definition.process
    return Drawing(
        flow.draw(definition=process, language=language, orientation="horizontal"),
        flow.draw(definition=process, language=language, orientation="vertical"),
    )


def _language() -> str:
    return "zh" if (get_language() or "zh").startswith("zh") else "en"


def _name(node: flow.Node) -> Text:
    return Text(zh=node.name, en=node.name_en or node.name)


def _in_order(process: flow.Definition, begin: Sequence[int]) -> list[flow.Node]:
    """People's steps and deciding rules, each once, nearest first."""
    seen, queue, found = set(begin), deque(begin), []
    while queue:
        node = process.nodes[queue.popleft()]
        if node.act is not None and node.act is not flow.Act.SERVICE:
            found.append(node)
        inner = process.scopes[node.inner].starts if node.inner >= 0 else ()
        following = [process.flows[index].target for index in (*inner, *process.outs[node.index])]
        for target in (*following, *process.boundaries[node.index]):
            if target not in seen:
                seen.add(target)
                queue.append(target)
    return found


def _step(definition: MatterDefinition, node: flow.Node, departments: dict[str, str]) -> Step:
    name = _name(node)
    # The lane of the authority is drawn without a name: whose matter it is stands on the page.
    department = departments.get(node.department) or departments.get(definition.authority, "")
    limit = limit_words(node.limit) if node.limit else ""
    parts = [department]
    if limit:
        parts.append(_("at most %(limit)s") % {"limit": limit})
    if node.special:
        parts.append(_("this time does not count"))
    if node.decides_by_rule:
        parts = [_("at once, by the published rule")]
    return Step(
        node=node.id,
        name=name,
        department=node.department,
        limit=limit,
        special=bool(node.special),
        title=name,
        text=" · ".join(part for part in parts if part),
    )
