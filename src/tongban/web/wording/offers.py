"""Words for what people let be used of what government holds of them."""

from django.utils.translation import gettext_lazy as _

__all__ = ["source_hint", "source_words"]

_WORDS = {
    "identity": (_("My age"), _("from the identity number that you signed in with")),
    "family": (_("My children's ages"), _("of those whose guardian you are")),
    "certificates": (_("My certificates"), _("which they are, and when they end")),
    "cases": (_("My cases"), _("what you have asked for, and what came of it")),
}


def source_words(source: str) -> str:
    """A source in a few words."""
    return str(_WORDS[source][0])


def source_hint(source: str) -> str:
    """What exactly is looked at."""
    return str(_WORDS[source][1])
