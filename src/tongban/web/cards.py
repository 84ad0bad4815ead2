"""Cards as pages show them, to supervisors and at desks: lines, filters, and what is asked once before it is final."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.apps.people.queries import get_department_names
from tongban.apps.supervision import services
from tongban.apps.supervision.errors import CardError, UnknownCard
from tongban.apps.supervision.queries import COLOURS, STATES, CardRow, CardView, get_card, list_cards
from tongban.web.due import date_words
from tongban.web.fields import Field, Option
from tongban.web.requests import Request
from tongban.web.side import side_groups
from tongban.web.templatetags.tongban_ui import moment
from tongban.web.wording import error_words, role_words
from tongban.web.wording.cards import card_limit_words, card_state_words, colour_tone, colour_words, silence_words

__all__ = ["CardLine", "Filters", "card_page", "list_context", "read_filters"]

PAGE = 25
_PERIODS = ("30", "90", "365")
_MOST = 2000
"""Characters of reasons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLine:
    """A card in a list."""

    row: CardRow
    url: str
    colour: str
    tone: str
    state: str
    department: str
    matter: str
    step: str
    due: str
    silence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a list is narrowed to; what nobody offers is left out. ``days`` "": all of them."""

    department: str
    colour: str
    state: str
    days: str

    def since(self, at: datetime) -> datetime | None:
        """From when on cards are shown."""
        return at - timedelta(days=int(self.days)) if self.days else None

    @property
    def query(self) -> dict[str, str]:
        """As it stands in an address."""
        found = {"department": self.department, "colour": self.colour, "state": self.state, "days": self.days or "all"}
        return {name: value for name, value in found.items() if value}


def read_filters(request: Request) -> Filters:
    """What the reader has chosen: by default the last 30 days."""
    get, days = request.GET.get, request.GET.get("days", _PERIODS[0])
    return Filters(
        department=get("department", "") if get("department", "") in get_department_names() else "",
        colour=get("colour", "") if get("colour", "") in COLOURS else "",
        state=get("state", "") if get("state", "") in STATES else "",
        days="" if days == "all" else days if days in _PERIODS else _PERIODS[0],
    )


def list_context(
    request: Request,
    *,
    filters: Filters,
    url: Callable[[int], str],
    departments: Sequence[str] | None = None,
) -> dict[str, Any]:
    """What ``cards/list.html`` shows; ``departments``: of these alone, else of all, which can then be narrowed.

    Raises ``ValueError`` for a cursor that was not given out here.
    """
    cursor = request.GET.get("after", "")
    page = list_cards(
        actor=request.actor,
        at=request.at,
        departments=departments if departments is not None else [filters.department] if filters.department else None,
        colour=filters.colour,
        state=filters.state,
        since=filters.since(request.at),
        cursor=cursor,
        limit=PAGE,
    )
    return {
        "lines": [_line(row, url(row.number)) for row in page.rows],
        "filters": _fields(filters, with_department=departments is None),
        "narrowed": bool(filters.colour or filters.state or (departments is None and filters.department)),
        "first_url": f"?{urlencode(filters.query)}" if cursor else "",
        "next_url": f"?{urlencode(filters.query | {'after': page.next})}" if page.next else "",
    }


def card_page(request: Request, *, number: int, here: str, url: str, back: str) -> HttpResponse:
    """A card whole; posted, what the reader writes: asked once, then done."""
    view = get_card(number=number, actor=request.actor, at=request.at)
    context = _context(request, view, here=here, url=url, back=back)
    if request.method != "POST":
        return render(request, "cards/card.html", context | _forms(view))
    what, reason = request.POST.get("what", ""), request.POST.get("reason", "").strip()[:_MOST]
    if what not in _COMMANDS:
        return redirect(url)
    if not reason or "edit" in request.POST:
        wrong = "" if reason else _("Please give your reasons: they stand on record with the card.")
        forms = _forms(view, what=what, reason=reason, wrong=wrong)
        return render(request, "cards/card.html", context | forms, status=422 if wrong else 200)
    if request.POST.get("confirmed") != "yes":
        asked = {"what": what, "reason": reason, "said": [{"key": _("Reasons"), "value": reason}]}
        return render(request, "cards/confirm.html", context | asked | _asking(what))
    try:
        _COMMANDS[what](number=number, reason=reason, actor=request.actor, at=request.at)
    except UnknownCard:
        raise
    except CardError as error:
        view = get_card(number=number, actor=request.actor, at=request.at)
        context = _context(request, view, here=here, url=url, back=back)
        refused = {"refused": error_words(error), "typed": reason, **_forms(view)}
        return render(request, "cards/card.html", context | refused, status=409)
    messages.success(request, _("Put on record."))
    return redirect(url)


def _uphold(**given: Any) -> None:
    services.rule(upheld=True, **given)


def _withdraw(**given: Any) -> None:
    services.rule(upheld=False, **given)


_COMMANDS: Mapping[str, Callable[..., None]] = {
    "answer": services.answer,
    "appeal": services.appeal,
    "uphold": _uphold,
    "withdraw": _withdraw,
}


def _asking(what: str) -> dict[str, Any]:
    """What it does, before it is done."""
    titles = {
        "answer": (_("Answer the card?"), _("Yes, answer it")),
        "appeal": (_("Appeal against the card?"), _("Yes, appeal")),
        "uphold": (_("Dismiss the appeal?"), _("Yes, dismiss it")),
        "withdraw": (_("Withdraw the card?"), _("Yes, withdraw it")),
    }
    effects = {
        "answer": [_("Supervisors read it. A card is answered once.")],
        "appeal": [_("A supervisor from another department rules on it. A card is appealed once.")],
        "uphold": [_("The card stands and goes on being counted."), _("The department is told.")],
        "withdraw": [_("The card stays on record and is counted no longer."), _("The department is told.")],
    }
    return {"title": titles[what][0], "button": titles[what][1], "effects": effects[what]}


def _forms(view: CardView, *, what: str = "", reason: str = "", wrong: str = "") -> dict[str, Any]:
    """What the reader may do, each with its form; ``what`` is the one that was posted."""
    offered = [
        ("answer", view.may_answer, _("Answer"), _("Why did it come to this, and what is done about it?")),
        ("appeal", view.may_appeal, _("Appeal"), _("Why is this card not right?")),
        ("uphold", view.may_rule, _("Dismiss the appeal"), _("Why does the card stand?")),
        ("withdraw", view.may_rule, _("Withdraw the card"), _("Why is it withdrawn?")),
    ]
    forms = [
        {
            "what": name,
            "title": title,
            "field": Field(
                kind="textarea",
                name="reason",
                id=f"id_reason_{name}",
                label=label,
                value=reason if name == what else "",
                errors=(wrong,) if wrong and name == what else (),
                attributes={"maxlength": str(_MOST)},
            ),
        }
        for name, may, title, label in offered
        if may
    ]
    return {"forms": forms, "fields": [form["field"] for form in forms]}


def _context(request: Request, view: CardView, *, here: str, url: str, back: str) -> dict[str, Any]:
    language, row = get_language() or "zh-hans", view.row
    which = 0 if language.startswith("zh") else 1
    line = _line(row, url)
    rows = [
        {"key": _("Matter"), "value": line.matter},
        {"key": _("Step"), "value": line.step},
        {"key": _("Department"), "value": get_department_names()[row.department].name(language)},
        {"key": _("Silence"), "value": silence_words(row.silence)},
        {"key": _("Who had it"), "value": view.holder[which] if view.holder else ""},
        {"key": _("Due"), "value": line.due},
        {
            "key": _("When it was shown"),
            "value": f"{moment(row.issued_at)} · "
            + card_limit_words(limit=view.limit, percent=row.percent, colour=row.colour),
        },
        {"key": _("To be answered by"), "value": date_words(row.answer_due)},
        {"key": _("Who answers"), "value": _(", ").join(role_words(role) for role in view.roles)},
        {"key": _("Can be appealed until"), "value": date_words(view.appeal_due)},
    ]
    said = [(_("Answer"), view.answer), (_("Appeal"), view.appeal), (_("Ruling"), view.ruling)]
    return {
        "groups": side_groups(actor=request.actor, here=here),
        "card": row,
        "line": line,
        "rows": [each for each in rows if each["value"]],
        "said": [(name, each, each.who[which]) for name, each in said if each is not None],
        "url": url,
        "back": back,
    }


def _line(row: CardRow, url: str) -> CardLine:
    language = get_language() or "zh-hans"
    return CardLine(
        row=row,
        url=url,
        colour=colour_words(row.colour),
        tone=colour_tone(row.colour),
        state=card_state_words("unanswered" if row.is_unanswered else row.state),
        department=get_department_names()[row.department].short(language),
        matter=row.matter.in_language(language),
        step=row.step.in_language(language) if row.step is not None else _("The case as a whole"),
        due=date_words(row.due),
        silence=silence_words(row.silence),
    )


def _fields(filters: Filters, *, with_department: bool) -> list[Field]:
    language, names = get_language() or "zh-hans", get_department_names()
    everything = _("All")
    periods = {"30": _("30 days"), "90": _("90 days"), "365": _("A year"), "all": everything}
    choices = {
        "department": (
            _("Department"),
            filters.department,
            {"": everything} | {code: names[code].short(language) for code in sorted(names)},
        ),
        "colour": (_("Colour"), filters.colour, {"": everything} | {each: colour_words(each) for each in COLOURS}),
        "state": (_("State"), filters.state, {"": everything} | {each: card_state_words(each) for each in STATES}),
        "days": (_("Shown within"), filters.days or "all", periods),
    }
    fields = [
        Field(
            kind="select",
            name=name,
            label=label,
            required=False,
            options=tuple(
                Option(value=value, label=words, selected=value == chosen) for value, words in all_of.items()
            ),
        )
        for name, (label, chosen, all_of) in choices.items()
    ]
    return fields if with_department else [each for each in fields if each.name != "department"]
