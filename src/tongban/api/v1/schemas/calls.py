"""What callers send."""

from typing import Annotated, Literal

from pydantic import Field

from tongban.api.v1.schemas.common import (
    Answers,
    Code,
    Given,
    Item,
    Key,
    Line,
    Name,
    Number,
    Paragraph,
    Phone,
    Reason,
    Received,
    Said,
)

__all__ = [
    "Applicant",
    "AskedOrganisation",
    "AskedPerson",
    "Completion",
    "Decision",
    "Delivery",
    "Filing",
    "Lacking",
    "Message",
    "Nothing",
    "Papers",
    "Rated",
    "Refusal",
    "Report",
    "SupplementAnswer",
    "SupplementRequest",
    "Withdrawal",
]


class AskedPerson(Received):
    """A person for whom the front desk files, as on the identity card."""

    name: Name
    identity_number: Number
    phone: Phone = ""


class AskedOrganisation(Received):
    """An organisation for which the front desk files, as on the licence."""

    name: Name
    credit_code: Number
    phone: Phone = ""


class Applicant(Received):
    """For whom: exactly one of the two."""

    person: AskedPerson | None = None
    organisation: AskedOrganisation | None = None


class Filing(Received):
    """A whole filing. A client of an organisation files for that organisation and leaves ``applicant`` out."""

    matter: Code
    answers: Answers = {}
    materials: Given = {}
    applicant: Applicant | None = None


class SupplementAnswer(Received):
    """What was asked for, all of it at once."""

    answers: Answers = {}
    materials: Given = {}


class Papers(Received):
    """Papers that were to follow: one of them, or all."""

    materials: Given = {}


class Withdrawal(Received):
    """Why, if one likes to say."""

    reason: Paragraph = ""


class Rated(Received):
    """5 very satisfied … 1 very dissatisfied."""

    grade: int = Field(ge=1, le=5)
    words: Paragraph = ""
    shown: bool = Field(False, description="Whether others may read the words on the matter's page.")


class Nothing(Received):
    """No more need be said."""


class Refusal(Received):
    """Why the case is not accepted; the applicant receives these words."""

    reason: Reason


class DraftedDecision(Received):
    """What the decision should be, with the reasons that its letter would give."""

    outcome: Literal["granted", "denied", "passed_on"]
    reason: Paragraph


class Completion(Received):
    """The result of a step, and the opinion beside it."""

    outcome: Literal["pass", "fail"]
    opinion: Paragraph = ""
    draft: DraftedDecision | None = Field(
        default=None, description="Owed at the step at which the matter has its decision drafted; elsewhere left out."
    )


class Decision(Received):
    """Granted, or denied with the reason that is owed; an inquiry is answered in ``reason``, or passed on."""

    outcome: Literal["granted", "denied", "passed_on"]
    reason: Paragraph = ""


class SupplementRequest(Received):
    """Everything that is missing, at once: codes of materials, names of fields, or words."""

    items: Annotated[list[Item], Field(min_length=1, max_length=30)]
    note: Paragraph = ""
    within_working_days: int | None = Field(None, ge=1, le=60)


class Lacking(Received):
    """What a department misses of what was filed: codes of materials, and words. Nothing at all takes it back."""

    items: Annotated[list[Code], Field(max_length=30)] = []
    words: Paragraph = ""


class Delivery(Received):
    """How the result reached the applicant."""

    way: Line = ""


class Message(Received):
    """What has come for a case that waits for it. ``data`` goes on record: no numbers of persons."""

    name: Item = Field(description="As the diagram names the message or signal.")
    kind: Literal["message", "signal"] = "message"
    data: Annotated[dict[Key, Said], Field(max_length=50)] = {}


class Report(Received):
    """What went wrong in a step (`error`), or whom to tell (`escalation`): the code in the diagram."""

    name: Item
    kind: Literal["error", "escalation"] = "error"
    reason: Paragraph = ""
