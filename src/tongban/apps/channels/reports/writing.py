"""A report in words, for one reader: sections of lines, each leading to the page that shows more."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from html import escape

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongban.apps.catalog.city import get_calendar
from tongban.apps.channels.choosing import step_name
from tongban.apps.channels.reports.facts import Facts
from tongban.apps.people.actors import Actor
from tongban.apps.people.queries import get_department_names
from tongban.kernel.numbers import format_case_number

__all__ = ["KINDS", "Section", "as_html", "as_text", "sections_for", "summary_of"]

KINDS = {"desk_daily": False, "desk_weekly": True}
"""Kinds of notices that are reports, and whether once a week."""
_MOST = 15
"""Lines of a section; how many more there are is said."""


@dataclass(frozen=True, slots=True)
class Section:
    """``path``: where the rest of it stands."""

    title: str
    lines: Sequence[str]
    path: str


def sections_for(*, facts: Facts, actor: Actor, language: str) -> list[Section]:
    """What this reader is told; only what there is. In the language that is active; ``language`` picks names.

    Their own steps; of departments that they lead; of all departments and halls, for who supervises.
    """
    supervises = actor.has_role("supervisor")
    led = {department for department, role in actor.own_roles if role == "decider"}
    seen = set(get_department_names()) if supervises else led
    found = [_due(facts, actor, language)]
    if seen:
        found.append(_likely(facts, seen, language, supervises))
        found.append(_cards(facts, seen, language, supervises))
        found.append(_audits(facts, seen, language, supervises))
    if supervises:
        found += [_patterns(facts, language), _halls(facts, language)]
    return [each for each in found if each.lines]


def summary_of(sections: Sequence[Section]) -> str:
    """All of it in a sentence, for the inbox."""
    return _("; ").join(f"{each.title}: {len(each.lines)}" for each in sections)


def as_text(*, title: str, sections: Sequence[Section], site: str) -> str:
    """As plain text, with addresses."""
    parts = [title]
    for each in sections:
        parts += ["", each.title, *(f"- {line}" for line in _short(each.lines)), f"  {site}{each.path}"]
    return "\n".join(parts)


def as_html(*, title: str, sections: Sequence[Section], site: str, language: str) -> str:
    """As HTML that a screen reader can go through: language, headings, lists, and links that say where they lead."""
    body = [f"<h1>{escape(title)}</h1>"]
    for each in sections:
        lines = "".join(f"<li>{escape(line)}</li>" for line in _short(each.lines))
        shown = escape(_("Open: %(title)s") % {"title": each.title})
        link = f'<p><a href="{escape(site + each.path)}">{shown}</a></p>'
        body.append(f"<h2>{escape(each.title)}</h2><ul>{lines}</ul>{link}")
    head = f'<meta charset="utf-8"><title>{escape(title)}</title>'
    return f'<!doctype html><html lang="{escape(language)}"><head>{head}</head><body>{"".join(body)}</body></html>'


def _short(lines: Sequence[str]) -> list[str]:
    left = len(lines) - _MOST
    more = [ngettext("and %(count)d more", "and %(count)d more", left) % {"count": left}] if left > 0 else []
    return [*lines[:_MOST], *more]


def _due(facts: Facts, actor: Actor, language: str) -> Section:
    local = get_calendar().local_date
    today = local(facts.at)
    lines = []
    for each in sorted(facts.due.get(actor.user_id or 0, ()), key=lambda step: step.due):
        definition, day = facts.versions[each.version_id].definition, local(each.due)
        when = _("late") if day < today else _("today") if day == today else f"{day:%m-%d}"
        step = step_name(definition, each.node).in_language(language)
        matter = definition.name.in_language(language)
        lines.append(f"{when} · {matter} · {step} · {_number(each.case)}")
    return Section(_("Your steps due today and tomorrow"), lines, "/desk/?group=mine")


def _likely(facts: Facts, seen: Collection[str], language: str, supervises: bool) -> Section:
    lines = [
        _("%(chance)d %% · %(matter)s · %(step)s · %(department)s · %(number)s")
        % {
            "chance": each.chance,
            "matter": each.matter.in_language(language),
            "step": each.step.in_language(language),
            "department": _name(each.department, language),
            "number": _number(each.case),
        }
        for each in facts.likely
        if each.department in seen
    ]
    return Section(_("Likely to be late"), lines, "/supervise/likely/" if supervises else "/desk/?group=department")


def _cards(facts: Facts, seen: Collection[str], language: str, supervises: bool) -> Section:
    lines = []
    for code in sorted(seen):
        shown, waiting = facts.cards.get(code), facts.unanswered.get(code, 0)
        if waiting or (shown is not None and shown.red + shown.yellow):
            counts = {"red": shown.red if shown else 0, "yellow": shown.yellow if shown else 0, "waiting": waiting}
            said = _("%(red)d red and %(yellow)d yellow new; %(waiting)d to be answered") % counts
            lines.append(f"{_name(code, language)}: {said}")
    if supervises and facts.appealed:
        waits = ngettext("%(count)d appeal waits for a ruling", "%(count)d appeals wait for a ruling", facts.appealed)
        lines.insert(0, waits % {"count": facts.appealed})
    return Section(_("Yellow and red cards"), lines, "/supervise/cards/" if supervises else "/desk/cards/")


def _audits(facts: Facts, seen: Collection[str], language: str, supervises: bool) -> Section:
    lines = []
    for code in sorted(seen):
        counts = facts.audits.get(code)
        if counts is None:
            continue
        parts = [
            *([_("%(count)d to be answered") % {"count": counts.found}] if counts.found else []),
            *([_("%(count)d of them late") % {"count": counts.late}] if counts.late else []),
            *([_("%(count)d to be looked at") % {"count": counts.open}] if supervises and counts.open else []),
            *([_("%(count)d answers to read") % {"count": counts.answered}] if supervises and counts.answered else []),
        ]
        if parts:
            lines.append(f"{_name(code, language)}: {_(', ').join(parts)}")
    return Section(_("Audits of files"), lines, "/supervise/audits/" if supervises else "/desk/audits/")


def _patterns(facts: Facts, language: str) -> Section:
    lines = [
        f"{_name(each.department, language)} · {each.matter_name.in_language(language)}: {sum(each.counts.values())}"
        for each in facts.patterns
    ]
    return Section(_("Around the clock"), lines, "/supervise/patterns/")


def _halls(facts: Facts, language: str) -> Section:
    lines = []
    for each in facts.served:
        day = f"{each.day:%m-%d}"
        counts = {"served": each.served, "minutes": each.waited // timedelta(minutes=1), "missed": each.missed}
        said = _("%(served)d served, %(minutes)d minutes of waiting on average, %(missed)d missed their turn") % counts
        lines.append(f"{day} · {each.hall_name.in_language(language)}: {said}")
    return Section(_("Service halls"), lines, "/hall/")


def _name(code: str, language: str) -> str:
    names = get_department_names()
    return names[code].short(language) if code in names else code


def _number(case: int) -> str:
    return format_case_number(case)
