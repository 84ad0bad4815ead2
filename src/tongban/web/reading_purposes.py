"""What a photographed paper is read for: which papers will do, and which of their fields are of use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from tongban.apps.people.actors import Actor
from tongban.apps.recognition.queries import Asked
from tongban.web.wording.readings import read_field_words

__all__ = ["Purpose", "purpose_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """``papers`` are the kinds that will do; of their fields only the ``wanted`` are shown, and so taken.

    ``form`` are the questions of a form, where the paper may be that; ``labels`` what they are called.
    """

    name: str
    papers: Sequence[str]
    wanted: Sequence[str]
    form: Mapping[str, Asked] | None = None
    labels: Mapping[str, str] = field(default_factory=dict)

    def label(self, name: str) -> str:
        """What a field is called."""
        return self.labels.get(name) or read_field_words(name)

    def expected(self, kind: str) -> Sequence[str]:
        """The fields that a paper of this kind should have."""
        return self.wanted if kind != "form" else ()

    def other_words(self, kind: str) -> str:
        """What is said of a picture of something else."""
        if "card-front" in self.papers and kind == "card-back":
            return _("This is the back of the card. Photograph the side with the portrait and the name.")
        if self.name == "organisation":
            return _(
                "No business licence was made out on this picture. Take it again, the licence filling the picture."
            )
        return _("No identity card was made out on this picture. Take it again, the card filling the picture.")


_PERSON = Purpose(name="person", papers=("card-front",), wanted=("identity_number", "name"))
_ORGANISATION = Purpose(name="organisation", papers=("licence",), wanted=("credit_code", "name"))


def purpose_of(text: str, *, actor: Actor, at: datetime) -> Purpose:
    """The purpose that a reading was begun with."""
    return _ORGANISATION if text == "organisation" else _PERSON
