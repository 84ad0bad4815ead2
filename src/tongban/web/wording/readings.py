"""Words for what is read from photographed paper."""

from django.utils.translation import gettext as _

__all__ = ["doubt_words", "paper_words", "read_field_words", "wrong_words"]


def paper_words(kind: str) -> str:
    """What paper it is."""
    return {
        "card-front": _("Identity card"),
        "card-back": _("Identity card, back"),
        "licence": _("Business licence"),
        "form": _("Form"),
    }.get(kind, _("Paper"))


def read_field_words(name: str) -> str:
    """What a field of a card or licence is called."""
    return {
        "identity_number": _("Identity number"),
        "credit_code": _("Unified social credit code"),
        "name": _("Name"),
        "address": _("Address"),
        "representative": _("Legal representative"),
    }.get(name, name)


def doubt_words(why: str) -> str:
    """Why a proposal is marked."""
    return {
        "number.check": _("The last character does not fit the others: one of them was read wrongly."),
        "number.length": _("This has not as many characters as such a number has."),
        "number.digits": _("There are characters in it that such a number never has."),
        "number.date": _("There is no such day as the one in this number."),
        "letters": _("Letters were taken for digits here."),
        "differs": _("The paper says something else in another place."),
        "cut-off": _("A further line may have been missed."),
        "no-label": _("What this is was not written beside it."),
        "form": _("This does not look as such a thing usually does."),
    }.get(why, _("Some characters were hard to read."))


def wrong_words(code: str) -> str:
    """What must be put right before a field is taken."""
    if code == "look":
        return _("Compare this with the picture, then tick below it, or correct it.")
    return doubt_words(code)
