"""For what a mandate is: all matters, those of one topic, or those that are ticked; online and at a counter alike."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from tongban.apps.catalog.queries import list_matters, list_rows, list_topics
from tongban.apps.people.queries import MandateView
from tongban.web.wording import topic_words

__all__ = ["ScopeForm", "matters_of_topic", "matters_to_tick", "names_of_matters"]

_SHOWN = 120  # matters to tick on one page; a larger city shows them topic by topic
_MOST = 2_000  # matters of one topic; more is all of them


class ScopeForm(forms.Form):
    """For what, with the matters to tick."""

    scope = forms.ChoiceField(
        label=gettext_lazy("For what?"),
        choices=[("some", gettext_lazy("Only for the matters ticked below")), ("all", gettext_lazy("For all matters"))],
        initial="some",
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose for what.")},
    )
    matters = forms.MultipleChoiceField(
        label=gettext_lazy("Which matters?"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any, *, matters: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, use_required_attribute=False, **kwargs)
        chosen = self.fields["matters"]
        assert isinstance(chosen, forms.MultipleChoiceField)
        chosen.choices = list(matters)

    def clean(self) -> dict[str, Any]:
        """Some matters are some: nothing ticked is no answer."""
        data = super().clean() or {}
        if data.get("scope") == "some" and "matters" in data and not data["matters"]:
            self.add_error("matters", _("Tick at least one matter, or choose all."))
        return data


def matters_to_tick(*, topic: str, on: date) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Matters to tick, by code and name; and topics to choose from where there are too many for one page."""
    language = get_language() or "zh-hans"
    found = list_matters(on=on, topic=topic or None, limit=_SHOWN)
    topics = [] if not topic and found.total <= _SHOWN else [(code, topic_words(code)) for code in list_topics(on=on)]
    return [(row.code, row.name.in_language(language)) for row in found.items], topics


def matters_of_topic(*, topic: str, on: date) -> list[str]:
    """The codes of all matters that are offered under a topic on that day."""
    return [row.code for row in list_matters(on=on, topic=topic, limit=_MOST).items]


def names_of_matters(views: Iterable[MandateView], *, on: date) -> dict[str, str]:
    """The names of all matters that these mandates are for, in the reader's language; two queries."""
    codes = sorted({code for each in views for code in each.matters or ()})
    language = get_language() or "zh-hans"
    return {row.code: row.name.in_language(language) for row in list_rows(codes=codes, on=on)}
