"""What a clerk types while somebody speaks."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongban.apps.catalog.definitions.phone import Way

__all__ = ["BeginForm", "ChecklistForm", "ShowForm"]


def _box(**attrs: str) -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": "off", "data-width": "20"} | attrs)


class BeginForm(forms.Form):
    """A call that comes in."""

    telephone = forms.CharField(
        label=_("From which number"),
        help_text=_("As the telephone shows it. Leave it empty where it is hidden."),
        required=False,
        max_length=30,
        widget=_box(inputmode="tel"),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


class ChecklistForm(forms.Form):
    """To which number what to bring is sent, and whether it was read back."""

    telephone = forms.CharField(
        label=_("To which mobile number"),
        help_text=_("Ask for it. Leave it empty for the one that they call from."),
        required=False,
        max_length=30,
        widget=_box(inputmode="tel"),
    )
    language = forms.ChoiceField(
        choices=[("zh-hans", ""), ("en", "")], required=False, widget=forms.HiddenInput, initial="zh-hans"
    )
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    read_back = forms.BooleanField(required=False, widget=forms.HiddenInput)


_ASKED: Mapping[str, tuple[Any, Any, Mapping[str, str]]] = {
    "case_number": (_("Case number"), _("16 digits, from the receipt or a message."), {"inputmode": "numeric"}),
    "certificate_number": (_("Number of the certificate"), _("As it stands on the certificate."), {}),
    "identity_number": (_("Identity number"), _("All 18 characters."), {}),
    "telephone": (_("Telephone on file"), _("The whole number that they have left with us."), {"inputmode": "tel"}),
    "name": (_("Name"), _("As on the card."), {}),
    "identity_ending": (_("Last four characters of the identity number"), "", {"data-width": "4"}),
    "phone_ending": (
        _("Last four digits of the telephone"),
        _("Of the one that was given with the case."),
        {"data-width": "4", "inputmode": "numeric"},
    ),
}


class ShowForm(forms.Form):
    """What one way asks, whole or not at all. What was typed stays: a slip can be put right while they speak."""

    def __init__(self, *args: Any, way: Way, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for fact in way.asks:
            label, hint, attrs = _ASKED[fact]
            missing = {"required": _("Ask for it: all of them must fit.")}
            self.fields[fact] = forms.CharField(
                label=label, help_text=hint, max_length=80, widget=_box(**attrs), error_messages=missing
            )
