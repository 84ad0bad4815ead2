"""What did not go out: for administrators, who let it be tried again."""

from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongban.apps.catalog.city import get_city
from tongban.apps.channels.errors import UnknownDelivery
from tongban.apps.channels.queries import count_failures, list_failures
from tongban.apps.channels.services import retry
from tongban.apps.correspondence.errors import UnknownMessage
from tongban.apps.correspondence.queries import get_trouble
from tongban.apps.correspondence.services import retry as retry_message
from tongban.apps.crossings.queries import list_untold
from tongban.apps.ledger.queries import list_followers
from tongban.apps.neighbours.errors import NeighbourError
from tongban.apps.neighbours.queries import list_keys
from tongban.web.access import official
from tongban.web.requests import Request
from tongban.web.side import side_groups
from tongban.web.wording import carrier_words, delivery_words, error_words

__all__ = ["again", "failures", "message_again"]

_LATELY = timedelta(days=7)


@official("administrator")
@require_safe
def failures(request: Request) -> HttpResponse:
    """Deliveries that were given up, the newest first, and how far whoever follows the log has come."""
    try:
        found, following = list_failures(cursor=request.GET.get("after", ""))
    except ValueError:  # a cursor that somebody made up
        return redirect("supervise:notices")
    context = {
        "groups": side_groups(actor=request.actor, here="notices"),
        "lines": [(each, carrier_words(each.channel), delivery_words(each.error)) for each in found],
        "count": count_failures(),
        "followers": list_followers(at=request.at),
        "trouble": (trouble := get_trouble(at=request.at, since=request.at - _LATELY)),
        "unsent": [(each, carrier_words(each.channel), delivery_words(each.error)) for each in trouble.unsent],
        **_neighbours(request.at),
        "first_url": request.path if request.GET.get("after") else "",
        "next_url": f"?{urlencode({'after': following})}" if following else "",
    }
    return render(request, "supervise/notices.html", context)


def _neighbours(at: datetime) -> dict[str, object]:
    """What other cities have not been told yet, and the keys that end soon or have ended, on either side."""
    try:
        keys = list_keys(us=get_city().code, at=at)
    except NeighbourError as error:  # the file or the settings: the page about what is wrong must not fail of it
        return {"untold": list_untold(), "neighbours_problem": str(error)}
    return {"untold": list_untold(), "keys": [key for key in keys if key.state != "good"], "all_keys": len(keys)}


@official("administrator")
@require_POST
def again(request: Request, delivery: int) -> HttpResponse:
    """Let one be tried anew."""
    try:
        retry(delivery_id=delivery, at=request.at)
        messages.success(request, _("It is tried again now."))
    except UnknownDelivery as error:
        messages.info(request, error_words(error))
    return redirect("supervise:notices")


@official("administrator")
@require_POST
def message_again(request: Request, message: int) -> HttpResponse:
    """Let a message to somebody who wrote be tried anew."""
    try:
        retry_message(message_id=message, at=request.at)
        messages.success(request, _("It is tried again now."))
    except UnknownMessage as error:
        messages.info(request, error_words(error))
    return redirect("supervise:notices")
