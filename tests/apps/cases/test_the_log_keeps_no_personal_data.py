"""Identity and phone numbers are nowhere in the log, and sealed wherever else they lie."""

import json
from collections.abc import Callable

from tongban.apps.cases.models import Case
from tongban.apps.ledger.models import Event

IDENTITY = "440524188001010014"
PHONE = "13912345678"


def test_it_works(file_case: Callable[..., int]) -> None:
    number = file_case(matter="senior-card", identity_number=IDENTITY, phone=PHONE)
    case = Case.objects.get(pk=number)
    assert case.answers["identity_number"].startswith("sealed:")
    assert case.answers["phone"].startswith("sealed:")
    kept = json.dumps([list(row) for row in Event.objects.filter(case=number).values_list("data", "actor")])
    everything = kept + case.state + json.dumps(case.answers) + case.phone_sealed
    assert IDENTITY not in everything
    assert PHONE not in everything
