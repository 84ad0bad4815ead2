"""Audits, for supervisors: what is to be looked at, what was found, and samples that are drawn or chosen."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tongban.apps.audits.errors import AuditError
from tongban.apps.audits.queries import Criteria, SampleRow, count_by_department, get_sample, list_samples
from tongban.apps.audits.services import ask_for_sample, choose_files
from tongban.apps.catalog.queries import list_rows
from tongban.apps.insight.queries import PATTERNS
from tongban.apps.intake.queries import count_unasked
from tongban.apps.people.queries import get_department_names, list_officials
from tongban.kernel.numbers import NumberError, parse_case_number
from tongban.web.access import official
from tongban.web.audits import audit_lines, audit_page, list_context, select
from tongban.web.fields import Field
from tongban.web.requests import Request
from tongban.web.side import side_groups
from tongban.web.supervise.patterns import NAMES
from tongban.web.wording import error_words
from tongban.web.wording.audits import count_words

__all__ = ["audit", "audits", "new_sample", "sample"]

_COUNTED = timedelta(days=365)
_USUAL = timedelta(days=30)


@official("supervisor", "administrator")
@require_safe
def audits(request: Request) -> HttpResponse:
    """All audits, the newest first, the latest samples, and what was found by department in the last year."""
    language, names = get_language() or "zh-hans", get_department_names()
    try:
        found = list_context(request, url=lambda number: reverse("supervise:audit", args=[number]))
    except ValueError:  # a cursor that somebody made up
        return redirect("supervise:audits")
    counts = count_by_department(since=request.at - _COUNTED)
    context = found | {
        "groups": side_groups(actor=request.actor, here="audits"),
        "here_url": reverse("supervise:audits"),
        "overseen": True,
        "may_ask": request.actor.has_role("supervisor"),
        "samples": [(row, _sample_name(row)) for row in list_samples()],
        "counts": [
            (names[each.department].short(language), count_words(each)) for each in counts if each.department in names
        ],
        "unasked": _unasked_lines(request, language),
    }
    return render(request, "audits/list.html", context)


def _unasked_lines(request: Request, language: str) -> list[tuple[str, str]]:
    """What is granted without asking, by matter: how often, and how often it was declined."""
    counts = count_unasked()
    rows = list_rows(codes=[each.matter for each in counts], on=timezone.localdate(request.at)) if counts else []
    names = {row.code: row.name.in_language(language) for row in rows}
    words = _("%(granted)d granted, %(declined)d declined")
    return [
        (names.get(each.matter, each.matter), words % {"granted": each.granted, "declined": each.declined})
        for each in counts
    ]


@official("supervisor", "administrator")
@require_http_methods(["GET", "HEAD", "POST"])
def audit(request: Request, number: int) -> HttpResponse:
    """One audit; a supervisor fills in its sheet, and closes it once it was answered."""
    url, back = reverse("supervise:audit", args=[number]), reverse("supervise:audits")
    return audit_page(request, number=number, here="audits", url=url, back=back)


@official("supervisor", "administrator")
@require_safe
def sample(request: Request, number: int) -> HttpResponse:
    """A sample with its files; with ``?check=yes`` it is drawn once more."""
    view = get_sample(number=number, at=request.at, check=request.GET.get("check") == "yes")
    row = view.row
    random = row.how == "random"
    rows = [
        {"key": _("How it is chosen"), "value": _("Drawn at random") if random else _("Chosen for a reason")},
        {"key": _("Reason"), "value": row.why},
        {"key": _("Which files"), "value": _criteria_words(row.criteria)},
        {"key": _("How many"), "value": _size_words(row)},
        {"key": _("Drawn with the checkpoint of"), "value": _day(row.seed_day) if row.seed_day else ""},
        {"key": _("Files that fitted"), "value": str(row.population) if row.drawn_at else ""},
        {"key": _("Passed over, audited before"), "value": str(view.skipped) if view.skipped else ""},
        {"key": _("Digest of their numbers"), "value": view.digest},
    ]
    context = {
        "groups": side_groups(actor=request.actor, here="audits"),
        "name": _sample_name(row),
        "sample": row,
        "rows": [each for each in rows if each["value"]],
        "lines": audit_lines(view.audits, url=lambda each: reverse("supervise:audit", args=[each])),
        "proof": view.proof,
        "random": random,
    }
    return render(request, "audits/sample.html", context)


@official("supervisor")
@require_http_methods(["GET", "HEAD", "POST"])
def new_sample(request: Request) -> HttpResponse:
    """Ask for a random sample, or choose files for a reason."""
    given = request.POST if request.method == "POST" else {}
    refused, status = "", 200
    if request.method == "POST":
        try:
            number = _ask(request)
        except (ValueError, NumberError):
            refused = _("Please look at the days and numbers once more: one of them cannot be read.")
        except AuditError as error:
            refused = error_words(error)
        else:
            messages.success(request, _("Put on record."))
            return redirect("supervise:sample", number=number)
        status = 422
    context = {
        "groups": side_groups(actor=request.actor, here="audits"),
        "refused": refused,
        **_fields({name: str(given.get(name, "")) for name in given}, request),
    }
    return render(request, "audits/new.html", context, status=status)


def _ask(request: Request) -> int:
    post = request.POST
    random = post.get("how") == "random"
    number = post.get("case", "").strip()
    criteria = Criteria(
        since=date.fromisoformat(post.get("since", "")),
        until=date.fromisoformat(post.get("until", "")),
        of=post.get("of", "") if post.get("of") in ("rule", "officer") else "",
        department=post.get("department", "") if post.get("department") in get_department_names() else "",
        late=not random and post.get("about") == "late",
        grade=2 if not random and post.get("about") == "rated" else 0,
        officer=int(post.get("officer") or 0) if not random else 0,
        pattern=post.get("about", "") if not random and post.get("about") in PATTERNS else "",
        case=parse_case_number(number) if number and not random else 0,
    )
    most = min(200, max(1, int(post.get("most") or 20)))
    if not random:
        return choose_files(
            criteria=criteria,
            most=most,
            why=post.get("why", "")[:2000],
            actor=request.actor,
            at=request.at,
            again=bool(post.get("again")),
        )
    share = min(100, max(0, int(post.get("share") or 0)))
    return ask_for_sample(
        criteria=criteria,
        share=share,
        minimum=1,
        most=most,
        by="matter" if post.get("by") == "matter" else "department",
        actor=request.actor,
        at=request.at,
    )


def _fields(given: dict[str, str], request: Request) -> dict[str, Any]:
    common, how = _common_fields(given, request), given.get("how", "random")
    drawn, chosen = _drawn_fields(given), _chosen_fields(given)
    return {"forms": [("random", _with(common, "r", how), drawn), ("targeted", _with(common, "t", how), chosen)]}


def _common_fields(given: dict[str, str], request: Request) -> list[Field]:
    """Which files, whichever way they are chosen."""
    language, names = get_language() or "zh-hans", get_department_names()
    today = request.at.astimezone().date()
    return [
        *(
            Field(
                kind="text",
                type="date",
                name=name,
                id=f"id_{name}",
                label=label,
                value=given.get(name, day.isoformat()),
            )
            for name, label, day in (("since", _("Decided from"), today - _USUAL), ("until", _("Until"), today))
        ),
        select(
            "of",
            _("Decided by"),
            given.get("of", ""),
            {"": _("All"), "rule": _("A rule"), "officer": _("An officer")},
        ),
        select(
            "department",
            _("Department"),
            given.get("department", ""),
            {"": _("All")} | {code: names[code].short(language) for code in sorted(names)},
        ),
        _number_field("most", _("At most so many files"), given.get("most", "20")),
    ]


def _drawn_fields(given: dict[str, str]) -> list[Field]:
    """How many are drawn."""
    parts = {"department": _("Department"), "matter": _("Matter")}
    return [
        _number_field("share", _("Share of the files in percent"), given.get("share", "5")),
        select("by", _("The same share of each"), given.get("by", ""), parts),
    ]


def _chosen_fields(given: dict[str, str]) -> list[Field]:
    """Which are chosen, and why."""
    which = "name" if (get_language() or "zh-hans").startswith("zh") else "name_en"
    officers = sorted((getattr(each, which) or each.name, str(each.user_id)) for each in list_officials())
    abouts = {"": _("All"), "late": _("Decided late"), "rated": _("Rated poorly")} | {
        each: str(NAMES[each]) for each in PATTERNS
    }
    return [
        select("about", _("What about"), given.get("about", ""), abouts),
        select(
            "officer",
            _("Files in which this officer had a step"),
            given.get("officer", ""),
            {"": _("All")} | {no: name for name, no in officers},
        ),
        Field(
            kind="text",
            name="case",
            label=_("One case alone, by its number"),
            required=False,
            value=given.get("case", ""),
        ),
        Field(
            kind="checkbox",
            name="again",
            label=_("Audit this case once more, though it was audited before"),
            hint=_("Once the audit before is closed. Your reason stands on record."),
            required=False,
            value=given.get("again", ""),
        ),
        Field(
            kind="textarea",
            name="why",
            label=_("Why these files?"),
            value=given.get("why", ""),
            attributes={"maxlength": "2000"},
        ),
    ]


def _number_field(name: str, label: str, value: str) -> Field:
    return Field(kind="text", name=name, label=label, value=value, width=3, inputmode="numeric")


def _with(fields: list[Field], prefix: str, how: str) -> list[Field]:
    """The same fields under ids of their own: both forms stand on one page."""
    return [
        Field(**{name: getattr(each, name) for name in Field.__dataclass_fields__} | {"id": f"{prefix}_{each.name}"})
        for each in fields
    ]


def _sample_name(row: SampleRow) -> str:
    if row.plan is not None:
        return row.plan.in_language(get_language() or "zh-hans")
    return _("Random sample") if row.how == "random" else _("Chosen files")


def _criteria_words(criteria: Criteria) -> str:
    language, names = get_language() or "zh-hans", get_department_names()
    parts = [_("decided from %(since)s to %(until)s") % {"since": _day(criteria.since), "until": _day(criteria.until)}]
    if criteria.of:
        parts.append(_("by a rule") if criteria.of == "rule" else _("by an officer"))
    if criteria.department in names:
        parts.append(names[criteria.department].short(language))
    if criteria.late:
        parts.append(_("Decided late"))
    if criteria.grade:
        parts.append(_("Rated poorly"))
    if criteria.pattern in NAMES:
        parts.append(str(NAMES[criteria.pattern]))
    if criteria.officer:
        parts.append(_("one officer"))
    if criteria.case:
        parts.append(_("one case"))
    return _(", ").join(parts)


def _size_words(row: SampleRow) -> str:
    facts = {"share": row.share, "minimum": row.minimum, "most": row.most}
    if row.how != "random":
        return _("%(most)d at most, the latest first") % facts
    if row.by == "matter":
        return _("%(share)d %% of each matter, at least %(minimum)d of each, %(most)d in all at most") % facts
    return _("%(share)d %% of each department, at least %(minimum)d of each, %(most)d in all at most") % facts


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")
