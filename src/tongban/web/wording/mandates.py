"""Words for mandates: between whom, for what, until when, how surely given, and what happened to them."""

from collections.abc import Mapping

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from tongban.apps.people.queries import MandateView
from tongban.web.templatetags.tongban_ui import day

__all__ = [
    "assurance_words",
    "change_words",
    "mandate_lines",
    "mandate_sentence",
    "mandate_state_words",
    "side_name",
    "source_words",
]

_LEVELS = {
    "low": gettext_lazy("by password"),
    "substantial": gettext_lazy("by a second step"),
    "high": gettext_lazy("by passkey, identity card or an identity provider"),
}
_STATES = {
    "waiting": gettext_lazy("Waits for an answer"),
    "holds": gettext_lazy("Holds"),
    "later": gettext_lazy("Accepted, begins later"),
    "over": gettext_lazy("Has run out"),
    "declined": gettext_lazy("Declined"),
    "withdrawn": gettext_lazy("Taken back"),
    "revoked": gettext_lazy("Ended"),
    "replaced": gettext_lazy("Replaced by a newer one"),
}
_SOURCES = {
    "online": gettext_lazy("Given online"),
    "counter": gettext_lazy("Put on record at a window"),
    "register": gettext_lazy("From a register"),
    "city": gettext_lazy("On file with the city"),
}
_CHANGES = {
    "mandate.proposed": gettext_lazy("Proposed"),
    "mandate.accepted": gettext_lazy("Accepted"),
    "mandate.declined": gettext_lazy("Declined"),
    "mandate.withdrawn": gettext_lazy("Taken back"),
    "mandate.revoked": gettext_lazy("Ended"),
    "mandate.replaced": gettext_lazy("Replaced by a newer one"),
    "mandate.registered": gettext_lazy("Put on record"),
    "mandate.changed": gettext_lazy("Changed on record"),
}
_BY = {
    "represented": gettext_lazy("by who is represented"),
    "agent": gettext_lazy("by who acts"),
    "clerk": gettext_lazy("at a window"),
    "system": gettext_lazy("by the city"),
}


def assurance_words(level: str) -> str:
    """How surely a session or a mandate is somebody's."""
    return str(_LEVELS.get(level, _("not said")))


def mandate_state_words(state: str) -> str:
    """Where a mandate stands, or how it ended."""
    return str(_STATES[state])


def change_words(kind: str, capacity: str) -> str:
    """What happened to a mandate, and from which side."""
    by = _BY.get(capacity)
    what = str(_CHANGES.get(kind, kind))
    return _("%(what)s %(by)s") % {"what": what, "by": by} if by else what


def side_name(view: MandateView, side: str) -> str:
    """The name of one side in the reader's language."""
    which = view.agent if side == "agent" else view.represented
    return which.name if (get_language() or "zh-hans").startswith("zh") else which.name_en


def mandate_sentence(*, agent: str, represented: str, kind: str, matters: str, since: object, until: object) -> str:
    """A mandate in one sentence, as it is read before it is given. ``matters``: their names, "" for all."""
    parts = {"agent": agent, "represented": represented, "matters": matters, "since": since, "until": until}
    if kind == "representative":
        return _("%(agent)s is the legal representative of %(represented)s and acts for it in everything.") % parts
    if kind == "guardian":
        words = (
            _("%(agent)s is the guardian of %(represented)s and acts for them in everything, until %(until)s.")
            if until
            else _("%(agent)s is the guardian of %(represented)s and acts for them in everything.")
        )
        return words % parts
    if matters:
        some = _("%(agent)s may act for %(represented)s in these matters only: %(matters)s; %(days)s.")
        parts["days"] = (_("from %(since)s until %(until)s") if until else _("from %(since)s on")) % parts
        return some % parts
    return (
        _("%(agent)s may act for %(represented)s in all matters, from %(since)s until %(until)s.")
        if until
        else _("%(agent)s may act for %(represented)s in all matters, from %(since)s on.")
    ) % parts


def mandate_lines(view: MandateView, names: Mapping[str, str]) -> str:
    """A stored mandate in one sentence; ``names`` of matters by code."""
    return mandate_sentence(
        agent=side_name(view, "agent"),
        represented=side_name(view, "represented"),
        kind=view.kind,
        matters="" if view.matters is None else _(", ").join(names.get(code, code) for code in view.matters),
        since=day(view.valid_from),
        until=day(view.valid_until),
    )


def source_words(source: str) -> str:
    """Where a mandate comes from."""
    return str(_SOURCES[source])
