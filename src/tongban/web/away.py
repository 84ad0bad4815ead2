"""What is asked for already, in words: where it is, so that nobody asks twice without meaning to."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.apps.catalog.definitions import MatterDefinition
from tongban.apps.intake.orders.queries import AwayView, list_under_way
from tongban.apps.people.queries import Applicant
from tongban.kernel.numbers import format_case_number
from tongban.web.requests import Request

__all__ = ["AwayLine", "away_lines", "under_way"]


@dataclass(frozen=True, slots=True)
class AwayLine:
    """A matter that is under way; ``url`` is where it is followed, "" where the reader may not."""

    matter: str
    name: str
    words: str
    url: str


def under_way(
    request: Request, *, matters: Sequence[MatterDefinition], applicants: Sequence[Applicant]
) -> list[AwayLine]:
    """What these applicants ask for already of these matters."""
    names = {each.code: each.name for each in matters}
    found = list_under_way(applicants=applicants, matters=names, actor=request.actor, at=request.at)
    return away_lines(found)


def away_lines(found: Sequence[AwayView]) -> list[AwayLine]:
    """Each with where it is."""
    language = get_language() or "zh-hans"
    return [AwayLine(each.matter, each.name.in_language(language), _words(each), _url(each)) for each in found]


def _words(each: AwayView) -> str:
    if each.state == "cart":
        return _("It is in another cart of yours.")
    if each.state == "waiting" and each.order is not None:
        return _("It waits for its turn in what you have sent, number %(number)s.") % {
            "number": format_case_number(each.order)
        }
    if each.state == "waiting":
        return _("Somebody who acts for the applicant has sent it; it waits for its turn.")
    if each.state == "granted":
        return _("It has been granted.")
    if each.state == "ended":
        return _("It has ended without being granted. You can ask for it once more.")
    if each.case is None:
        return _("Somebody who acts for the applicant has filed it; it is under way.")
    return _("It is under way, number %(number)s.") % {"number": format_case_number(each.case)}


def _url(each: AwayView) -> str:
    if each.cart is not None:
        return reverse("portal:cart", kwargs={"order": each.cart})
    if each.case is not None:
        return reverse("portal:case", kwargs={"number": each.case})
    return reverse("portal:order", kwargs={"number": each.order}) if each.order is not None else ""
