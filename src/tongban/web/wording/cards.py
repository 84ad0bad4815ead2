"""Words for yellow and red cards."""

from django.utils.translation import gettext_lazy as _

from tongban.web.wording.matters import limit_words

__all__ = ["card_limit_words", "card_state_words", "colour_tone", "colour_words", "silence_words"]

_COLOURS = {"yellow": (_("Yellow card"), "sun"), "red": (_("Red card"), "seal")}
_STATES = {
    "unanswered": _("Not answered in time"),
    "issued": _("To be answered"),
    "answered": _("Answered"),
    "appealed": _("Appealed"),
    "upheld": _("Appeal dismissed"),
    "withdrawn": _("Withdrawn"),
}


_SILENCES = {
    "agreed": _("It has not answered in a joint review: counted as agreed"),
    "escalate": _("It has not answered in a joint review: gone to whoever settles it"),
}


def colour_words(colour: str) -> str:
    """What a card is called by its colour."""
    return str(_COLOURS[colour][0]) if colour in _COLOURS else colour


def colour_tone(colour: str) -> str:
    """The tone of its tag; the words say the colour too."""
    return _COLOURS[colour][1] if colour in _COLOURS else ""


def card_state_words(state: str) -> str:
    """Where a card stands, or what lists of cards are narrowed to."""
    return str(_STATES.get(state, state))


def silence_words(silence: str) -> str:
    """What the silence of the department counted as; "" where it was not silent."""
    return str(_SILENCES[silence]) if silence else ""


def card_limit_words(*, limit: str, percent: int, colour: str) -> str:
    """How much of which limit was used when the card was shown."""
    facts = {"limit": limit_words(limit), "percent": percent}
    if colour == "red":
        return _("The limit of %(limit)s was past.") % facts
    return _("%(percent)d %% of the limit of %(limit)s were used.") % facts
