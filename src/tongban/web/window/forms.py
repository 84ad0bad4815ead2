"""For whom a clerk files: a person with an identity card, or an organisation with its credit code."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tongban.apps.people.errors import MandatePeriod
from tongban.apps.people.queries import read_credit_code, read_identity_number
from tongban.kernel.numbers import (
    NumberError,
    parse_case_number,
    parse_credit_code,
    parse_identity_number,
    parse_mobile,
)
from tongban.web.scopes import ScopeForm
from tongban.web.wording import error_words, field_error_words

__all__ = [
    "CaseOfOrganisationForm",
    "CaseOfPersonForm",
    "HolderForm",
    "JoinForm",
    "MandateForm",
    "OrganisationForm",
    "PersonForm",
    "WhoForm",
    "mismatch_words",
    "unauthorised_words",
]


class WhoForm(forms.Form):
    """The common root: a number with a check character, which a clerk may override with a reason; a name, a phone."""

    kind: ClassVar[str] = ""
    number: ClassVar[str] = ""
    read: ClassVar[Callable[..., str]]  # what is on file by a clerk's word is right, too
    override_check: ClassVar[Callable[..., str]]
    override = forms.BooleanField(required=False)
    reason = forms.CharField(
        label=_("Why"),
        help_text=_("What you have seen, such as the licence or the card itself. It goes on record with your name."),
        required=False,
        max_length=200,
    )

    agent_number = forms.CharField(
        label=_("If somebody else stands here for them: that person's identity number"),
        help_text=_("They must be on record as acting for them. Leave it empty where the applicant is here."),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-width": "20"}),
    )
    agent_name = forms.CharField(
        label=_("That person's name"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-width": "20"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self._fails():  # only where it is needed is it offered
            del self.fields["override"], self.fields["reason"]

    def _fails(self) -> bool:
        """Whether a number was typed that is one but for its check character."""
        try:
            type(self).read(str(self.data.get(self.number, "")))
        except NumberError as error:
            return error.code == "number.check"
        return False

    def number_parser(self) -> Callable[..., str]:
        """How the number is read: without its check where the clerk overrides that."""
        if self.data.get("override") and "override" in self.fields:
            return partial(type(self).override_check, ignore_check=True)
        return type(self).read

    def clean_agent_number(self) -> str:
        """The number of who stands there, in plain form."""
        typed = self.cleaned_data.get("agent_number")
        return self._parsed("agent_number", read_identity_number, "identity-number") if typed else ""

    def clean(self) -> dict[str, Any]:
        """An override has a reason; whoever stands there for somebody has a name."""
        data = super().clean() or {}
        if data.get("agent_number") and not data.get("agent_name"):
            self.add_error("agent_name", _("Enter the name on the identity card."))
        if data.get("agent_name") and not data.get("agent_number") and "agent_number" not in self.errors:
            self.add_error("agent_number", _("Enter the number on the identity card."))
        if data.get("override") and not str(data.get("reason", "")).strip():
            self.add_error("reason", _("Give the reason: it goes on record."))
        return data

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

    kind, number = "person", "identity_number"
    read = staticmethod(read_identity_number)
    override_check = staticmethod(parse_identity_number)
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
    phone = _phone(
        _(
            "Its last four digits open the tracking page. "
            "Without one, leave it empty: then those of the identity number do."
        )
    )
    override = forms.BooleanField(
        label=_("The card really says so: register the number although its check character does not fit"),
        required=False,
    )
    field_order: tuple[str, ...] = (
        "identity_number",
        "name",
        "phone",
        "override",
        "reason",
        "agent_number",
        "agent_name",
    )

    def clean_identity_number(self) -> str:
        """The number in plain form, its check character right (GB 11643), or overridden by the clerk."""
        return self._parsed("identity_number", self.number_parser(), "identity-number")


class OrganisationForm(WhoForm):
    """A company or another body, with its licence on the counter."""

    kind, number = "organisation", "credit_code"
    read = staticmethod(read_credit_code)
    override_check = staticmethod(parse_credit_code)
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
    override = forms.BooleanField(
        label=_("The licence really says so: register the code although its check character does not fit"),
        required=False,
    )
    field_order: tuple[str, ...] = ("credit_code", "name", "phone", "override", "reason", "agent_number", "agent_name")

    def clean_credit_code(self) -> str:
        """The code in plain form, its check character right (GB 32100), or overridden by the clerk."""
        return self._parsed("credit_code", self.number_parser(), "credit-code")


def _without(form: forms.Form, *names: str) -> None:
    """Take from a form what is not asked there."""
    for name in form.fields.keys() & set(names):
        del form.fields[name]


class _CaseForm(WhoForm):
    """Whose case: its number beside that of the card."""

    case = forms.CharField(
        label=_("Case number"),
        help_text=_("16 digits, from the receipt or a notice."),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "data-width": "20"}),
        error_messages={"required": _("Enter the number of the case.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _without(self, "phone", "override", "reason")

    def clean_case(self) -> int:
        """The number, its check digit right."""
        try:
            return parse_case_number(self.cleaned_data["case"])
        except NumberError as error:
            raise ValidationError(error_words(error)) from error


class CaseOfPersonForm(_CaseForm, PersonForm):
    """The case of a resident, with the card on the counter."""

    field_order = ("case", "identity_number", "name", "agent_number", "agent_name")


class CaseOfOrganisationForm(_CaseForm, OrganisationForm):
    """The case of a company or another body, with its licence on the counter."""

    field_order = ("case", "credit_code", "name", "agent_number", "agent_name")


class HolderForm(PersonForm):
    """Whose card lies on the counter, to see what they have with us."""

    field_order = ("identity_number", "name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _without(self, "phone", "override", "reason", "agent_number", "agent_name")

    def nobody(self) -> str:
        """That nobody is on file with this number."""
        return gettext("Nobody with this number is on file, so there is nothing to see yet. You can file with them.")


class JoinForm(PersonForm):
    """Whose the pseudonym is that shows this code."""

    code = forms.CharField(
        label=_("Code on their telephone"),
        help_text=_("Eight figures, from the page to which the identity provider has led them."),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "data-width": "10"}),
        error_messages={"required": _("Enter the code that they show.")},
    )
    field_order = ("code", "identity_number", "name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _without(self, "phone", "override", "reason", "agent_number", "agent_name")


class MandateForm(ScopeForm):
    """A mandate with both cards on the counter. For what is asked for a mandate only: the law gives the others all."""

    kind = forms.ChoiceField(
        label=_("As what do they act?"),
        choices=[
            ("mandate", _("Under a mandate")),
            ("guardian", _("As guardian: a parent, or of somebody who cannot act")),
            ("representative", _("As legal representative of an organisation")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose as what.")},
    )
    represented = forms.CharField(
        label=_("Who is represented: identity number or credit code"),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-width": "20"}),
        error_messages={"required": _("Enter the number on the card, or the code on the licence.")},
    )
    represented_name = forms.CharField(
        label=_("Their name"), max_length=120, error_messages={"required": _("Enter the name on the card or licence.")}
    )
    agent = forms.CharField(
        label=_("Who acts: identity number"),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-width": "20"}),
        error_messages={"required": _("Enter the number on the identity card.")},
    )
    agent_name = forms.CharField(
        label=_("Name of who acts"),
        max_length=80,
        error_messages={"required": _("Enter the name on the identity card.")},
    )
    topic = forms.ChoiceField(label=_("Which topic?"), required=False)
    until = forms.DateField(
        label=_("Last day"),
        help_text=_(
            "Needed for a mandate. A child's guardian acts until it is of age, unless an earlier day is given."
        ),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "data-width": "10"}),
    )
    reason = forms.CharField(
        label=_("Why at the counter, and what you have seen"),
        help_text=_("Such as: the birth certificate; has no account. It goes on record with your name."),
        max_length=200,
        error_messages={"required": _("Give the reason: it goes on record.")},
    )

    field_order = (
        "kind",
        "represented",
        "represented_name",
        "agent",
        "agent_name",
        "scope",
        "topic",
        "matters",
        "until",
        "reason",
    )

    def __init__(
        self, data: Any, *, matters: Sequence[tuple[str, str]], topics: Sequence[tuple[str, str]], topic: str = ""
    ) -> None:
        super().__init__(data, matters=matters, initial={"scope": "topic" if topic else "some", "topic": topic})
        scope, chosen = self.fields["scope"], self.fields["topic"]
        assert isinstance(scope, forms.ChoiceField)
        assert isinstance(chosen, forms.ChoiceField)
        scope.help_text = gettext("For a mandate. A guardian or legal representative acts in everything, by law.")
        scope.required = self.data.get("kind") == "mandate"
        scope.choices = [
            ("some", gettext("Only for the matters ticked below")),
            ("topic", gettext("For all matters of one topic, as they are today")),
            ("all", gettext("For all matters")),
        ]
        chosen.choices = [("", gettext("Choose a topic")), *topics]

    def clean(self) -> dict[str, Any]:
        """What is asked for a mandate: for what, and until when."""
        if self.data.get("kind") != "mandate":
            return dict(self.cleaned_data, scope="all", matters=[], topic="")
        data = super().clean()
        if data.get("scope") == "topic" and not data.get("topic"):
            self.add_error("topic", gettext("Choose a topic."))
        if "until" in data and data["until"] is None:
            self.add_error("until", error_words(MandatePeriod()))
        return data


def unauthorised_words() -> str:
    """Whoever stands there must be on record as acting for the applicant in this."""
    return gettext(
        "Nothing is on record that lets them act for the applicant in this. Put it on record first, at "
        "“Put on record who acts for whom”, with both cards."
    )


def mismatch_words() -> str:
    """A number belongs to one name: a slip of the finger must not file in another person's name."""
    return gettext("Another name is on file under this number. Please compare both with the card once more.")
