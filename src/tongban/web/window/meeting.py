"""Who stands at a counter for the applicant, and that both were called up."""

from collections.abc import Sequence
from dataclasses import replace

from django.utils import timezone

from tongban.apps.people.errors import NameDiffers
from tongban.apps.people.queries import Applicant, may_represent
from tongban.apps.people.services import find_or_register_person
from tongban.apps.rights.services import record_meeting
from tongban.web.requests import Request
from tongban.web.window.forms import WhoForm, mismatch_words, unauthorised_words

__all__ = ["stands_there"]


def stands_there(
    request: Request, form: WhoForm, applicant: Applicant, *, matters: Sequence[str], version: int
) -> Applicant | None:
    """The applicant, with whoever stands there for them in these matters; that they were called up is on record.

    ``version`` is that of the matter on whose account they were. None: the form says why.
    """
    called_up = [applicant]
    if number := form.cleaned_data["agent_number"]:
        try:
            agent = find_or_register_person(name=form.cleaned_data["agent_name"], identity_number=number)
        except NameDiffers:
            form.add_error("agent_name", mismatch_words())
            return None
        on = timezone.localdate(request.at)
        if agent.person_id is None or not may_represent(
            person_id=agent.person_id, key=applicant.key, matters=matters, on=on
        ):
            form.add_error("agent_number", unauthorised_words())
            return None
        called_up.append(agent)
        applicant = replace(applicant, agent_id=agent.person_id)
    for each in called_up:
        record_meeting(applicant=each, matter_version=version, actor=request.actor, at=request.at)
    return applicant
