"""What the page of a matter says beside its definition: figures from the log, ways compared, places, an example."""

from dataclasses import dataclass

from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from tongban.apps.catalog.definitions import MatterDefinition, Text
from tongban.apps.catalog.queries import Place, list_places
from tongban.apps.insight.queries import FEWEST, MatterFigures, Took
from tongban.web.questions import answer_rows
from tongban.web.wording import limit_words

__all__ = ["comparison", "example", "places", "stats", "told"]

_FEW_MINUTES = 60
_COUNTER, _ONLINE = "window", ("web", "phone", "mobile", "api")
_SHOWN_ANSWERS = 10
_ONLINE_WAYS = frozenset("23")


@dataclass(frozen=True, slots=True)
class Side:
    """One row of a comparison: the same thing here and at a counter."""

    label: str
    here: str
    counter: str


@dataclass(frozen=True, slots=True)
class Address:
    """A place with its opening hours in words, and those of windows that have their own."""

    place: Place
    hours: str
    windows: tuple[Text, ...]
    limited: tuple[tuple[Text, str], ...]


def told(definition: MatterDefinition, figures: MatterFigures) -> dict[str, object]:
    """All of it, for the page."""
    return {
        "figures": figures,
        "stats": stats(definition, figures),
        "comparison": comparison(definition, figures),
        "places": places(definition.code),
        "example": example(definition),
    }


# --- what it costs ----------------------------------------------------------------------------------------------------


def stats(definition: MatterDefinition, figures: MatterFigures) -> list[dict[str, object]]:
    """What it costs: time promised and taken, visits, money, and what others thought of it."""
    shown = [
        _promise(definition),
        _taken(figures),
        _nine_of_ten(figures),
        _visits(definition),
        _fee(definition),
        _rating(figures),
        _count(figures),
        _spared(figures),
    ]
    return [stat for stat in shown if stat]


def _spared(figures: MatterFigures) -> dict[str, object]:
    """What others did not have to bring or type, because it was on file; nothing as long as it is nothing."""
    reuse = figures.reuse
    if not reuse.papers and not reuse.questions:
        return {}
    papers = ngettext("%(count)s paper", "%(count)s papers", reuse.papers) % {"count": reuse.papers}
    questions = ngettext("%(count)s question", "%(count)s questions", reuse.questions) % {"count": reuse.questions}
    trips = ngettext("%(count)s trip", "%(count)s trips", reuse.trips) % {"count": reuse.trips}
    note = _("%(questions)s and %(trips)s saved too, all from what is on file") % {
        "questions": questions,
        "trips": trips,
    }
    return {"label": _("Others were spared"), "value": papers, "note": note}


def _promise(definition: MatterDefinition) -> dict[str, object]:
    by_law = _("by law %(limit)s") % {"limit": limit_words(definition.statutory)}
    if definition.kind == "instant":
        return {"label": _("Promised"), "value": _("at once"), "note": by_law}
    return {"label": _("Promised within"), "value": limit_words(definition.promised), "note": by_law}


def _taken(figures: MatterFigures) -> dict[str, object]:
    """Half of this year's cases were faster than this; or that nobody can say yet."""
    if figures.median is None:
        few = ngettext(
            "%(count)s case decided this year; we say it from %(least)s on",
            "%(count)s cases decided this year; we say it from %(least)s on",
            figures.decided,
        )
        note = few % {"count": figures.decided, "least": FEWEST}
        return {"label": _("Time really taken"), "value": _("not enough cases yet"), "said": True, "note": note}
    return {"label": _("Half are done within"), "value": _time(figures.median), "note": _("really taken, working time")}


def _nine_of_ten(figures: MatterFigures) -> dict[str, object]:
    if figures.ninth is None:
        return {}
    note = _("from filing to decision")
    return {"label": _("Nine of ten within"), "value": _time(figures.ninth), "note": note}


