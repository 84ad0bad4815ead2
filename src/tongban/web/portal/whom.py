"""In whose name something is asked for."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from tongban.apps.people.queries import Applicant
from tongban.web.fields import Field, Option
from tongban.web.wording import mandate_words

__all__ = ["whom_field"]


def whom_field(applicants: Sequence[Applicant], *, wrong: bool, chosen: str = "") -> Field:
    """In whose name: oneself, or whoever one represents. Who can only be oneself need not choose.

    ``chosen`` is marked: for whom the reader is here, by the switch in the header.
    """
    options = tuple(
        Option(
            value=each.key,
            label=each.name if each.kind else _("%(name)s (you)") % {"name": each.name},
            hint=" · ".join(filter(None, [each.masked, mandate_words(each.kind)])),
            selected=len(applicants) == 1 or each.key == chosen,
        )
        for each in applicants
    )
    errors = (_("Choose in whose name you are applying"),) if wrong else ()
    return Field(
        kind="radios", name="applicant", label=_("In whose name are you applying?"), options=options, errors=errors
    )
