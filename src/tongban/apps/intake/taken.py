"""Which questions of drafts are answered by what was taken from registers."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from tongban.apps.catalog.definitions import MatterDefinition, needs_of
from tongban.apps.exchange import extracts

__all__ = ["answers_from", "list_taken"]

Said = tuple[Mapping[str, str], Mapping[str, Any]]
"""What a register fills in (question: its own field), and what it said (by its own field)."""


def answers_from(*, definition: MatterDefinition, said: Iterable[Said]) -> dict[str, Any]:
    """Return what registers said as answers of the form, by question, without what the form would not take."""
    form = definition.form
    read = {name: form.read(form.fields[name], values.get(of)) for fills, values in said for name, of in fills.items()}
    return {name: answer.kept for name, answer in read.items() if not answer.code and answer.kept is not None}


def list_taken(*, drafts: Mapping[UUID, MatterDefinition]) -> dict[UUID, frozenset[str]]:
    """Return which questions of each of these drafts were taken; one query, none where no matter asks a register."""
    needs = {draft: {(each.register, each.of): each.fills for each in needs_of(of)} for draft, of in drafts.items()}
    kept = extracts.list_taken(drafts=[draft for draft, needed in needs.items() if needed])
    found: dict[UUID, frozenset[str]] = {}
    for draft, views in kept.items():
        said = [(needs[draft].get((each.register, each.of), {}), each.values) for each in views]
        found[draft] = frozenset(answers_from(definition=drafts[draft], said=said))
    return found
