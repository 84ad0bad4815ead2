"""What in a matter's form is somebody's voice: ``voice`` in ``matter.yaml``.

A matter with it takes in inquiries (诉求): what is said there is sorted, seen beside what others say, and answered in
public. Clocks of 12345 go by kind: a question sooner than a complaint.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tongban.kernel.clock import Limit

from .form import Form
from .problems import Problem
from .source import Document

__all__ = ["KINDS_OF_VOICE", "VoiceSpec", "check_voice", "voice_of"]

KINDS_OF_VOICE = ("question", "help", "complaint", "report", "suggestion", "thanks")
"""咨询、求助、投诉、举报、建议、表扬."""
_FIELDS = ("text", "subject", "district", "place", "kind_from", "published")


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceSpec:
    """Which answers are what was said, and where; ``""`` for what the form does not ask.

    ``published`` is the yes-or-no question whether others may read it. ``kind`` is what it is where ``kind_from``, a
    field of the form, does not say so. ``limits``: how long each kind may take, by law and as promised; a kind that is
    not there has the matter's own limits. ``urgent``: what is dispatched as urgent.
    """

    kind: str
    text: str
    subject: str = ""
    district: str = ""
    place: str = ""
    kind_from: str = ""
    photos: str = ""
    published: str = ""
    limits: Mapping[str, Limit]
    urgent: Limit | None = None

    def kind_of(self, answers: Mapping[str, Any]) -> str:
        """The kind of what was said in these answers."""
        said = answers.get(self.kind_from, "") if self.kind_from else ""
        return said if said in KINDS_OF_VOICE else self.kind


def voice_of(value: Mapping[str, Any] | None) -> VoiceSpec | None:
    """What ``voice`` of a matter says; None where it has none."""
    if value is None:
        return None
    return VoiceSpec(
        kind=value["kind"],
        text=value["text"],
        **{name: value.get(name, "") for name in ("subject", "district", "place", "kind_from", "photos", "published")},
        limits={kind: Limit.parse(text) for kind, text in value.get("limits", {}).items()},
        urgent=Limit.parse(value["urgent"]) if "urgent" in value else None,
    )


def check_voice(matter: Document, form: Form) -> Iterator[Problem]:
    """Fields that the form does not have, materials that nobody hands in, a matter that answers nobody."""
    value = matter.value.get("voice")
    if value is None:
        return
    for name in _FIELDS:
        if name in value and value[name] not in form.fields:
            message = f"The form has no field `{value[name]}`."
            yield matter.problem(("voice", name), "voice.field", message, "name one of the form's `properties`")
    handed_in = {each["code"] for each in matter.value["materials"] if each["form"] == "upload"}
    if "photos" in value and value["photos"] not in handed_in:
        message = f"No material `{value['photos']}` is handed in."
        yield matter.problem(("voice", "photos"), "voice.photos", message, "name a material whose form is `upload`")
    if matter.value.get("conclusion") != "inquiry":
        message = "What people say is answered: the matter must end so."
        yield matter.problem(("voice",), "voice.conclusion", message, "write `conclusion: inquiry`")
