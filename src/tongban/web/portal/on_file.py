"""What is on file, as pages show it: what registers said, papers that need not be brought. Drafts in, rows out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from tongban.apps.catalog.city import get_calendar
from tongban.apps.catalog.definitions import MaterialSpec, MatterDefinition, Text
from tongban.apps.intake.queries import DraftView, OnFile, Paper, Saved, Source
from tongban.web.questions import answer_rows
from tongban.web.registers import said_rows
from tongban.web.templatetags.tongban_ui import day as said_day
from tongban.web.templatetags.tongban_ui import phrase
from tongban.web.wording import limit_words

__all__ = [
    "AllShown",
    "Fetched",
    "Holding",
    "Shown",
    "all_known_rows",
    "all_shown",
    "fetched_rows",
    "follow_words",
    "known_rows",
    "paper_words",
    "promised_rows",
    "said_by",
    "saved_words",
    "shown_sources",
]


class Holding(Protocol):
    """A draft, or a part of a cart: what it asks, what has been answered, and what there is for it."""

    @property
    def definition(self) -> MatterDefinition:
        """The matter."""

    @property
    def answers(self) -> Mapping[str, Any]:
        """The answers so far."""

    @property
    def on_file(self) -> OnFile:
        """What there is for it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A register as the page shows it: what it said, and what that is used for."""

    source: Source
    rows: Sequence[dict[str, str]]
    questions: Sequence[Text]
    papers: Sequence[Text]


@dataclass(frozen=True, slots=True)
class Fetched:
    """A paper that nobody brings: where it is, in words, and how that tag is drawn."""

    spec: MaterialSpec
    words: str
    tag: str
    tone: str
    icon: str


@dataclass(frozen=True, slots=True)
class AllShown:
    """What is on file for several matters, each register, paper and certificate once, with the matters it is for.

    ``shown``: what registers said; ``unasked``: those that want consent first.
    """

    shown: Sequence[tuple[Sequence[dict[str, str]], Sequence[tuple[Text, Shown]]]]
    unasked: Sequence[Sequence[tuple[Text, Shown]]]
    papers: Sequence[tuple[Paper, str, Sequence[Text]]]
    others: Sequence[tuple[Fetched, Sequence[Text]]]

    def __bool__(self) -> bool:
        return bool(self.shown or self.unasked or self.papers)


def all_shown(holdings: Iterable[Holding]) -> AllShown:
    """What is on file for all of these together."""
    shown: list[tuple[dict[str, dict[str, str]], list[tuple[Text, Shown]]]] = []
    unasked: dict[str, list[tuple[Text, Shown]]] = {}
    papers: dict[tuple[str, Text], tuple[Paper, str, list[Text]]] = {}
    others: dict[str, tuple[Fetched, list[Text]]] = {}
    for each in holdings:
        name = each.definition.name
        for one in shown_sources(each):
            if one.source.extract is None:
                unasked.setdefault(one.source.register.code, []).append((name, one))
            else:
                _put_together(shown, name, one)
        for paper in each.on_file.papers:
            key = (paper.source, paper.spec.name)
            papers.setdefault(key, (paper, paper_words(paper), []))[2].append(name)
        for fetched in fetched_rows(each):
            if fetched.spec.code in each.on_file.certificates:
                identifier = each.on_file.certificates[fetched.spec.code].identifier
                others.setdefault(identifier, (fetched, []))[1].append(name)
    return AllShown(
        [(list(rows.values()), uses) for rows, uses in shown],
        list(unasked.values()),
        list(papers.values()),
        list(others.values()),
    )


def _put_together(
    shown: list[tuple[dict[str, dict[str, str]], list[tuple[Text, Shown]]]], name: Text, one: Shown
) -> None:
    """Add what a register said to what it said for other matters; apart, should it have said something else there."""
    rows = {row["key"]: row for row in one.rows}
    for known, uses in shown:
        first = uses[0][1].source
        same = (first.register.code, first.of) == (one.source.register.code, one.source.of)
        if same and all(known.get(key, row) == row for key, row in rows.items()):
            known.update(rows)
            uses.append((name, one))
            return
    shown.append((rows, [(name, one)]))


def all_known_rows(holdings: Iterable[Holding]) -> list[dict[str, str]]:
    """Questions of several matters that are answered by what was taken, each once."""
    rows = {(row["key"], row["value"]): row for each in holdings for row in known_rows(each)}
    return list(rows.values())


def said_by(on_file: OnFile) -> list[object]:
    """What stands on a page: taking it takes that, and nothing that has come in since."""
    said: list[object] = [
        (each.register.code, each.of, dict(each.extract.values)) for each in on_file.sources if each.extract
    ]
    return said + [(each.spec.code, each.source) for each in on_file.papers]


def shown_sources(draft: Holding) -> list[Shown]:
    """Every register that has to do with a draft and has said something, or wants to be allowed to."""
    form = draft.definition.form
    return [
        Shown(
            source,
            _said(source),
            [form.fields[name].title for name in source.fills],
            [spec.name for spec in source.materials],
        )
        for source in draft.on_file.sources
        if source.state in ("offered", "unasked", "taken")
    ]


def _said(source: Source) -> list[dict[str, str]]:
    """What a register said, and beside what is new what it said before."""
    if source.extract is None:
        return []
    values, before = source.extract.values, source.extract.before
    rows = said_rows(register=source.register, values=values)
    changed = {name: value for name, value in before.items() if value != values.get(name)}
    was = {row["key"]: row["value"] for row in said_rows(register=source.register, values=changed)}
    return [
        {**row, "value": _("%(now)s (before: %(before)s)") % {"now": row["value"], "before": was[row["key"]]}}
        if row["key"] in was
        else row
        for row in rows
    ]


def known_rows(draft: Holding) -> list[dict[str, str]]:
    """Questions that are answered by what was taken, to be read once more."""
    form, taken = draft.definition.form, draft.on_file.taken
    if not taken:
        return []
    asked = [each for _step, fields in form.asked_for(draft.answers) for each in fields if each.name in taken]
    return answer_rows(form=form, asked=asked, answers=draft.answers)


def fetched_rows(draft: Holding) -> list[Fetched]:
    """The papers that nobody brings, each with where it is."""
    definition: MatterDefinition = draft.definition
    by_register = draft.on_file.by_material()
    rows = []
    for spec in definition.materials_for(draft.answers):
        certificate = draft.on_file.certificates.get(spec.code)
        if certificate is not None and not spec.is_asked:
            words = _("%(name)s, issued on %(day)s") % {
                "name": certificate.name(_language()),
                "day": said_day(certificate.issued_at),
            }
            rows.append(Fetched(spec, words, _("on file"), "done", "check"))
        elif not spec.is_asked:
            rows.append(_fetched(spec, by_register.get(spec.code)))
    return rows


def paper_words(paper: Paper) -> str:
    """Where a paper that is there already comes from, and since when."""
    since = said_day(paper.since)
    if paper.certificate is not None:
        return _("%(name)s, issued on %(day)s") % {"name": paper.certificate.name(_language()), "day": since}
    assert paper.filed is not None
    return phrase(
        _("From your application “%(matter)s”, granted on %(day)s"), matter=paper.filed.matter_name, day=since
    )


def follow_words(spec: MaterialSpec) -> str:
    """That a paper may follow later, and for how long; nothing of one that may not."""
    if not spec.may_follow:
        return ""
    return _("You may also hand it in later, within %(limit)s of filing.") % {"limit": limit_words(spec.follow_limit)}


def promised_rows(draft: DraftView, at: datetime) -> list[tuple[Text, datetime]]:
    """The papers that are not there and may follow, each with its day if the draft is sent now."""
    later = draft.definition.following(answers=draft.answers, there={each.code for each in draft.files})
    calendar = get_calendar()
    names = {spec.code: spec.name for spec in draft.definition.materials}
    return [(names[code], calendar.deadline(start=at, limit=limit)) for code, limit in later.items()]


def saved_words(saved: Saved) -> str:
    """What somebody is spared, in one sentence; nothing if nothing is."""
    if not saved:
        return ""
    questions = ngettext("%(count)s question", "%(count)s questions", saved.questions) % {"count": saved.questions}
    papers = ngettext("%(count)s paper", "%(count)s papers", saved.papers) % {"count": saved.papers}
    trips = ngettext("%(count)s trip", "%(count)s trips", saved.trips) % {"count": saved.trips}
    given = {"questions": questions, "papers": papers, "trips": trips}
    return _("Taken from what is on file. This saves you %(questions)s, %(papers)s and %(trips)s.") % given


def _fetched(spec: MaterialSpec, source: Source | None) -> Fetched:
    hint = spec.hint.in_language(_language()) if spec.hint else ""
    if source is None or source.state in ("declined", "unasked"):
        return Fetched(spec, hint, _("no need to bring it"), "done", "check")
    name = source.register.name.in_language(_language())
    if source.state == "pending":
        words = _("%(register)s does not answer at present. The department asks it again.") % {"register": name}
        return Fetched(spec, words, _("to be confirmed"), "sun", "clock")
    if source.state == "absent":
        words = _("Nothing is on record in %(register)s. The officer looks into it with you.") % {"register": name}
        return Fetched(spec, words, _("not on record"), "sun", "alert")
    fetched = source.extract.fetched_at if source.extract else None
    words = _("%(register)s, as of %(day)s") % {"register": name, "day": said_day(fetched)}
    return Fetched(spec, words, _("on file"), "done", "check")


def _language() -> str:
    return get_language() or "zh-hans"
