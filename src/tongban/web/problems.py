"""What the reader is told when something cannot be done: words, a way on, and the right status.

A view that knows better (a form to show again) catches what it expects. Whatever else the domain says passes through
here, so that no refusal ever ends as "something went wrong".
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from tongban.apps.audits.errors import AuditError, NotImpartial, NotToAudit, UnknownAudit
from tongban.apps.calls.errors import CallError, NoPhoneDesk, NotShown, UnknownCall, UnknownCallBack
from tongban.apps.cases.errors import CaseError, NotYours, UnknownCase
from tongban.apps.catalog.errors import UnknownBundle, UnknownMatter
from tongban.apps.channels.errors import ChannelsError, UnknownNotice
from tongban.apps.correspondence.errors import CorrespondenceError, UnknownMessage
from tongban.apps.desks.errors import DeskError, UnknownFilter, UnknownPhrase
from tongban.apps.evidence.errors import EvidenceError, UnknownCertificate, UnknownShowing
from tongban.apps.halls.errors import HallError, UnknownAppointment, UnknownHall, UnknownTicket
from tongban.apps.inspections.errors import InspectionError, UnknownInspection
from tongban.apps.intake.errors import IntakeError, NoMandate, ShareGone, UnknownDraft, UnknownOrder
from tongban.apps.payments.errors import PaymentError, UnknownPayment
from tongban.apps.people.errors import AssuranceTooLow, NotAllowed, PeopleError, SealBroken, UnknownMandate
from tongban.apps.questions.errors import NotYourCase, NotYourQuestion, QuestionError, UnknownQuestion
from tongban.apps.rights.errors import LookNotRecorded, RightsError, UnknownExport, UnknownHold, UnknownLook
from tongban.apps.supervision.errors import CardError, NotResponsible, OwnDepartment, UnknownCard
from tongban.apps.voice.errors import NotForThem, UnknownInquiry, UnknownRoom, UnknownTheme, UnknownTopic, VoiceError
from tongban.kernel.flow import Refused
from tongban.web.stepping_up import step_up
from tongban.web.wording import error_words

__all__ = ["ProblemMiddleware", "problem_page", "too_many_requests"]

_UNKNOWN = (
    UnknownCase,
    UnknownDraft,
    UnknownMatter,
    UnknownBundle,
    UnknownOrder,
    ShareGone,
    UnknownCertificate,
    UnknownShowing,
    UnknownShowing,
    UnknownNotice,
    UnknownPayment,
    UnknownLook,
    UnknownHold,
    UnknownExport,
    UnknownMandate,
    UnknownHall,
    UnknownTicket,
    UnknownAppointment,
    UnknownCard,
    UnknownCall,
    UnknownCallBack,
    UnknownAudit,
    UnknownPhrase,
    UnknownFilter,
    UnknownInspection,
    UnknownQuestion,
    UnknownInquiry,
    UnknownRoom,
    UnknownTheme,
    UnknownTopic,
    UnknownMessage,
)
_FORBIDDEN = (
    *(NotYours, NoMandate, NotAllowed, NotResponsible, OwnDepartment),
    *(NoPhoneDesk, NotShown, NotToAudit, NotImpartial, NotYourCase, NotYourQuestion, NotForThem),
)
_REFUSED = (
    Refused,
    AuditError,
    CallError,
    CaseError,
    CardError,
    ChannelsError,
    CorrespondenceError,
    DeskError,
    HallError,
    InspectionError,
    IntakeError,
    EvidenceError,
    PaymentError,
    PeopleError,
    QuestionError,
    RightsError,
    VoiceError,
)


class ProblemMiddleware:
    """Turns what the domain raises into a page in words. The API has words of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A page for an error of the domain; None leaves any other error to Django."""
        if request.path.startswith("/api/"):
            return None
        if isinstance(error, AssuranceTooLow):
            return step_up(request, needed=str(error.params["needed"]))
        if isinstance(error, SealBroken):
            return problem_page(request, words=error_words(error), status=500)
        if isinstance(error, _UNKNOWN):
            return problem_page(request, words=error_words(error), status=404, drawing="lost")
        if isinstance(error, _FORBIDDEN):
            return problem_page(request, words=error_words(error), status=403, drawing="gate")
        if isinstance(error, LookNotRecorded):
            return problem_page(request, words=error_words(error), status=503)
        if isinstance(error, _REFUSED):
            return problem_page(request, words=error_words(error), status=409)
        return None


def problem_page(request: HttpRequest, *, words: str, status: int, drawing: str = "wait") -> HttpResponse:
    """Say what is the matter, and where to go from here."""
    titles = {
        403: _("This is not yours to open"),
        404: _("We cannot find that"),
        429: _("Too many tries"),
    }
    title = titles.get(status, _("That did not work"))
    return render(request, "problem.html", {"words": words, "title": title, "drawing": drawing}, status=status)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """Whoever asks too often waits a little; a slip of the finger costs nobody more than a minute."""
    words = _("This was asked for very often in a short time. Please wait a minute, then try again.")
    response = problem_page(request, words=words, status=429)
    response["Retry-After"] = "60"
    return response
