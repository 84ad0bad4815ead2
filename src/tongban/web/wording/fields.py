"""Words for what is wrong with an answer. Codes are those of ``catalog.definitions.FieldError``."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

__all__ = ["field_error_words"]

_REQUIRED = {
    "radios": _("choose one"),
    "yes-no": _("choose yes or no"),
    "checkboxes": _("choose at least one"),
    "date": _("enter the date"),
}
_ERRORS = {
    "required": _("please fill this in"),
    "confirm": _("please confirm this by ticking it"),
    "unknown": _("this form does not ask for that"),
    "type": _("this cannot be read; please look at it again"),
    "choice": _("choose one of the answers that are offered"),
    "repeated": _("the same answer has been chosen twice"),
    "pattern": _("this is not how such a number or text is written; please look at the hint"),
    "control-characters": _("it contains characters that cannot be stored; please type it instead of pasting it"),
    "too-long": _("too long: at most %(limit)s characters"),
    "too-short": _("too short: at least %(limit)s characters"),
    "too-few": _("choose at least %(limit)s"),
    "too-many": _("choose at most %(limit)s"),
    "minimum": _("must be %(limit)s or more"),
    "maximum": _("must be %(limit)s or less"),
    "minimum-exclusive": _("must be more than %(limit)s"),
    "maximum-exclusive": _("must be less than %(limit)s"),
    "multiple": _("must be a multiple of %(limit)s"),
    "format.date": _("there is no such day; write year, month and day in figures"),
    "format.identity-number": _(
        "the number does not fit its check digit; please compare it with the card, digit by digit"
    ),
    "format.credit-code": _("the code does not fit its check character; please compare it with the business licence"),
    "format.mobile": _("a mobile number has 11 digits and begins with 1"),
    "format.email": _("this is not an e-mail address; it looks like name@example.org"),
    "format.postcode": _("a postcode has 6 digits"),
}
_NUMBERS = {"integer": _("write a whole number in figures"), "number": _("write a number in figures")}


def field_error_words(*, code: str, params: Mapping[str, Any], label: str, control: str = "text") -> str:
    """A sentence that names the question and says what to do about it."""
    if code == "required":
        said = _REQUIRED.get(control, _ERRORS["required"])
    elif code == "type" and params.get("type") in _NUMBERS:
        said = _NUMBERS[str(params["type"])]
    else:
        said = _ERRORS.get(code, _ERRORS["type"])
    advice = str(said) % dict(params) if "limit" in params else str(said)
    return gettext("%(question)s: %(advice)s") % {"question": label.rstrip("?？:： "), "advice": advice}
