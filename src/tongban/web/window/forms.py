"""For whom a clerk files: a person with an identity card, or an organisation with its credit code."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tongban.kernel.numbers import NumberError, parse_credit_code, parse_identity_number, parse_mobile
from tongban.web.wording import field_error_words

__all__ = ["OrganisationForm", "PersonForm", "WhoForm"]


class WhoForm(forms.Form):
    """The common root: a number with a check digit, a name, a phone."""

    kind: ClassVar[str] = ""

    def _parsed(self, name: str, parse: Any, kind: str) -> str:
        try:
            return str(parse(self.cleaned_data[name]))
        except NumberError as error:
            label = str(self.fields[name].label)
            raise ValidationError(field_error_words(code=f"format.{kind}", params={}, label=label)) from error

    def clean_phone(self) -> str:
        """A mobile phone, for notices and for tracking without an account."""
        return self._parsed("phone", parse_mobile, "mobile") if self.cleaned_data.get("phone") else ""


def _phone(hint: Any) -> forms.CharField:
    attrs = {"inputmode": "tel", "autocomplete": "off", "data-width": "20"}
    return forms.CharField(
        label=_("Mobile phone"), help_text=hint, required=False, max_length=20, widget=forms.TextInput(attrs=attrs)
    )


class PersonForm(WhoForm):
    """A resident, with the card on the counter."""

    kind = "person"
    identity_number = forms.CharField(
        label=_("Identity number"),
        help_text=_("18 characters, from the card. The last one checks the others."),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-width": "20"}),
        error_messages={"required": _("Enter the number on the identity card.")},
    )
    name = forms.CharField(
        label=_("Name"),
        help_text=_("As on the card."),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-width": "20"}),
        error_messages={"required": _("Enter the name on the identity card.")},
    )
    phone = _phone(_("Its last four digits open the tracking page. Without one, leave it empty."))

    def clean_identity_number(self) -> str:
        """The number in plain form, its check digit right (GB 11643)."""
        return self._parsed("identity_number", parse_identity_number, "identity-number")


class OrganisationForm(WhoForm):
    """A company or another body, with its licence on the counter."""

    kind = "organisation"
    credit_code = forms.CharField(
        label=_("Unified social credit code"),
        help_text=_("18 characters, from the licence. The last one checks the others."),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-width": "20"}),
        error_messages={"required": _("Enter the code on the licence.")},
    )
    name = forms.CharField(
        label=_("Name of the organisation"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Enter the name on the licence.")},
    )
    phone = _phone(_("Of the person there who looks after this matter."))

    def clean_credit_code(self) -> str:
        """The code in plain form, its check character right (GB 32100)."""
        return self._parsed("credit_code", parse_credit_code, "credit-code")


def mismatch_words() -> str:
    """A number belongs to one name: a slip of the finger must not file in another person's name."""
    return gettext("Another name is on file under this number. Please compare both with the card once more.")
