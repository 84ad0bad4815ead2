"""Pages that are somebody's: no cache on their way keeps them, and a copy is only made for whom they are.

A copy for reading without a connection is asked for with the header ``Tongban-Keep`` and the token of the reader that
it is for. When somebody else is signed in by then, the answer is 409 and nothing is kept.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.crypto import salted_hmac

__all__ = ["KEEP_HEADER", "PersonalPagesMiddleware", "is_own_device", "reader_token"]

KEEP_HEADER = "Tongban-Keep"


def reader_token(request: HttpRequest) -> str:
    """Whose page it is, in a way that tells nobody who that is; "" for nobody."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return ""
    return salted_hmac("tongban.reader", str(user.pk), algorithm="sha256").hexdigest()[:24]


def is_own_device(request: HttpRequest) -> bool:
    """Whoever asked to stay signed in has said that the device is theirs; on any other nothing is kept."""
    return not request.session.get_expire_at_browser_close()


class PersonalPagesMiddleware:
    """Forbids caches to keep what is somebody's, and refuses copies for somebody else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        wanted = request.headers.get(KEEP_HEADER)
        if wanted is not None and wanted != reader_token(request):
            response: HttpResponseBase = HttpResponse(status=409)
        else:
            response = self.get_response(request)
        if not response.has_header("Cache-Control") and _is_personal(request):
            response["Cache-Control"] = "private, no-store"
        return response


def _is_personal(request: HttpRequest) -> bool:
    """Whether the answer may hold something of a person: they are signed in, sent something, or looked something up."""
    return request.method not in ("GET", "HEAD") or request.user.is_authenticated or not request.session.is_empty()
