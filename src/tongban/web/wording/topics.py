"""Words for topics of what the public says: how they stand, why they were alarmed about, why an inquiry is in one."""

from collections.abc import Mapping
from math import ceil
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tongban.apps.voice.whole.queries import AlertRow, HandRow, Member
from tongban.web.templatetags.tongban_ui import sentences

__all__ = ["growth_words", "hand_state_words", "hand_words", "sign_words", "stage_tone", "stage_words", "why_words"]

_STAGES = {
    "rising": (gettext_lazy("Not answered yet"), "sun"),
    "answered": (gettext_lazy("Answered"), "river"),
    "settled": (gettext_lazy("Settled"), "done"),
    "back": (gettext_lazy("Back after an answer"), "seal"),
}
_HANDS = {
    "asked": gettext_lazy("being done"),
    "done": gettext_lazy("done"),
    "refused": gettext_lazy("not done: somebody changed the topic first"),
    "going_back": gettext_lazy("being taken back"),
    "undone": gettext_lazy("taken back"),
}


def stage_words(stage: str) -> str:
    """How a topic stands."""
    return str(_STAGES[stage][0])


def stage_tone(stage: str) -> str:
    """In which colour that is said."""
    return _STAGES[stage][1]


def growth_words(row: AlertRow) -> list[str]:
    """Why an alert was raised, in figures."""
    said = [
        _("In the week up to %(day)s, %(observed)d people spoke of it; about %(expected)s were to be expected.")
        % {
            "day": date_format(row.on, "DATE_FORMAT"),
            "observed": row.observed,
            "expected": number_format(row.expected, 1),
        },
        _("Learned from %(days)d days. The whole city said %(city)s times what it usually says, which is taken off.")
        % {"days": row.days, "city": number_format(row.city, 1)},
    ]
    if row.of_season:
        said.append(_("It was judged by the same weeks of the year before: they had more than the weeks just gone."))
    said.append(
        _("By chance so many would come in fewer than one week of %(weeks)s.")
        % {"weeks": number_format(min(10**6, int(1 / row.chance)) if row.chance else 10**6, 0, force_grouping=True)}
    )
    return said


def sign_words(sign: Mapping[str, Any]) -> str:
    """What looks organised."""
    if sign["kind"] == "same-text":
        hours = max(1, ceil(sign["hours"]))
        words = ngettext(
            "%(people)d people sent the same words within %(hours)d hour; %(new)d of them for the first time.",
            "%(people)d people sent the same words within %(hours)d hours; %(new)d of them for the first time.",
            hours,
        )
        return words % {"people": sign["people"], "hours": hours, "new": sign["new"]}
    return _("One sender wrote %(messages)d messages within a week, to %(topics)d topics.") % {
        "messages": sign["messages"],
        "topics": sign["topics"],
    }


def why_words(row: Member) -> str:
    """Why an inquiry is in its topic."""
    said = [_("Put here by a coordinator.")] if row.by_hand else []
    if row.copy_of:
        said.append(_("Nearly the same words as another one."))
    elif row.words or row.places:
        said.append(_("Shares with others: %(words)s.") % {"words": _(", ").join([*row.words, *row.places])})
        said.append(_("Alike by %(alike)d %%.") % {"alike": round(100 * row.alike)})
    elif not said:
        said.append(_("The first of it: others joined it."))
    return sentences(said)


def hand_words(row: HandRow) -> str:
    """What a coordinator did."""
    if row.kind == "merge":
        return ngettext("Put together: %(n)d topic", "Put together: %(n)d topics", row.amount) % {"n": row.amount}
    return ngettext("Put apart: %(n)d inquiry", "Put apart: %(n)d inquiries", row.amount) % {"n": row.amount}


def hand_state_words(row: HandRow) -> str:
    """What became of it."""
    return str(_HANDS[row.state])
