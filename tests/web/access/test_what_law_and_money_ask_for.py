"""Transfer of property, withdrawal of a housing fund, the end of a company: a password is not enough to send them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.web.conftest import CODE, confirm_surely
from tests.web.orders.conftest import fill_page

from tongban.apps.cases.models import Case
from tongban.apps.intake.models import Draft
from tongban.apps.people.models import Mandate, Person

pytestmark = pytest.mark.django_db
For = Callable[[str], Client]
MATTERS = ("property-registration", "housing-fund-purchase", "company-deregistration")
LIN = {"identity_number": "361799198805140027", "name": "林晓梅", "phone": ""}
COMPANY = {"credit_code": "91361700MA00001A5K", "name": "明川小馆餐饮有限公司", "phone": ""}
COMPANY_KEY = f"organisation:{COMPANY['credit_code']}"


def whose(matter: str) -> str:
    if matter == "company-deregistration":
        return COMPANY_KEY
    return f"person:{Person.objects.get(user__username='linxiaomei').pk}"


@pytest.fixture
def fill(a_photo: Callable[..., Any]) -> Callable[[Client, str], str]:
    """Fill a draft in to its end, as the first example answers; return where its last page is."""

    def go(client: Client, draft: str) -> str:
        for _ in range(12):
            page = client.get(draft, follow=True)
            path = str(page.request["PATH_INFO"])
            if path.endswith("/review/"):
                return path
            if path.endswith("/materials/"):
                asked = {f"file-{spec.code}": a_photo() for spec in page.context["draft"].missing}
                assert client.post(path, asked).status_code == 302
            else:
                fill_page(client, page, a_photo)
        raise AssertionError(path)

    return go


@pytest.mark.parametrize("matter", MATTERS)
def test_who_signed_in_by_password_confirms_first(client_for: For, fill: Any, matter: str) -> None:
    client = client_for("linxiaomei")
    start = f"/matters/{matter}/start"
    assert "To send this you confirm once more" in client.get(start).text
    draft = client.post(start, {"applicant": whose(matter)})["Location"]
    review = fill(client, draft)
    sent = client.post(
        review.replace("review/", "submit"), {"declared": "on"}, headers={"referer": f"http://t{review}"}
    )
    assert sent["Location"].startswith("/account/step-up/?needed=substantial")
    assert not Case.objects.exists()
    assert Draft.objects.get().case is None  # nothing typed is lost
    confirm_surely(client, CODE)
    assert "To send this you confirm" not in client.get(start).text
    assert "/receipt/" in client.post(review.replace("review/", "submit"), {"declared": "on"})["Location"]
    assert Case.objects.get().matter == matter


@pytest.mark.parametrize("matter", MATTERS)
def test_at_a_counter_the_card_counts(client_for: For, fill: Any, matter: str) -> None:
    clerk = client_for("wangqian")
    of_body = matter == "company-deregistration"
    address = f"/window/{matter}/" + ("?for=organisation" if of_body else "")
    draft = clerk.post(address, COMPANY if of_body else LIN)["Location"]
    review = fill(clerk, draft)
    assert "/receipt/" in clerk.post(review.replace("review/", "submit"), {"declared": "on"})["Location"]
    case = Case.objects.get()
    assert (case.channel, case.matter) == ("window", matter)


def test_a_mandate_given_by_password_does_not_reach_it(client_for: For, fill: Any) -> None:
    Mandate.objects.filter(agent__user__username="zhoumin").update(assurance="low", matters=None)
    client = client_for("zhoumin")
    confirm_surely(client)
    draft = client.post("/matters/company-deregistration/start", {"applicant": COMPANY_KEY})["Location"]
    submit = fill(client, draft).replace("review/", "submit")
    client.post(submit, {"declared": "on"})
    assert not Case.objects.exists()
    Mandate.objects.filter(agent__user__username="zhoumin").update(assurance="substantial")
    assert "/receipt/" in client.post(submit, {"declared": "on"})["Location"]


def test_a_cart_says_so_and_asks_at_its_end(client_for: For) -> None:
    client = client_for("linxiaomei")
    cart = client.post("/matters/property-registration/together", {"applicant": whose("property-registration")})
    address = cart["Location"]
    assert "To send this you confirm once more" in client.get(address).text
    confirm_surely(client, CODE)
    assert "To send this you confirm" not in client.get(address).text
