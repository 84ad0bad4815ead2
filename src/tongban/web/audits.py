"""Audits as pages show them, to supervisors and at desks: lines, the sheet, and what is asked once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.apps.audits import services
from tongban.apps.audits.errors import AuditError, FindingIncomplete, UnknownAudit
from tongban.apps.audits.queries import GRADES, STATES, AuditRow, AuditView, get_audit, list_audits
from tongban.apps.people.queries import get_department_names
from tongban.web.due import date_words
from tongban.web.fields import Field, Option
from tongban.web.requests import Request
from tongban.web.side import side_groups
from tongban.web.wording import error_words
from tongban.web.wording.audits import audit_state_words, grade_tone, grade_words, said_words

__all__ = ["AuditLine", "audit_lines", "audit_page", "list_context", "select"]

PAGE = 25
_MOST = 2000
"""Characters of reasons."""
_SAID = ("yes", "no", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """An audit in a list."""

    row: AuditRow
    url: str
    matter: str
    department: str
    grade: str
    tone: str
    state: str


def audit_lines(rows: Sequence[AuditRow], *, url: Callable[[int], str]) -> list[AuditLine]:
    """Rows of audits as lines."""
    language, names = get_language() or "zh-hans", get_department_names()
    return [
        AuditLine(
            row=row,
            url=url(row.number),
            matter=row.matter.in_language(language),
            department=names[row.department].short(language) if row.department in names else row.department,
            grade=grade_words(row.grade),
            tone=grade_tone(row.grade),
            state=audit_state_words("late" if row.is_late else row.state),
        )
        for row in rows
    ]


def list_context(
    request: Request, *, url: Callable[[int], str], departments: Sequence[str] | None = None
) -> dict[str, Any]:
    """What ``audits/list.html`` shows; ``departments``: of these alone, else of all, which can then be narrowed.

    Raises ``ValueError`` for a cursor that was not given out here.
    """
    get, names = request.GET.get, get_department_names()
    state = get("state", "") if get("state", "") in STATES else ""
    department = get("department", "") if departments is None and get("department", "") in names else ""
    page = list_audits(
        actor=request.actor,
        at=request.at,
        departments=departments if departments is not None else [department] if department else None,
        state=state,
        cursor=get("after", ""),
        limit=PAGE,
    )
    query = {name: value for name, value in (("state", state), ("department", department)) if value}
    everything, language = _("All"), get_language() or "zh-hans"
    states = [each for each in STATES if departments is None or each != "open"]
    fields = [select("state", _("State"), state, {"": everything} | {each: audit_state_words(each) for each in states})]
    if departments is None:
        of = {"": everything} | {code: names[code].short(language) for code in sorted(names)}
        fields.append(select("department", _("Department"), department, of))
    return {
        "lines": audit_lines(page.rows, url=url),
        "filters": fields,
        "narrowed": bool(query),
        "first_url": f"?{urlencode(query)}" if get("after", "") else "",
        "next_url": f"?{urlencode(query | {'after': page.next})}" if page.next else "",
    }


def select(name: str, label: str, chosen: str, choices: Mapping[str, str], *, required: bool = False) -> Field:
    """A field to choose one of a few from."""
    options = tuple(Option(value=value, label=words, selected=value == chosen) for value, words in choices.items())
    return Field(kind="select", name=name, label=label, required=required, options=options)


def audit_page(request: Request, *, number: int, here: str, url: str, back: str) -> HttpResponse:
    """An audit whole; posted, what the reader says: asked once, then done."""
    view = get_audit(number=number, actor=request.actor, at=request.at)
    context = _context(request, view, here=here, url=url, back=back)
    if request.method != "POST":
        return render(request, "audits/audit.html", context | _forms(view))
    what, reason = request.POST.get("what", ""), request.POST.get("reason", "").strip()[:_MOST]
    if what not in _COMMANDS:
        return redirect(url)
    posted = _posted(request, view)
    missing = _missing(view, what=what, reason=reason, posted=posted)
    if missing or "edit" in request.POST:
        forms = _forms(view, what=what, reason=reason, posted=posted, missing=missing)
        return render(request, "audits/audit.html", context | forms, status=422 if missing else 200)
    if request.POST.get("confirmed") != "yes":
        asked = {
            "what": what,
            "reason": reason,
            "posted": posted.items(),
            "said": _repeated(view, what, reason, posted),
        }
        return render(request, "audits/confirm.html", context | asked | _asking(what, posted))
    try:
        _do(what, number=number, reason=reason, posted=posted, request=request)
    except UnknownAudit:
        raise
    except AuditError as error:
        view = get_audit(number=number, actor=request.actor, at=request.at)
        context = _context(request, view, here=here, url=url, back=back)
        refused = {"refused": error_words(error), "typed": reason, **_forms(view)}
        return render(request, "audits/audit.html", context | refused, status=409)
    messages.success(request, _("Put on record."))
    return redirect(url)


_COMMANDS = ("find", "answer", "send_back", "close", "lift")


def _do(what: str, *, number: int, reason: str, posted: Mapping[str, str], request: Request) -> None:
    given: dict[str, Any] = {"number": number, "reason": reason, "actor": request.actor, "at": request.at}
    match what:
        case "find":
            said = {name.removeprefix("q-"): value for name, value in posted.items() if name.startswith("q-")}
            services.find(said=said, grade=posted.get("grade", ""), **given)
        case "answer":
            services.answer(**given)
        case "send_back":
            services.send_back(**given)
        case _:
            services.close(stands=what == "close", **given)


def _posted(request: Request, view: AuditView) -> dict[str, str]:
    names = {f"q-{each.code}": _SAID for each in view.questions} | {"grade": tuple(GRADES)}
    given = {name: request.POST.get(name, "") for name in names}
    return {name: value for name, value in given.items() if value in names[name]}


def _missing(view: AuditView, *, what: str, reason: str, posted: Mapping[str, str]) -> dict[str, str]:
    """What is still to be said, by the name of its field."""
    missing = {}
    if what == "find":
        for each in view.questions:
            if f"q-{each.code}" not in posted:
                missing[f"q-{each.code}"] = _("Please answer this question.")
        wrong = any(posted.get(f"q-{each.code}") == "no" for each in view.questions)
        grade = posted.get("grade", "")
        if not grade:
            missing["grade"] = _("Please say what you found.")
        elif not missing and wrong == (grade == "in_order"):
            missing["grade"] = error_words(FindingIncomplete())
        if grade == "in_order":
            return missing
    return missing | ({} if reason else {"reason": _("Please give your reasons: they stand on record with the audit.")})


def _forms(
    view: AuditView,
    *,
    what: str = "",
    reason: str = "",
    posted: Mapping[str, str] | None = None,
    missing: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """What the reader may do, each with its fields; ``what`` is the one that was posted."""
    posted, missing = posted or {}, missing or {}
    offered = [
        ("find", view.may_find, _("Put the finding on record"), _("Reasons, where something is not in order")),
        ("answer", view.may_answer, _("Answer"), _("What was put right, and by when? Or why does it stand?")),
        ("close", view.may_rule, _("Close: the defect stands"), _("What do you say to the answer?")),
        ("lift", view.may_rule, _("Close: there was no defect"), _("What shows that it is in order?")),
        ("send_back", view.may_rule, _("Send it back"), _("What is missing in the answer?")),
    ]
    forms = []
    for name, may, title, label in offered:
        if not may:
            continue
        here = name == what
        fields = _sheet(view, posted if here else {}, missing if here else {}) if name == "find" else []
        fields.append(
            Field(
                kind="textarea",
                name="reason",
                id=f"id_reason_{name}",
                label=label,
                required=name != "find",
                value=reason if here else "",
                errors=(missing["reason"],) if here and "reason" in missing else (),
                attributes={"maxlength": str(_MOST)},
            )
        )
        forms.append({"what": name, "title": title, "fields": fields})
    return {"forms": forms, "fields": [field for form in forms for field in form["fields"]]}


def _sheet(view: AuditView, posted: Mapping[str, str], missing: Mapping[str, str]) -> list[Field]:
    language = get_language() or "zh-hans"
    asked = [
        (f"q-{each.code}", each.text.in_language(language), each.law.in_language(language) if each.law else "", _SAID)
        for each in view.questions
    ]
    fields = [
        _radios(name, text, hint, {one: said_words(one) for one in of}, posted, missing)
        for name, text, hint, of in asked
    ]
    grades = {each: grade_words(each) for each in GRADES}
    return [*fields, _radios("grade", _("Finding"), "", grades, posted, missing)]


def _radios(
    name: str,
    label: str,
    hint: str,
    choices: Mapping[str, str],
    posted: Mapping[str, str],
    missing: Mapping[str, str],
) -> Field:
    return Field(
        kind="radios",
        name=name,
        label=label,
        hint=hint,
        inline=True,
        errors=(missing[name],) if name in missing else (),
        options=tuple(
            Option(value=value, label=words, selected=posted.get(name) == value) for value, words in choices.items()
        ),
    )


def _repeated(view: AuditView, what: str, reason: str, posted: Mapping[str, str]) -> list[dict[str, str]]:
    """What was said, to be read once more."""
    language, rows = get_language() or "zh-hans", []
    if what == "find":
        for each in view.questions:
            rows.append({"key": each.text.in_language(language), "value": said_words(posted[f"q-{each.code}"])})
        rows.append({"key": _("Finding"), "value": grade_words(posted["grade"])})
    return [*rows, *([{"key": _("Reasons"), "value": reason}] if reason else [])]


def _asking(what: str, posted: Mapping[str, str]) -> dict[str, Any]:
    """What it does, before it is done."""
    titles = {
        "find": (_("Put this finding on record?"), _("Yes, put it on record")),
        "answer": (_("Send this answer?"), _("Yes, send it")),
        "close": (_("Close the audit? The defect stands."), _("Yes, close it")),
        "lift": (_("Close the audit as in order?"), _("Yes, close it")),
        "send_back": (_("Send the answer back?"), _("Yes, send it back")),
    }
    found = _("The department is told and has to answer by a day.")
    if what == "find" and posted.get("grade") == "in_order":
        found = _("The audit is closed with it.")
    effects = {
        "find": [found, _("The file is not audited again.")],
        "answer": [_("The auditor reads it, and closes the audit or sends it back.")],
        "close": [_("The defect goes on being counted."), _("The department is told.")],
        "lift": [_("The file counts as in order."), _("The department is told.")],
        "send_back": [_("The department is told and answers again.")],
    }
    return {"title": titles[what][0], "button": titles[what][1], "effects": effects[what]}


def _context(request: Request, view: AuditView, *, here: str, url: str, back: str) -> dict[str, Any]:
    language, row = get_language() or "zh-hans", view.row
    which = 0 if language.startswith("zh") else 1
    (line,) = audit_lines([row], url=lambda _number: url)
    rows = [
        {"key": _("Matter"), "value": line.matter},
        {"key": _("Department"), "value": line.department},
        {"key": _("Decided by"), "value": _("A rule") if row.by_rule else _("An officer")},
        {"key": _("To be answered by"), "value": date_words(row.answer_due) if row.answer_due else ""},
    ]
    said = [(_("Finding"), view.finding), (_("Answer"), view.answer), (_("What the auditor says to it"), view.ruling)]
    sheet = [
        {
            "text": each["zh" if which == 0 else "en"],
            "law": each.get("law_zh" if which == 0 else "law_en", ""),
            "said": said_words(each["said"]),
            "wrong": each["said"] == "no",
        }
        for each in view.said
    ]
    return {
        "groups": side_groups(actor=request.actor, here=here),
        "audit": row,
        "line": line,
        "rows": [each for each in rows if each["value"]],
        "sheet": sheet,
        "said": [(name, each, each.who[which]) for name, each in said if each is not None],
        "partial": not view.is_impartial and row.state in ("open", "answered") and request.actor.has_role("supervisor"),
        "url": url,
        "back": back,
    }
