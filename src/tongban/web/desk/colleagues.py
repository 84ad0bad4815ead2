"""What an officer says to give a step away or to ask others to sign it; whom one may name comes from the case."""

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from tongban.apps.cases.consequences import Offer, Work
from tongban.apps.people.actors import Actor
from tongban.apps.people.queries import get_department_names
from tongban.apps.voice.queries import get_sorted
from tongban.kernel import flow
from tongban.kernel.clock import Limit
from tongban.web.desk.forms import CommandForm, words_field
from tongban.web.wording.matters import limit_words
from tongban.web.wording.voices import KINDS

__all__ = [
    "CosignForm",
    "DelegateForm",
    "DispatchForm",
    "ObjectForm",
    "RemoveCosignerForm",
    "SignForm",
    "TransferForm",
    "asked_of",
    "colleague_sentences",
]

_PLACES = {
    "before": _("Before: the step waits until they have signed"),
    "beside": _("Beside: the work goes on, but is not finished without them"),
    "after": _("After: the result is put before them, and goes on when they have signed"),
}


def _name(actor: Actor) -> str:
    return actor.name if (get_language() or "zh-hans").startswith("zh") else actor.name_en or actor.name


def _department(code: str) -> str:
    names = get_department_names()
    return names[code].short(get_language() or "zh-hans") if code in names else code


def _person(actor: Actor, department: str) -> tuple[str, str]:
    facts = {"name": _name(actor), "department": _department(department)}
    return f"{actor.id}@{department}", gettext("%(name)s (%(department)s)") % facts


def _target(text: str) -> tuple[str, str]:
    """Person and department of a choice: ``user:7@fire-rescue``, or ``@fire-rescue`` for anybody there."""
    who, _at, department = text.partition("@")
    return who, department


class TransferForm(CommandForm):
    """To whom, and why."""

    target = forms.ChoiceField(
        label=_("To whom"),
        help_text=_("A person who may do such a step, or the queue of a department that has a part in this process."),
        widget=forms.Select(attrs={"data-width": "0"}),
        error_messages={"required": _("Choose to whom.")},
    )
    reason = words_field(_("Why it goes there"))

    def shape(self, work: Work, offer: Offer) -> None:
        """Those who could do it: people first, then whole departments."""
        assert offer.task is not None
        kind, here = offer.task.act, offer.task.department
        allowed = sorted(flow.departments_allowed(work.view.definition.process) | {here}, key=lambda code: code != here)
        people, queues = [], []
        for department in allowed:
            fit = work.able(act=kind, department=department)
            people += [_person(each, department) for each in fit]
            if fit and department != here:
                words = gettext("Queue of %(department)s") % {"department": _department(department)}
                queues.append((f"@{department}", words))
        self._choose("target", [("", gettext("Choose")), *people, *queues])

    def clean(self) -> dict[str, Any]:
        """Person and department apart."""
        data = super().clean() or {}
        to, department = _target(data.get("target", ""))
        return {**data, "to": to, "department": department}


URGENT = "urgent"


def clocks_of(work: Work) -> dict[str, Limit]:
    """By which limits a case in which something is said can be dispatched, by kind, and as urgent; none once its clock
    runs, and none in any other matter."""
    voice = work.view.definition.voice
    if voice is None or work.view.state.accepted is not None or not (voice.limits or voice.urgent):
        return {}
    own = {kind: voice.limits.get(kind, work.view.definition.promised) for kind in KINDS}
    return own | ({URGENT: voice.urgent} if voice.urgent is not None else {})


class DispatchForm(CommandForm):
    """Whose it is from now on, and why; the reason is owed where it was somebody's already."""

    department = forms.ChoiceField(
        label=_("Responsible department"),
        help_text=_(
            "Its steps, its clock and its answer: it stays theirs to the end, unless they object and are right."
        ),
        widget=forms.Select(attrs={"data-width": "0"}),
        error_messages={"required": _("Choose a department.")},
    )
    clock = forms.ChoiceField(
        label=_("Its clock"),
        help_text=_("What people call a question may be a complaint. Once it is accepted, its clock stays."),
        widget=forms.Select(attrs={"data-width": "0"}),
        required=False,
    )
    reason = words_field(_("Why it is theirs"), required=False)

    def shape(self, work: Work, offer: Offer) -> None:
        """Every department of the city in which somebody could take it up, but the one that has it."""
        language = get_language() or "zh-hans"
        now, self._limits = work.view.state.dispatched, work.view.state.limits
        choices = [
            (code, name.name(language))
            for code, name in get_department_names().items()
            if code != now and work.able(act="handle", department=code)
        ]
        self._choose("department", [("", gettext("Choose")), *choices])
        self.fields["reason"].required = bool(now)
        sorted_as = get_sorted(number=work.view.number) if not now else None
        if sorted_as is not None and sorted_as.proposed in dict(choices):
            self.initial.setdefault("department", sorted_as.proposed)
        self._clocks = clocks_of(work)
        if self._clocks:
            most_urgent = sorted_as is not None and sorted_as.urgency == 1
            self._choose("clock", [("", gettext("As it was filed")), *self._named(work)])
            self.initial.setdefault("clock", URGENT if most_urgent and URGENT in self._clocks else "")
        else:
            del self.fields["clock"]

    def _named(self, work: Work) -> list[tuple[str, str]]:
        words = {**KINDS, URGENT: gettext("Urgent")}
        return [(name, f"{words[name]} · {limit_words(limit)}") for name, limit in self._clocks.items()]

    def clean(self) -> dict[str, Any]:
        """The limits that go with the clock that was chosen; None where it stays as it was filed."""
        data = super().clean() or {}
        chosen = self._clocks.get(data.get("clock", ""))
        limits = self._limits._replace(statutory=chosen, promised=chosen) if chosen is not None else None
        return {**data, "limits": limits}


