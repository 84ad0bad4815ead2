"""What an officer says with a command. What may be chosen comes from the case; the kernel has the last word."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.http import QueryDict
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from tongban.apps.cases.consequences import Offer, Work
from tongban.apps.cases.queries import Draft, list_drafts
from tongban.apps.catalog.definitions.conclusions import DECISION
from tongban.kernel import flow
from tongban.kernel.clock import Limit, Unit
from tongban.web.templatetags.tongban_ui import sentences
from tongban.web.wording import amount_words, event_name, limit_words, procedure_words, step_outcome_words

__all__ = [
    "LONGEST",
    "ArrivalForm",
    "CommandForm",
    "CompleteForm",
    "DecideForm",
    "DeliverForm",
    "ExtendForm",
    "RefuseForm",
    "ReportForm",
    "ReturnForm",
    "SupplementForm",
    "SuspendForm",
    "words_field",
]

LONGEST = 2000
"""Characters that words on record may have."""


def words_field(label: Any, *, help_text: Any = "", required: bool = True, rows: int = 3) -> forms.CharField:
    """A field for words that go on record."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": _("Please write this down: it goes on record and the applicant can read it.")},
    )


class CommandForm(forms.Form):
    """The common root; by itself the form of a command that needs no words."""

    def __init__(self, data: Any = None, *, work: Work, offer: Offer, begun: Any = None) -> None:
        """``data`` is checked; ``begun``, what was written so far, is only shown."""
        ident = f"{offer.command}_{offer.task_no}_%s"
        super().__init__(data, initial=begun, auto_id=ident, use_required_attribute=False)
        self.language = get_language() or "zh-hans"
        self.shape(work, offer)

    def shape(self, work: Work, offer: Offer) -> None:
        """Fit choices to the case."""

    @property
    def written(self) -> str:
        """The field with the words that go on record; "" where there is none."""
        return next((name for name in ("opinion", "reason", "note") if name in self.fields), "")

    def so_far(self, posted: QueryDict) -> dict[str, Any]:
        """What was posted for its fields, unchecked, by name."""
        return {
            name: posted.getlist(name) if isinstance(field, forms.MultipleChoiceField) else posted[name]
            for name, field in self.fields.items()
            if name in posted
        }

    def changed_in(self, posted: QueryDict) -> dict[str, Any]:
        """Of a fresh form: what was posted for its fields that it did not have by itself, unchecked."""
        return {name: value for name, value in self.so_far(posted).items() if not self._is_fresh(name, value)}

    def _is_fresh(self, name: str, value: Any) -> bool:
        fresh = self[name].value()
        if isinstance(value, list):
            return sorted(value) == sorted(map(str, fresh or ()))
        return str(value).strip() == ("" if fresh is None else str(fresh))

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class RefuseForm(CommandForm):
    """Not accepting owes a reason (Administrative Licensing Law, 32)."""

    reason = words_field(_("Why it is not accepted"), help_text=_("The applicant receives these words."))


