"""Somebody calls: until they show who they are they hear what is public, then where their own things stand."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from tongban.apps.calls.models import Call, Try
from tongban.apps.cases.models import Case
from tongban.apps.ledger.queries import get_history
from tongban.apps.people.models import Person
from tongban.apps.people.sealing import open_sealed
from tongban.apps.rights.models import Look

pytestmark = pytest.mark.django_db
For = Callable[[str], Client]
PHONE = "/window/phone/"
LIN = {"name": "林晓梅", "identity_ending": "0027"}


def _ending(number: int) -> str:
    return open_sealed(Case.objects.get(pk=number).phone_sealed)[-4:]


@pytest.fixture
def begin_call() -> Callable[..., str]:
    """Begin a call and return the address of its page."""

    def begin(clerk: Client, telephone: str = "139 0000 0001") -> str:
        return str(clerk.post(f"{PHONE}begin", {"telephone": telephone, "key": uuid4()})["Location"])

    return begin


def test_it_works(client_for: For, file_case: Any, begin_call: Any) -> None:
    number, clerk = file_case(), client_for("wangqian")
    assert PHONE in clerk.get("/window/").text
    there = begin_call(clerk)
    nobody = clerk.get(there).text
    assert "139****0001" in nobody
    assert "林晓梅" not in nobody
    assert not Look.objects.exists()
    shown = clerk.post(f"{there}?way=by-person", LIN | {"case_number": f"{number:016d}"}, follow=True)
    assert "林晓梅" in shown.text
    assert "Food business licence" in shown.text
    told = clerk.get(f"{there}cases/{number:016d}/")
    assert "The clock starts with acceptance" in told.text
    for hidden in ("明川小馆", "13900000001", "361799198805140027", "Sun Bei"):
        assert hidden not in told.text
    assert "Back to the call" in clerk.get(PHONE).text
    clerk.post(f"{there}end")
    closed = clerk.get(there, follow=True)
    assert "This call is over" in closed.text
    assert "They have shown who they are." in closed.text
    assert "林晓梅" not in closed.text
    assert clerk.get(f"{there}cases/{number:016d}/").status_code == 409
    looks = {(look.what, look.purpose, look.case) for look in Look.objects.all()}
    assert looks == {("person", "phone", None), ("case", "phone", number)}
    assert "To help by telephone" in client_for("linxiaomei").get("/me/looks/").text


def test_the_log_has_no_name_and_no_telephone(client_for: For, file_case: Any, begin_call: Any) -> None:
    number, clerk = file_case(), client_for("wangqian")
    there = begin_call(clerk)
    clerk.post(f"{there}?way=by-case", {"case_number": f"{number:016d}", "phone_ending": "9999"})
    clerk.post(f"{there}?way=by-person", LIN | {"case_number": f"{number:016d}"})
    clerk.get(f"{there}cases/{number:016d}/")
    clerk.post(f"{there}end")
    row = Call.objects.get()
    log = get_history(case=row.number)
    kinds = ["call.begun", "call.not_shown", "call.shown", "call.told", "call.ended"]
    assert [event.kind for event in log] == kinds
    person = Person.objects.get(user__username="linxiaomei")
    for hidden in ("林晓梅", "0001", "0027", f"person:{person.pk}", row.telephone_hash):
        assert hidden not in " ".join(str((event.data, event.actor, event.node)) for event in log).replace(
            f"{number:016d}", ""
        )
    assert open_sealed(row.telephone_sealed) == "13900000001"
    assert "13900000001" not in row.telephone_sealed


def test_who_knows_one_case_hears_of_it_alone(client_for: For, file_case: Any, begin_call: Any) -> None:
    one, other, clerk = file_case(), file_case(matter="student-aid"), client_for("wangqian")
    there = begin_call(clerk)
    page = clerk.post(there, {"case_number": f"{one:016d}", "phone_ending": _ending(one)}, follow=True).text
    assert "Food business licence" in page
    assert "林晓梅" not in page
    assert f"cases/{other:016d}" not in page
    assert clerk.get(f"{there}cases/{one:016d}/").status_code == 200
    assert clerk.get(f"{there}cases/{other:016d}/").status_code == 403


@pytest.mark.parametrize(
    ("way", "said"),
    [
        ("by-case", {"phone_ending": "0x02"}),
        ("by-person", LIN | {"name": "林小梅"}),
        ("by-person", LIN | {"identity_ending": "0028"}),
        ("by-telephone", {"telephone": "13900000001", "name": "林晓梅", "identity_number": "361799199702190093"}),
        ("by-certificate", LIN | {"certificate_number": "1.2.156.3005.2"}),
    ],
)
def test_what_does_not_fit_opens_nothing(
    client_for: For, file_case: Any, begin_call: Any, way: str, said: dict[str, str]
) -> None:
    number, clerk = file_case(), client_for("wangqian")
    there = begin_call(clerk)
    page = clerk.post(f"{there}?way={way}", {"case_number": f"{number:016d}"} | said)
    assert page.status_code == 422
    assert "which of it is not said" in page.text
    assert "They can try 2 more times" in page.text
    assert "Food business licence" not in page.text
    assert clerk.get(f"{there}cases/{number:016d}/").status_code == 403
    assert Try.objects.get().passed is False


def test_who_was_called_for_in_vain_reads_it(client_for: For, file_case: Any, begin_call: Any) -> None:
    number, clerk = file_case(), client_for("wangqian")
    clerk.post(begin_call(clerk), {"case_number": f"{number:016d}", "phone_ending": "0x02"})
    (look,) = Look.objects.all()
    assert (look.what, look.purpose) == ("caller", "phone-refused")
    assert "They were told nothing" in client_for("linxiaomei").get("/me/looks/").text


def test_tries_are_counted_in_a_call_and_over_calls(client_for: For, file_case: Any, begin_call: Any) -> None:
    number, clerk = file_case(), client_for("wangqian")
    wrong = {"case_number": f"{number:016d}", "phone_ending": "0x02"}
    right = wrong | {"phone_ending": _ending(number)}
    there = begin_call(clerk)
    for _ in range(2):
        clerk.post(there, wrong)
    assert "any counter helps them" in clerk.post(there, wrong).text
    assert "tried as often as one may" in clerk.post(there, right).text  # right, and too late
    clerk.post(f"{there}end")
    there = begin_call(clerk)
    for _ in range(2):
        clerk.post(there, wrong)
    clerk.post(f"{there}end")
    assert clerk.post(begin_call(clerk), right).status_code == 422  # five in vain over all calls


def test_the_same_press_twice_is_one_call(client_for: For) -> None:
    clerk, given = client_for("wangqian"), {"telephone": "", "key": uuid4()}
    one, two = (clerk.post(f"{PHONE}begin", given)["Location"] for _ in range(2))
    assert one == two
    assert "End it first" in clerk.post(f"{PHONE}begin", given | {"key": uuid4()}, follow=True).text
    assert Call.objects.count() == 1
    clerk.post(f"{one}end")
    assert clerk.post(f"{PHONE}begin", {"telephone": "call me", "key": uuid4()}).status_code == 422


def test_a_call_is_its_clerks_alone(client_for: For, file_case: Any, begin_call: Any) -> None:
    number, clerk = file_case(), client_for("wangqian")
    there = begin_call(clerk)
    clerk.post(f"{there}?way=by-person", LIN | {"case_number": f"{number:016d}"})
    paths = [there, f"{there}cases/{number:016d}/"]
    for path in paths:
        assert client_for("sunbei").get(path).status_code == 404
        assert client_for("chenli").get(path).status_code == 403
        assert client_for("linxiaomei").get(path).status_code == 403
        assert "/account/login/" in client_for("").get(path)["Location"]
    assert client_for("sunbei").post(f"{there}end").status_code == 404
    for name in ("chenli", "linxiaomei"):
        assert client_for(name).get(PHONE).status_code == 403
        assert client_for(name).post(f"{PHONE}begin", {"key": uuid4()}).status_code == 403
