"""What people hand in with a case: files, and what the log keeps of them and of the answers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from tongban.apps.cases.journal import Journal
from tongban.apps.cases.models import Material
from tongban.apps.people.sealing import lookup_hash
from tongban.kernel.chain import canonical

__all__ = ["Given", "add_materials", "digest_of"]

Given = Mapping[str, Sequence[UUID]]
"""Files by the code of the material that they are."""


def digest_of(answers: Mapping[str, Any], materials: Given) -> dict[str, Any]:
    """What the log keeps of a filing: enough to prove what was handed in, nothing that says who it was.

    The digest is keyed, because a form with few fields could otherwise be guessed back from it.
    """
    return {
        "answers": lookup_hash(kind="answers", text=canonical(dict(answers)).decode()),
        "materials": {code: [str(file) for file in files] for code, files in materials.items() if files},
    }


def add_materials(journal: Journal, materials: Given, *, first: int, at: datetime) -> None:
    given = [(code, file) for code, files in materials.items() for file in files]
    journal.materials += [
        Material(case_id=journal.case.number, no=first + index, code=code, file_id=file, added_at=at)
        for index, (code, file) in enumerate(given)
    ]
