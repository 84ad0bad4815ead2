"""What to bring for a matter, to a caller who need not be on file: an SMS, asked for in the log of the call."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext, override

from tongban.apps.calls.queries import get_to_send
from tongban.apps.catalog.city import get_calendar, get_city
from tongban.apps.catalog.definitions import MatterDefinition
from tongban.apps.catalog.errors import UnknownMatter
from tongban.apps.catalog.queries import get_matter
from tongban.apps.channels.models import Delivery
from tongban.apps.channels.transports import Never, Outgoing, is_on
from tongban.apps.ledger.services import Followed

__all__ = ["NEWS", "WATCHED", "checklist_words", "compose_checklist", "send_checklists"]

WATCHED = ("call.checklist_sent",)
NEWS = timedelta(hours=6)
"""Whoever called for it longer ago has asked elsewhere."""
_LONGEST = {"zh-hans": 268, "en": 612}
"""Characters of four messages that arrive as one; what does not fit is counted."""


def send_checklists(events: Sequence[Followed], at: datetime) -> None:
    """Note down a delivery for each list that was asked for in a call; one query, however many."""
    if not is_on("sms"):
        return
    fresh = [each for each in events if each.event.at > at - NEWS]
    Delivery.objects.bulk_create(
        [
            Delivery(
                checklist=int(each.event.data["checklist"]),
                channel="sms",
                key=hashlib.sha256(f"checklist:{each.case}/{each.seq}".encode()).hexdigest(),
                due=at,
                created_at=at,
            )
            for each in fresh
        ],
        ignore_conflicts=True,
    )


def compose_checklist(delivery: Delivery) -> Outgoing:
    """Put together what goes out. Raises ``Never`` where its telephone was let go of, or the matter is no more."""
    wanted = get_to_send(checklist=delivery.checklist or 0)
    if wanted is None or not is_on(delivery.channel):
        raise Never("no-address" if wanted is None else "not-wanted")
    try:
        definition = get_matter(code=wanted.matter, on=get_calendar().local_date(wanted.asked_at)).definition
    except UnknownMatter as error:
        raise Never("not-wanted") from error
    text = checklist_words(definition, language=wanted.language)
    return Outgoing(key=delivery.key, target={"phone": wanted.telephone}, text=text, language=wanted.language)


def checklist_words(definition: MatterDefinition, *, language: str) -> str:
    """What the SMS says: the matter, what to bring, whom to ask; no link, so that nobody learns to press one."""
    papers = [each.name.in_language(language) for each in definition.materials if each.is_asked and each.need != "2"]
    with override(language):
        papers.insert(0, gettext("identity card"))
        for shown in range(len(papers), 0, -1):
            text = _words(definition, papers[:shown], len(papers) - shown, language)
            if len(text) <= _LONGEST.get(language, _LONGEST["en"]):
                return text
        return text


def _words(definition: MatterDefinition, papers: Sequence[str], left: int, language: str) -> str:
    told = {
        "matter": definition.name.in_language(language),
        "papers": gettext(", ").join(papers),
        "hotline": get_city().phones.get("hotline", "12345"),
        "left": left,
    }
    if left:
        return gettext("For “%(matter)s” bring: %(papers)s, and %(left)d more. Ask %(hotline)s.") % told
    return gettext("For “%(matter)s” bring: %(papers)s. Ask %(hotline)s.") % told
