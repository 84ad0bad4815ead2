"""Words for how registers do, and for the keys of those we talk to."""

from django.utils.translation import gettext as _

__all__ = ["away_words", "key_words"]


def away_words(reason: str) -> str:
    """Why a register gave no answer that could be used, by the code on record."""
    if reason.startswith("wire."):
        return _("the other side does not take our message (%(code)s)") % {"code": reason}
    return {
        "connection": _("does not answer, or breaks off"),
        "status": _("answers with an error"),
        "answer": _("answers what cannot be read"),
        "circuit": _("left alone after failures in a row"),
        "waited": _("not waited for again: it had just not answered"),
        "database": _("its database does not answer"),
        "file": _("its file is missing or cannot be read"),
        "not-set-up": _("is not set up here"),
        "exchange.not-granted": _("not granted by the other side"),
        "exchange.register-away": _("away on the other side"),
    }.get(reason, reason)


def key_words(state: str) -> tuple[str, str, str]:
    """How a key is (``good``, ``expiring``, ``expired``): words, tone and icon of its tag."""
    return {
        "good": (_("good"), "done", "check"),
        "expiring": (_("ends soon"), "sun", "clock"),
        "expired": (_("has ended"), "seal", "alert"),
    }[state]
