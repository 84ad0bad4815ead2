"""Documents of a case, listed and handed out: to its owner, to its officials, to whoever tracks it."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language

from tongban.apps.cases.documents import list_documents, render_document
from tongban.apps.cases.queries import CaseView
from tongban.web.templatetags.tongban_ui import spoken

__all__ = ["DocumentLine", "document_lines", "document_response"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLine:
    """A document as a list shows it."""

    title: str
    number: str
    at: datetime
    url: str


def document_lines(case: CaseView, *, public: bool = False) -> list[DocumentLine]:
    """Return the documents of a case, oldest first, with where they are downloaded."""
    return [
        DocumentLine(
            title=spoken(each.title),
            number=each.number,
            at=each.at,
            url=reverse("open:document", args=[each.entry])
            if public
            else reverse("portal:document", args=[case.number, each.entry]),
        )
        for each in list_documents(case=case.number, history=case.history, definition=case.definition)
    ]


def document_response(case: CaseView, entry: int, *, at: datetime, public: bool = False) -> HttpResponse:
    """Return the document of that log entry as PDF, a person's name masked where it is public. Raises ``Http404``."""
    listed = list_documents(case=case.number, history=case.history, definition=case.definition)
    found = next((each for each in listed if each.entry == entry), None)
    if found is None:
        raise Http404
    check_url = f"{settings.BASE_URL}{reverse('open:track')}?number={case.number}"
    content = render_document(view=case, document=found, check_url=check_url, at=at, masked=public)
    response = HttpResponse(content, content_type="application/pdf")
    name = f"{found.title.in_language(get_language() or 'zh-hans')}-{found.number}.pdf"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