class DelegateForm(CommandForm):
    """Who does it, and what to look at."""

    target = forms.ChoiceField(
        label=_("Who does it"),
        widget=forms.Select(attrs={"data-width": "0"}),
        error_messages={"required": _("Choose a colleague.")},
    )
    reason = words_field(_("What to look at"), required=False)

    def shape(self, work: Work, offer: Offer) -> None:
        """Colleagues of the department that has the step."""
        assert offer.task is not None
        here = offer.task.department
        people = [
            _person(each, here) for each in work.colleagues if here in each.departments and each.id != work.actor.id
        ]
        self._choose("target", [("", gettext("Choose")), *people])

    def clean(self) -> dict[str, Any]:
        """The person alone."""
        data = super().clean() or {}
        return {**data, "to": _target(data.get("target", ""))[0]}


class CosignForm(CommandForm):
    """Who signs, when, and how many of them must."""

    signers = forms.MultipleChoiceField(
        label=_("Who signs"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one.")},
    )
    place = forms.ChoiceField(
        label=_("When they sign"), widget=forms.RadioSelect, choices=list(_PLACES.items()), initial="beside"
    )
    rule = forms.ChoiceField(
        label=_("How many must sign"),
        widget=forms.RadioSelect,
        choices=[("all", _("all of them")), ("any", _("one of them is enough")), ("some", _("so many of them:"))],
        initial="all",
    )
    count = forms.IntegerField(
        label=_("How many, if not all"),
        required=False,
        min_value=1,
        widget=forms.NumberInput(attrs={"data-width": "2", "inputmode": "numeric"}),
    )
    reason = words_field(_("What they are asked"), required=False)

    def shape(self, work: Work, offer: Offer) -> None:
        """Departments of the city, then colleagues of one's own."""
        assert offer.task is not None
        here = offer.task.department
        names = get_department_names()
        language = get_language() or "zh-hans"
        departments = [(f"@{code}", name.name(language)) for code, name in names.items()]
        people = [
            _person(each, here) for each in work.colleagues if here in each.departments and each.id != work.actor.id
        ]
        self._choose("signers", [*people, *departments])

    def clean(self) -> dict[str, Any]:
        """The rule in one word."""
        data = super().clean() or {}
        if data.get("rule") == "some":
            count = data.get("count")
            if not count or count > len(data.get("signers", ())):
                self.add_error("count", gettext("Say how many of those whom you have chosen must sign."))
            data["needed"] = str(count)
        else:
            data["needed"] = data.get("rule", "")
        return data


def asked_of(data: Any) -> dict[str, Any]:
    """What a filled-in ``CosignForm`` asks of the domain."""
    asked = [flow.Asked(department, who) for who, department in map(_target, data["signers"])]
    return {"signers": tuple(asked), "place": data["place"], "rule": data["needed"], "reason": data["reason"]}


class SignForm(CommandForm):
    """Agreement, with words if one likes."""

    opinion = words_field(_("Your opinion"), help_text=_("All departments in this case can read it."), required=False)


class ObjectForm(CommandForm):
    """An objection owes its reason."""

    reason = words_field(_("What you object to, and why"))


class RemoveCosignerForm(CommandForm):
    """Whom to ask no longer, and why."""

    signer = forms.ChoiceField(
        label=_("Whom you ask no longer"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )
    reason = words_field(
        _("Why they need not sign"), help_text=_("An objection stays on record, and so do these words.")
    )

    def shape(self, work: Work, offer: Offer) -> None:
        """Those who have not signed."""
        chinese = self.language.startswith("zh")
        choices = []
        for option in offer.options:
            asked = work.task(int(option))
            if asked is None:
                continue
            name = asked.claimed_name[0 if chinese else 1] if asked.claimed_name else ""
            words = _department(asked.department)
            choices.append(
                (option, gettext("%(name)s (%(department)s)") % {"name": name, "department": words} if name else words)
            )
        self._choose("signer", choices)


def colleague_sentences(command: str, data: Any = None) -> list[str]:
    """What giving away and signing do beside the clock; ``data`` is what was chosen, where something was."""
    place = (data or {}).get("place", "")
    said = {
        "dispatch": _("The case is that department's from now on, and so is every step that you do not have."),
        "transfer": _("It lies there from now on. The due date of the step does not move."),
        "delegate": _("The result comes back to you, and counts only when you finish the step. You can take it back."),
        "recall": _("It is yours alone again. The clock is not touched."),
        "add_cosigner": _PLACES.get(place, _("The step goes on only when they have signed. The clock runs meanwhile.")),
        "object": _("The step does not go on unless it is changed, or you are overruled on record."),
        "remove_cosigner": _("They are asked no longer; if nobody else is waited for, the step can go on."),
    }
    return [str(said[command])] if command in said else []
