"""Words for what a matter says of itself: topics, ways, limits."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tongban.kernel.clock import Limit, Unit

__all__ = [
    "amount_words",
    "area_words",
    "kind_words",
    "limit_words",
    "material_words",
    "served_words",
    "topic_icon",
    "topic_words",
    "way_words",
]

_TOPICS = {
    "business": (_("Running a business"), "shop"),
    "family": (_("Family"), "baby"),
    "work": (_("Work"), "briefcase"),
    "housing": (_("Home and property"), "home"),
    "retirement": (_("Retirement"), "clock"),
    "health": (_("Health and support"), "heart"),
    "transport": (_("Streets and transport"), "road"),
    "papers": (_("Cards and papers"), "id"),
    "rights": (_("Your rights"), "scales"),
}
_WAYS = {
    "1": _("at any service window"),
    "2": _("on this site"),
    "3": _("on your phone"),
    "4": _("by post"),
    "5": _("by a call to us"),
}
_KINDS = {"instant": _("Done at once"), "promised": _("Within a promised time")}
_AREAS = {
    "national": _("anywhere in the country"),
    "province": _("anywhere in the province"),
    "city": _("anywhere in the city"),
    "district": _("in your own district"),
}
_SERVED = {
    "1": _("Me or my family"),
    "2": _("A company or shop"),
    "3": _("A school, hospital or institution"),
    "4": _("An association"),
    "5": _("An authority"),
    "6": _("Another organisation"),
}
_MATERIALS = {
    "upload": _("You provide it"),
    "fetched": _("No need to bring it"),
    "held": _("No need to bring it"),
}


def topic_words(topic: str) -> str:
    """A topic under which matters are found."""
    return str(_TOPICS[topic][0]) if topic in _TOPICS else topic


def topic_icon(topic: str) -> str:
    """The icon of a topic."""
    return _TOPICS[topic][1] if topic in _TOPICS else "file"


def way_words(way: str) -> str:
    """A way of asking, by its code (GB/T 39046)."""
    return str(_WAYS.get(way, way))


def served_words(served: str) -> str:
    """Whom a matter serves, by its code (GB/T 39046), as the reader would say it of themselves."""
    return str(_SERVED.get(served, served))


def kind_words(kind: str) -> str:
    """Whether a matter is done while one waits."""
    return str(_KINDS.get(kind, kind))


def area_words(area: str) -> str:
    """Where a matter can be asked for."""
    return str(_AREAS.get(area, area))


def material_words(form: str) -> str:
    """Who brings a material."""
    return str(_MATERIALS.get(form, form))


def amount_words(amount: int, unit: str) -> str:
    """So many of a limit's unit: “8 working days”."""
    match Unit(unit):
        case Unit.WORKING_DAYS:
            words = ngettext("%(amount)d working day", "%(amount)d working days", amount)
        case Unit.CALENDAR_DAYS:
            words = ngettext("%(amount)d day", "%(amount)d days", amount)
        case Unit.WORKING_HOURS:
            words = ngettext("%(amount)d working hour", "%(amount)d working hours", amount)
        case Unit.HOURS:
            words = ngettext("%(amount)d hour", "%(amount)d hours", amount)
    return words % {"amount": amount}


def limit_words(limit: Limit | str) -> str:
    """A time limit, given as a value or as written (``20 working days``)."""
    read = Limit.parse(limit) if isinstance(limit, str) else limit
    return amount_words(read.amount, read.unit.value)