class SupplementForm(CommandForm):
    """Everything that is missing, at once: the applicant is asked once only."""

    items = forms.MultipleChoiceField(
        label=_("What is missing or not in order"), required=False, widget=forms.CheckboxSelectMultiple
    )
    other = forms.CharField(
        label=_("Anything else"),
        help_text=_("One thing a line."),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    note = words_field(
        _("What exactly to do"), help_text=_("Say it so that a neighbour would understand it."), required=False
    )
    days = forms.IntegerField(
        label=_("Working days to answer"),
        required=False,
        min_value=1,
        max_value=60,
        initial=10,
        widget=forms.NumberInput(attrs={"data-width": "3", "inputmode": "numeric"}),
    )

    def shape(self, work: Work, offer: Offer) -> None:
        """Offer the matter's materials that this applicant hands in."""
        specs = work.view.definition.materials_for(work.answers)
        self._choose("items", [(spec.code, spec.name.in_language(self.language)) for spec in specs if spec.is_asked])

    def clean(self) -> dict[str, Any]:
        """Ask for something."""
        data = super().clean() or {}
        data["asked"] = [*data.get("items", ()), *filter(None, (x.strip() for x in data.get("other", "").splitlines()))]
        if not data["asked"]:
            self.add_error("items", gettext("Choose at least one thing, or write it under “Anything else”."))
        return data


class CompleteForm(CommandForm):
    """The result of a step and the opinion beside it."""

    outcome = forms.ChoiceField(
        label=_("Your result"), widget=forms.RadioSelect, error_messages={"required": _("Choose a result.")}
    )
    opinion = words_field(_("Your opinion"), help_text=_("All departments in this case can read it."), required=False)

    def shape(self, work: Work, offer: Offer) -> None:
        """Offer the results that the diagram knows for this step."""
        self._choose("outcome", [(each, step_outcome_words(each)) for each in offer.options])
        definition = work.view.definition
        self.drafts = offer.task is not None and offer.task.node == definition.drafted_at
        if self.drafts:
            self._ask_for_draft(work)

    def _ask_for_draft(self, work: Work) -> None:
        """What the decision should be, with its reasons; after a return, what was drafted before."""
        definition = work.view.definition
        known = [(each, _DECISIONS[definition.concluded(each)]) for each in definition.outcomes]
        before = list_drafts(view=work.view)
        self.fields["draft_outcome"] = forms.ChoiceField(
            label=_("Draft: the decision should be"),
            choices=known,
            widget=forms.RadioSelect,
            initial=before[-1].draft.outcome if before else None,
            error_messages={"required": _("Choose what the decision should be.")},
        )
        self.fields["draft_reason"] = words_field(
            _("Draft: its reasons"),
            help_text=_(
                "The facts, the law, and what follows from them, as the letter would say it. A colleague reviews it."
            ),
            rows=6,
        )
        self.fields["draft_reason"].initial = before[-1].draft.reason if before else ""

    def clean(self) -> dict[str, Any]:
        """A step that is not in order needs its reasons."""
        data = super().clean() or {}
        drafted = self.drafts and data.get("draft_outcome") and data.get("draft_reason")
        data["draft"] = Draft(outcome=data["draft_outcome"], reason=data["draft_reason"]) if drafted else None
        if data.get("outcome") == "fail" and not data.get("opinion", "").strip():
            self.add_error("opinion", gettext("Please say what is not in order: the decision rests on it."))
        return data


_DECISIONS = {
    "granted": _("Grant"),
    "denied": _("Deny"),
    "answered": _("Answer, and provide it"),
    "not_provided": _("Answer that it is not provided"),
    "resolved": _("Answer: resolved"),
    "not_resolved": _("Answer: it could not be resolved"),
    "passed_on": _("Pass it on to whoever is competent"),
}


class DecideForm(CommandForm):
    """Grant or deny, or answer; a denial owes its reasons (Administrative Licensing Law, 38), an answer its words."""

    outcome = forms.ChoiceField(
        label=_("Decision"), widget=forms.RadioSelect, error_messages={"required": _("Choose a decision.")}
    )
    reason = words_field(
        _("Reasons"),
        help_text=_("Needed for a denial: the facts, the law, and what follows from them."),
        required=False,
    )

    def shape(self, work: Work, offer: Offer) -> None:
        """What the matter knows, as far as the process allows it."""
        definition = work.view.definition
        self._choose("outcome", [(each, _DECISIONS[definition.concluded(each)]) for each in offer.options])
        if definition.conclusion != DECISION:
            self.fields["reason"].required = True
            missing = _("Please write the answer: it is what the person is waiting for.")
            self.fields["reason"].error_messages = {"required": missing}
            self.fields["reason"].label = _("Your answer")
            self.fields["reason"].help_text = _("The person who wrote to us reads exactly these words.")
        drafted = list_drafts(view=work.view)
        if drafted and drafted[-1].draft.outcome in offer.options:
            self.fields["outcome"].initial = drafted[-1].draft.outcome
            self.fields["reason"].initial = drafted[-1].draft.reason

    def clean(self) -> dict[str, Any]:
        """No denial without reasons."""
        data = super().clean() or {}
        owes_words = not self.fields["reason"].required and data.get("outcome") == "denied"
        if owes_words and not data.get("reason", "").strip():
            self.add_error("reason", gettext("A denial needs its reasons: the applicant has a right to know them."))
        return data


class ReturnForm(CommandForm):
    """Back to an earlier step, with the reason for whoever does it again."""

    node = forms.ChoiceField(
        label=_("Back to which step"), widget=forms.RadioSelect, error_messages={"required": _("Choose a step.")}
    )
    reason = words_field(_("What has to be done again, and why"))

    def shape(self, work: Work, offer: Offer) -> None:
        """The steps that led to this one."""
        names = work.returnable
        self._choose("node", [(node, names[node].in_language(self.language)) for node in offer.options])


class ArrivalForm(CommandForm):
    """That a message or signal has come for which the case waits, and a few words about it."""

    node = forms.ChoiceField(
        label=_("What has arrived"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what has arrived.")},
    )
    note = words_field(_("From whom, when, what it says"), required=False)

    def shape(self, work: Work, offer: Offer) -> None:
        """What the case waits for; where that is one thing, it is chosen already."""
        self.expected = {one.node.id: one for one in work.view.expected if one.node.id in offer.options}
        self._choose("node", [(node, event_name(one, self.language)) for node, one in self.expected.items()])
        if len(self.expected) == 1:
            self.fields["node"].initial = next(iter(self.expected))

    def clean(self) -> dict[str, Any]:
        """With the event itself."""
        data = super().clean() or {}
        return {**data, "expected": self.expected.get(data.get("node", ""))}


class ReportForm(CommandForm):
    """That a step cannot be done as it should: which of the ways that the diagram has for it, and why."""

    node = forms.ChoiceField(
        label=_("What is the matter"), widget=forms.RadioSelect, error_messages={"required": _("Choose one.")}
    )
    reason = words_field(_("What happened"))

    def shape(self, work: Work, offer: Offer) -> None:
        """What something in the process catches, if it is reported here."""
        caught = flow.reportable(definition=work.view.definition.process)
        self.caught = {one.node.id: one for one in caught if one.node.id in offer.options}
        self._choose("node", [(node, event_name(one, self.language)) for node, one in self.caught.items()])

    def clean(self) -> dict[str, Any]:
        """With the code and its kind."""
        data = super().clean() or {}
        found = self.caught.get(data.get("node", ""))
        return {**data, "name": found.names[0] if found else "", "kind": found.kind if found else ""}


class SuspendForm(CommandForm):
    """A special procedure, whose time is not counted."""

    procedure = forms.ChoiceField(label=_("Which procedure"), widget=forms.Select(attrs={"data-width": "0"}))
    reason = words_field(_("Why it is needed"), help_text=_("The applicant is told."))
    days = forms.IntegerField(
        label=_("Working days that it will take"),
        help_text=_("The applicant is told. When they are over and it is not, supervision sees it."),
        required=False,
        min_value=1,
        max_value=180,
        widget=forms.NumberInput(attrs={"data-width": "3", "inputmode": "numeric"}),
    )

    def shape(self, work: Work, offer: Offer) -> None:
        """The procedures that the law knows; the days may be left out where the matter says how long one takes."""
        self._choose("procedure", [(each, procedure_words(each)) for each in flow.SPECIAL])
        self.limits = {each: work.view.definition.procedure_limit(each) for each in flow.SPECIAL}
        if told := [f"{procedure_words(each)} {limit_words(limit)}" for each, limit in self.limits.items() if limit]:
            usual = gettext("Left empty: %(limits)s.") % {"limits": gettext(", ").join(told)}
            self.fields["days"].help_text = sentences([str(self.fields["days"].help_text), usual])

    def clean(self) -> dict[str, Any]:
        """The applicant is told how long it takes (Administrative Licensing Law, 45)."""
        data = super().clean() or {}
        days = data.get("days")
        limit = Limit(days, Unit.WORKING_DAYS) if days else self.limits.get(data.get("procedure", ""))
        if limit is None and "days" not in self.errors:
            self.add_error("days", gettext("Please say how many working days it will take."))
        return {**data, "limit": limit}


class ExtendForm(CommandForm):
    """More time, once, by the head of the authority."""

    amount = forms.IntegerField(
        label=_("How much longer"),
        min_value=1,
        widget=forms.NumberInput(attrs={"data-width": "3", "inputmode": "numeric"}),
    )
    reason = words_field(_("Why more time is needed"), help_text=_("The applicant is told."))

    def shape(self, work: Work, offer: Offer) -> None:
        """At most what the matter allows."""
        allowed = work.view.state.limits.extension
        assert allowed is not None
        field = self.fields["amount"]
        assert isinstance(field, forms.IntegerField)
        field.initial = allowed.amount
        field.validators = [*field.validators, MaxValueValidator(allowed.amount)]
        limit = amount_words(allowed.amount, allowed.unit.value)
        field.help_text = gettext("At most %(limit)s, and only once.") % {"limit": limit}
        self.unit = allowed.unit.value

    def clean(self) -> dict[str, Any]:
        """In the unit of the limit."""
        return {**(super().clean() or {}), "unit": self.unit}


class DeliverForm(CommandForm):
    """How the result reached the applicant."""

    way = forms.ChoiceField(
        label=_("How it reached the applicant"),
        widget=forms.RadioSelect,
        choices=[
            ("online", _("in their account")),
            ("counter", _("handed over at the counter")),
            ("post", _("by post")),
        ],
        initial="online",
    )
