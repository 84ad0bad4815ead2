"""Before a reply is sent: what was found in it, and what similar inquiries were answered."""

from datetime import datetime
from typing import Any

from tongban.apps.cases.consequences import Work
from tongban.apps.voice.queries import list_answered_alike, look_over
from tongban.web.desk.giving import Attempt
from tongban.web.wording.replies import finding_words

__all__ = ["answered_alike", "reply_part"]


def reply_part(tried: Attempt, *, at: datetime) -> dict[str, Any]:
    """What the page that asks once more says of a reply; nothing for any other command, or a case without a voice."""
    work = tried.work
    if tried.command.name != "decide" or work.view.definition.voice is None or tried.form is None:
        return {}
    reply = str(tried.form.cleaned_data.get("reason", ""))
    found = look_over(number=work.view.number, reply=reply, at=at)
    if found is None:
        return {}
    findings = list(finding_words(found))
    return {
        "reply": {"must": [words for words, must in findings if must], "may": [w for w, must in findings if not must]}
    }


def answered_alike(work: Work) -> dict[str, Any]:
    """What similar inquiries were answered, for whoever may reply now."""
    if work.view.definition.voice is None or not any(offer.command == "decide" for offer in work.offers):
        return {}
    return {"alike": list_answered_alike(number=work.view.number)}