def _time(took: Took) -> str:
    if took.minutes < 1:
        return _("a moment")
    if took.minutes < _FEW_MINUTES:
        return _("%(count)s min") % {"count": took.minutes}
    if took.days < 1:
        return _("%(count)s hours") % {"count": took.minutes // 60}
    return _("%(count)s days") % {"count": took.days}


def _count(figures: MatterFigures) -> dict[str, object]:
    if figures.decided < FEWEST:
        return {}
    return {"label": _("Decided this year"), "value": f"{figures.decided:,}", "note": _("cases of this matter")}


def _visits(definition: MatterDefinition) -> dict[str, object]:
    count, note = definition.visits, definition.visits_reason or ""
    value = ngettext("once", "%(count)s times", count) % {"count": count} if count else _("none")
    return {"label": _("Visits to an office"), "value": value, "note": note}


def _fee(definition: MatterDefinition) -> dict[str, object]:
    if definition.fee.is_free:
        return {"label": _("Fee"), "value": _("free"), "note": ""}
    amount = f"{definition.fee.amount.normalize():f}"
    return {"label": _("Fee"), "value": _("%(amount)s yuan") % {"amount": amount}, "note": definition.fee.basis}


def _rating(figures: MatterFigures) -> dict[str, object]:
    if figures.rating is None:
        return {}
    note = ngettext("%(count)s rating this year", "%(count)s ratings this year", figures.ratings)
    return {"label": _("Rating"), "value": f"{figures.rating} / 5", "note": note % {"count": figures.ratings}}


# --- here and at a counter --------------------------------------------------------------------------------------------


def comparison(definition: MatterDefinition, figures: MatterFigures) -> list[Side]:
    """The same matter here and at a counter, row by row; nothing where it cannot be filed both ways."""
    if "1" not in definition.ways or not _ONLINE_WAYS & set(definition.ways):
        return []
    always = sum(spec.is_necessary and spec.when is None for spec in definition.materials)
    papers = (always, sum(spec.is_necessary for spec in definition.materials))
    rows = [
        Side(_("Visits"), _visits_words(definition.visits), _visits_words(max(1, definition.visits))),
        Side(_("Papers"), _papers(papers), _at_counter(papers)),
        Side(_("When"), _("at any hour"), _("in opening hours")),
    ]
    if definition.minutes:
        form = ngettext("about %(count)s minute", "about %(count)s minutes", definition.minutes)
        rows.append(Side(_("Your time"), form % {"count": definition.minutes}, _("the way there, and your turn")))
    here = next((figures.by_channel[way] for way in _ONLINE if way in figures.by_channel), None)
    counter = figures.by_channel.get(_COUNTER)
    if here and counter:
        rows.append(Side(_("Until the decision (median)"), _time(here), _time(counter)))
    return rows


def _visits_words(count: int) -> str:
    return ngettext("%(count)s visit", "%(count)s visits", count) % {"count": count} if count else _("none")


def _papers(count: tuple[int, int]) -> str:
    """How many, from those that all cases need to those that some need too."""
    if not count[1]:
        return _("none")
    return ngettext("%(count)s photo or file", "%(count)s photos or files", count[1]) % {"count": _from_to(count)}


def _at_counter(count: tuple[int, int]) -> str:
    if not count[1]:
        return _("your identity card")
    papers = ngettext("your identity card and %(count)s paper", "your identity card and %(count)s papers", count[1])
    return papers % {"count": _from_to(count)}


def _from_to(count: tuple[int, int]) -> str:
    return str(count[1]) if count[0] == count[1] else f"{count[0]}–{count[1]}"


def places(code: str) -> list[Address]:
    """Where it can be handed in, with hours in words."""
    return [
        Address(
            place,
            _hours(place.days, place.opens, place.closes),
            place.windows,
            tuple((name, " · ".join(_hours(*each) for each in periods)) for name, periods in place.limited),
        )
        for place in list_places(matter=code)
    ]


def _hours(open_days: tuple[int, ...], opens: str, closes: str) -> str:
    if not open_days or not opens:
        return ""
    first, last = str(WEEKDAYS[open_days[0] - 1]), str(WEEKDAYS[open_days[-1] - 1])
    told = {"first": first, "last": last, "opens": opens, "closes": closes}
    if open_days == tuple(range(open_days[0], open_days[-1] + 1)) and len(open_days) > 1:
        return _("%(first)s to %(last)s, %(opens)s to %(closes)s") % told
    days = _(", ").join(str(WEEKDAYS[day - 1]) for day in open_days)
    return _("%(days)s, %(opens)s to %(closes)s") % {**told, "days": days}


# --- an example -------------------------------------------------------------------------------------------------------


def example(definition: MatterDefinition) -> dict[str, object]:
    """A filled-in form that was granted, out of the matter's own examples; numbers of people are masked."""
    granted = [each for each in definition.examples if each.expect.get("outcome") == "granted"]
    if not granted:
        return {}
    one = granted[0]
    asked = [field for name, field in definition.form.fields.items() if one.answers.get(name) not in (None, "", [])]
    rows = answer_rows(form=definition.form, asked=asked[:_SHOWN_ANSWERS], answers=one.answers)
    return {"name": one.name.in_language(get_language() or "zh-hans"), "rows": rows}
