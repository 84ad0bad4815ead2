"""Papers of a case: what was handed in, what came of it, and what is still asked for."""

from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from tongban.apps.cases.queries import get_case
from tongban.apps.evidence.queries import read_file
from tongban.apps.evidence.services import hand_out_certificate
from tongban.apps.rights.services import record_look
from tongban.web import handing_in
from tongban.web.access import signed_in
from tongban.web.documents import document_response
from tongban.web.keeping import keeps_posted
from tongban.web.portal.cases import own_case
from tongban.web.requests import Request

__all__ = ["certificate", "document", "hand_in", "material", "supplement"]


@signed_in
@require_safe
def certificate(request: Request, number: int) -> HttpResponse:
    """The result as PDF, for its owner and for officials of the case."""
    case = get_case(number=number, actor=request.actor, at=request.at)
    found = case.certificate
    if found is None:
        raise Http404
    record_look(view=case, actor=request.actor, at=request.at, what="paper")
    verify = reverse("open:certificate", kwargs={"identifier": found.identifier})
    content = hand_out_certificate(certificate=found, verify_url=f"{settings.BASE_URL}{verify}", at=request.at)
    return _download(content, name=f"{found.name(get_language() or 'zh-hans')}-{number}.pdf", kind="application/pdf")


@signed_in
@require_safe
def document(request: Request, number: int, entry: int) -> HttpResponse:
    """A document that the case owes, for its owner and for officials of the case."""
    case = get_case(number=number, actor=request.actor, at=request.at)
    record_look(view=case, actor=request.actor, at=request.at, what="paper")
    return document_response(case, entry, at=request.at)


@signed_in
@require_safe
def material(request: Request, number: int, no: int) -> HttpResponse:
    """A file of the case, for its owner and for officials of the case; never shown inside a page of ours."""
    case = get_case(number=number, actor=request.actor, at=request.at)
    found = next((each for each in case.materials if each.no == no), None)
    if found is None:
        raise Http404
    record_look(view=case, actor=request.actor, at=request.at, what="paper", no=no)
    return _download(read_file(sha256=found.file.sha256), name=found.file.name, kind=found.file.media_type)


def _download(content: bytes, *, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


# --- what is still asked for ------------------------------------------------------------------------------------------


@signed_in
@keeps_posted
@require_http_methods(["GET", "POST"])
def supplement(request: Request, number: int) -> HttpResponse:
    """Hand in what was asked for: all of it, on one page, once."""
    return handing_in.answer_supplement(request, own_case(request, number), _page(number))


@signed_in
@require_http_methods(["GET", "POST"])
def hand_in(request: Request, number: int) -> HttpResponse:
    """Hand in papers that may follow later: one of them, or all."""
    return handing_in.hand_in(request, own_case(request, number), _page(number))


def _page(number: int) -> handing_in.Page:
    done = reverse("portal:case", kwargs={"number": number})
    return handing_in.Page(template="portal/supplement.html", done=done)
