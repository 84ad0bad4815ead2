"""What is asked of somebody who speaks, and of an official who looks before it becomes public."""

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from tongban.apps.catalog.city import get_city
from tongban.apps.voice.services import LEAST_SAID, MOST_SAID
from tongban.kernel.numbers import NumberError, parse_mobile
from tongban.web.wording import error_words
from tongban.web.wording.voices import KINDS, WITHHELD, district_names

__all__ = ["LookForm", "SpeakForm", "WithholdForm"]


class SpeakForm(forms.Form):
    """What is said, where, and under which name. Photos are files beside it."""

    text = forms.CharField(
        label=gettext_lazy("What would you like to say?"),
        help_text=gettext_lazy("What happened, when, and what you hope for. Write no identity or bank card numbers."),
        min_length=LEAST_SAID,
        max_length=MOST_SAID,
        widget=forms.Textarea(attrs={"rows": "7"}),
        error_messages={
            "required": gettext_lazy("Say what it is about."),
            "min_length": gettext_lazy("Say a little more, so that somebody can look into it."),
            "max_length": gettext_lazy(
                "This is %(show_value)d characters long, and at most %(limit_value)d can be read here. Put the rest "
                "into a paper and hand it in below."
            ),
        },
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("What is it?"),
        help_text=gettext_lazy("A question is answered within two working days. If you are not sure, leave it."),
        widget=forms.RadioSelect,
        required=False,
    )
    district = forms.ChoiceField(label=gettext_lazy("Which district?"), required=False)
    place = forms.CharField(
        label=gettext_lazy("Where is it?"),
        help_text=gettext_lazy("Street, estate, or what is near. Leave it if it is about no place."),
        max_length=120,
        required=False,
    )
    name = forms.CharField(
        label=gettext_lazy("Under another name"),
        help_text=gettext_lazy(
            "Leave it empty to speak under your own. With another name the department that answers reads only that."
        ),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"data-width": "20", "autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("Your mobile"),
        help_text=gettext_lazy("Whoever looks into it calls you. Its last four digits show you where it is."),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel", "data-width": "20"}),
        error_messages={"required": gettext_lazy("Give a mobile number, so that we can answer you.")},
    )
    published = forms.BooleanField(
        label=gettext_lazy("Others may read it"),
        help_text=gettext_lazy("Names, telephones and addresses are taken out, and a person looks before."),
        required=False,
    )

    def __init__(self, *args: Any, on_file: bool, **kwargs: Any) -> None:
        """``on_file``: whoever speaks is known, with their telephone."""
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        choices = {"kind": [("", _("I am not sure")), *((code, str(words)) for code, words in KINDS.items())]}
        choices["district"] = [("", _("Not about one district")), *district_names(get_language() or "zh-hans").items()]
        for name, values in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = values
        if on_file:
            del self.fields["phone"]
        else:
            self.fields["name"].help_text = _("As you would like to be called.")
            self.fields["name"].label = _("Your name")
        if not get_city().district_names:
            del self.fields["district"]

    def clean_phone(self) -> str:
        """The number as it is dialled."""
        try:
            return str(parse_mobile(self.cleaned_data["phone"]))
        except NumberError as error:
            raise forms.ValidationError(str(error_words(error))) from error


class LookForm(forms.Form):
    """The words that all will read."""

    subject = forms.CharField(label=gettext_lazy("In a few words"), max_length=80, required=False)
    text = forms.CharField(
        label=gettext_lazy("What was said"),
        widget=forms.Textarea(attrs={"rows": "8"}),
        error_messages={"required": gettext_lazy("There is nothing to read. Withhold it instead.")},
    )
    reply = forms.CharField(
        label=gettext_lazy("What was answered"), widget=forms.Textarea(attrs={"rows": "6"}), required=False
    )


class WithholdForm(forms.Form):
    """Why others do not read it."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why is it not public?"),
        choices=list(WITHHELD.items()),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say why.")},
    )
