"""The counter's pages: find the matter, say for whom, then the same draft as everywhere."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods

from tongban.apps.catalog.bundles import get_bundle, plan_bundle
from tongban.apps.catalog.definitions.bundles import Plan
from tongban.apps.catalog.queries import PublishedMatter, get_matter, get_matters, list_matters
from tongban.apps.intake.errors import NotServed, UnderWay
from tongban.apps.intake.filings import list_filed
from tongban.apps.intake.orders.queries import list_orders
from tongban.apps.intake.orders.services import open_order
from tongban.apps.intake.queries import is_on_paper, list_drafts
from tongban.apps.intake.services import start_for
from tongban.apps.people.errors import NameDiffers
from tongban.apps.people.queries import Applicant
from tongban.apps.people.services import (
    find_or_register_organisation,
    find_or_register_person,
    register_unfit_organisation,
    register_unfit_person,
)
from tongban.web.access import official
from tongban.web.away import AwayLine, under_way
from tongban.web.readings import taken_of
from tongban.web.requests import Request
from tongban.web.side import side_groups
from tongban.web.window.forms import OrganisationForm, PersonForm, WhoForm, mismatch_words
from tongban.web.window.meeting import stands_there
from tongban.web.wording import error_words

__all__ = ["start", "together", "who"]


@official("clerk")
@require_GET
def start(request: Request) -> HttpResponse:
    """What is asked for, what I have begun, what I have filed today."""
    today, language = timezone.localdate(request.at), get_language() or "zh-hans"
    text = request.GET.get("q", "").strip()[:80]
    found = list_matters(on=today, text=text, limit=12)
    context = {
        "groups": side_groups(actor=request.actor, here="window"),
        "text": text,
        "matters": [
            (row, row.name.in_language(language), row.authority_name.in_language(language)) for row in found.items
        ],
        "more": found.total - len(found.items),
        "carts": list_orders(actor=request.actor, at=request.at, sent=False, at_counter=True),
        "orders": list_orders(actor=request.actor, at=request.at, sent=True, at_counter=True, limit=10),
        "drafts": [
            (row, row.matter_name.in_language(language)) for row in list_drafts(actor=request.actor, at_counter=True)
        ],
        "filed": [(row, row.matter_name.in_language(language)) for row in list_filed(actor=request.actor, on=today)],
    }
    return render(request, "window/start.html", context)


@official("clerk")
@require_http_methods(["GET", "POST"])
def who(request: Request, matter: str) -> HttpResponse:
    """For whom: found by their number or registered with it, then the draft opens."""
    published = get_matter(code=matter, on=timezone.localdate(request.at))
    of_body = request.GET.get("for") == "organisation"
    form = (OrganisationForm if of_body else PersonForm)(request.POST or None, initial=taken_of(request))
    if request.method == "POST" and form.is_valid():
        applicant = _met(request, form, [published])
        if applicant is not None:
            draft = start_for(actor=request.actor, matter=matter, applicant=applicant, channel="window", at=request.at)
            return redirect("portal:resume", draft)
    groups = side_groups(actor=request.actor, here="window")
    name = published.definition.name.in_language(get_language() or "zh-hans")
    here = reverse("window:who", kwargs={"matter": matter})
    context = {
        "groups": groups,
        "form": form,
        "kind": form.kind,
        "name": name,
        "here": here,
        "matter": matter,
        "on_paper": is_on_paper(published.definition),
    }
    return render(request, "window/who.html", context, status=422 if form.errors else 200)


@official("clerk")
@require_http_methods(["GET", "POST"])
def together(request: Request, code: str) -> HttpResponse:
    """An event of life for who stands there: what the guide has found goes into one cart, and is sent in one go."""
    today, language = timezone.localdate(request.at), get_language() or "zh-hans"
    bundle = get_bundle(code=code, on=today).definition
    guide = bundle.clean({question.id: request.GET.get(question.id, "") for question in bundle.questions})
    found = plan_bundle(bundle=bundle, answers=guide, on=today)
    query = urlencode(guide)
    if bundle.first_open(guide) is not None or not found.parts:
        return redirect(f"{reverse('portal:guide', kwargs={'code': code})}?{query}")
    of_body = request.GET.get("applicant") == "organisation" or "1" not in bundle.served
    form = (OrganisationForm if of_body else PersonForm)(request.POST or None, initial=taken_of(request))
    away: list[AwayLine] = []
    if request.method == "POST" and form.is_valid():
        order, away = _into_cart(request, code, found, guide, form)
        if order is not None:
            return redirect("portal:cart", order=order)
    context = {
        "groups": side_groups(actor=request.actor, here="window"),
        "form": form,
        "kind": form.kind,
        "bundle": bundle,
        "parts": [part.definition.name.in_language(language) for part in found.parts],
        "query": query,
        "away": away,
        "both": {"1"} < set(bundle.served),
    }
    return render(request, "window/together.html", context, status=422 if form.errors or away else 200)


def _into_cart(
    request: Request, code: str, found: Plan, guide: Mapping[str, str], form: WhoForm
) -> tuple[UUID | None, list[AwayLine]]:
    """The cart; none when the form says what is wrong, or all of it is under way, which is then named."""
    on = timezone.localdate(request.at)
    applicant = _met(request, form, list(get_matters(codes=[part.matter for part in found.parts], on=on).values()))
    if applicant is None:
        return None, []
    try:
        order = open_order(
            actor=request.actor,
            bundle=code,
            guide=guide,
            applicant=applicant,
            again=request.POST.get("again") == "yes",
            channel="window",
            at=request.at,
        )
    except UnderWay:
        return None, under_way(request, matters=[part.definition for part in found.parts], applicants=[applicant])
    except NotServed as error:
        form.add_error(None, error_words(error))
        return None, []
    return order, []


def _met(request: Request, form: WhoForm, matters: Sequence[PublishedMatter]) -> Applicant | None:
    """Who asks, and who stands there for them, on file from now on. None: the form says why."""
    try:
        applicant = _found(request, form)
    except NameDiffers:
        form.add_error("name", mismatch_words())
        return None
    codes = [each.definition.code for each in matters]
    return stands_there(request, form, applicant, matters=codes, version=matters[0].version_id)


def _found(request: Request, form: WhoForm) -> Applicant:
    """Whoever it is, on file from now on; a number that fails its check only with the clerk's reason."""
    given = {name: value for name, value in form.cleaned_data.items() if name not in ("agent_number", "agent_name")}
    overridden, reason = given.pop("override", False), given.pop("reason", "")
    if overridden:
        register = register_unfit_organisation if form.kind == "organisation" else register_unfit_person
        return register(**given, reason=reason, actor=request.actor, at=request.at)
    return find_or_register_organisation(**given) if form.kind == "organisation" else find_or_register_person(**given)
