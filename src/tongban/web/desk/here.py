"""Who else has a case open, in words."""

from collections.abc import Sequence

from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.apps.desks.services import PresentRow

__all__ = ["others_here"]


def others_here(rows: Sequence[PresentRow]) -> list[str]:
    """A sentence for each of those who have it open; nobody has it open for longer than a day without a break."""
    chinese = (get_language() or "zh-hans").startswith("zh")
    return [
        _("%(name)s has had this case open since %(at)s.")
        % {"name": row.name[0 if chinese else 1], "at": f"{localtime(row.since):%H:%M}"}
        for row in rows
    ]
