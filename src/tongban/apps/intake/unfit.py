"""Whose credit code or identity number fails its check: an officer has answered for it, so no form refuses it again."""

from collections.abc import Mapping
from dataclasses import replace

from tongban.apps.catalog.definitions import MatterDefinition

__all__ = ["as_for"]


def as_for(definition: MatterDefinition, *, contact: Mapping[str, str]) -> MatterDefinition:
    """The definition as it is for whom ``contact`` describes (``people.queries.get_contact``)."""
    code = contact.get("accepted_code", "")
    return replace(definition, form=definition.form.accepting(code)) if code else definition
