"""What is asked once where a command is given on many steps."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from tongban.apps.cases.services.together import Step, Weighed
from tongban.apps.people.actors import Actor
from tongban.web.desk.forms import DeliverForm, words_field

__all__ = ["TogetherForm", "name_of"]


def name_of(actor: Actor) -> str:
    """What a colleague is called in the reader's language."""
    return actor.name if (get_language() or "zh-hans").startswith("zh") else actor.name_en or actor.name


class TogetherForm(forms.Form):
    """To whom and why, or how it was delivered; nothing for the other commands."""

    def __init__(self, data: Any = None, *, command: str, able: Mapping[Step, Sequence[Actor]]) -> None:
        super().__init__(data, use_required_attribute=False)
        self.command = command
        if command == "deliver":
            self.fields["way"] = DeliverForm.base_fields["way"]
        if command in ("transfer", "delegate"):
            self.fields["target"] = forms.ChoiceField(
                label=_("To whom"),
                widget=forms.Select(attrs={"data-width": "0"}),
                choices=_choices(able),
                error_messages={"required": _("Choose to whom.")},
            )
            transfer = command == "transfer"
            label = _("Why it goes there") if transfer else _("What to look at")
            self.fields["reason"] = words_field(label, required=transfer)

    def given(self, step: Step, weighed: Sequence[Weighed]) -> dict[str, Any]:
        """What the command takes on one step."""
        data = self.cleaned_data
        if self.command == "deliver":
            return {"way": data["way"]}
        if self.command == "delegate":
            return {"to": data["target"], "reason": data["reason"]}
        if self.command != "transfer":
            return {}
        found = next(each for each in weighed if each.step == step)
        assert found.offer is not None
        assert found.offer.task is not None
        return {"to": data["target"], "department": found.offer.task.department, "reason": data["reason"]}


def _choices(able: Mapping[Step, Sequence[Actor]]) -> list[tuple[str, str]]:
    """Everyone who could be given any of it; who cannot be given all of it is marked with how much."""
    people = {each.id: each for there in able.values() for each in there}
    counts = Counter(each.id for there in able.values() for each in there)
    ordered = sorted(people.values(), key=lambda each: (-counts[each.id], name_of(each)))
    return [("", gettext("Choose")), *((each.id, _words(each, counts[each.id], len(able))) for each in ordered)]


def _words(actor: Actor, can: int, all_of_them: int) -> str:
    name = name_of(actor)
    if can == all_of_them:
        return name
    return gettext("%(name)s (%(can)s of %(all)s)") % {"name": name, "can": can, "all": all_of_them}
