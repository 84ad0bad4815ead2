"""A bundle asked for once more by the same person: nothing is left out, nothing filed twice unasked."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import yaml
from django.test import Client
from django.utils import timezone
from tests.web.orders.conftest import Cart
from tests.web.orders.test_send_together import work

from tongban.apps.cases.models import Case
from tongban.apps.intake.models import Draft, Order, OrderPart

pytestmark = pytest.mark.django_db

CITY = Path(__file__).resolve().parents[3] / "cities" / "mingchuan"
BUNDLES = sorted(path.name for path in (CITY / "bundles").iterdir())
TAKEOVER = {"licence": "have", "premises": "takeover", "sign": "yes", "outside": "no", "certificate": "yes"}
BISTRO = "organisation:91361700MA00001A5K"
RETIREMENT = {"stage": "retiring", "category": "male", "fund": "yes", "age": "under80"}


def parts_in(client: Client, address: str) -> list[str]:
    """What is in a cart, by matter."""
    return [part.matter for part in client.get(address).context["order"].parts]


def filed() -> list[str]:
    """The matters of all cases, each as often as it was filed."""
    return sorted(Case.objects.values_list("matter", flat=True))


@pytest.mark.parametrize(
    "code", [code if code in ("birth", "company") else pytest.param(code, marks=pytest.mark.once) for code in BUNDLES]
)
def test_while_the_first_is_under_way(
    sent: Callable[..., tuple[Client, int]], fill: Callable[..., None], code: str
) -> None:
    """Told of it at first; asked for once more, the second order is as whole as the first and waits by itself."""
    bundle: dict[str, Any] = yaml.safe_load((CITY / "bundles" / code / "bundle.yaml").read_text("utf-8"))
    who = "linxiaomei" if "1" in bundle["served"] else "zhoumin"
    example = max(bundle["examples"], key=lambda each: len(each["parts"]))
    client, first = sent(who, bundle=code, guide=example["answers"])
    once = filed()
    instant = set(once) - set(Case.objects.filter(outcome="", closed_at=None).values_list("matter", flat=True))
    address = f"/bundles/{code}/start?{urlencode(example['answers'])}"
    page = client.get(address)
    assert {line.matter for line in page.context["away"]} == set(example["parts"]) - instant
    given: dict[str, Any] = {"applicant": page.context["applicants"][0].key, "with": example["parts"]}
    answer = client.post(address, given)
    if not instant:
        assert answer.status_code == 422
        assert "Under way already" in answer.text
    else:  # what was granted at once may be asked for again, and nothing else
        assert parts_in(client, answer["Location"]) == [each for each in example["parts"] if each in instant]
        client.post(f"{answer['Location']}discard")
    assert filed() == once
    cart = client, client.post(address, {**given, "again": "yes"})["Location"]
    assert parts_in(*cart) == example["parts"]
    fill(cart)
    second = int(client.post(f"{cart[1]}submit", {"declared": "yes"})["Location"].split("/")[2])
    states = [
        {part.matter: part.state for part in client.get(f"/orders/{number}/").context["order"].parts}
        for number in (first, second)
    ]
    assert states[0] == states[1]
    assert filed() == sorted(once * 2)


def test_more_of_the_bundle_waits_for_what_is_under_way(
    sent: Callable[..., tuple[Client, int]],
    cart: Callable[..., Cart],
    fill: Callable[..., None],
    part_of: Callable[[str], OrderPart],
    grant: Callable[[int], None],
) -> None:
    """The housing fund, forgotten the first time, is filed when the pension of the first order is granted."""
    client, _ = sent(bundle="retirement", guide={**RETIREMENT, "fund": "no"})
    pension = Case.objects.get(matter="pension-claim").number
    found = cart(bundle="retirement", guide=RETIREMENT)
    assert parts_in(*found) == ["housing-fund-retirement", "senior-card"]
    page = client.get(found[1])
    assert {each.matter for each in page.context["order"].away} == {"pension-claim", "retiree-medical"}
    assert "This belongs to it too." in page.text
    fill(found)
    client.post(f"{found[1]}submit", {"declared": "yes"})
    part = part_of("housing-fund-retirement")
    assert part.state == "waiting"
    work()
    assert part_of("housing-fund-retirement").state == "waiting"
    assert "Under way elsewhere" in client.get(f"/orders/{part.order.number}/").text
    grant(pension)
    work()
    assert part_of("housing-fund-retirement").state == "filed"
    assert filed().count("pension-claim") == 1


def test_when_it_was_denied_what_waits_elsewhere_is_not_filed(
    sent: Callable[..., tuple[Client, int]],
    cart: Callable[..., Cart],
    fill: Callable[..., None],
    part_of: Callable[[str], OrderPart],
    grant: Callable[..., None],
) -> None:
    sent(bundle="retirement", guide={**RETIREMENT, "fund": "no"})
    client, address = cart(bundle="retirement", guide=RETIREMENT)
    fill((client, address))
    client.post(f"{address}submit", {"declared": "yes"})
    grant(Case.objects.get(matter="pension-claim").number, outcome="denied")
    work()
    assert part_of("housing-fund-retirement").state == "stopped"


def test_after_it_has_ended_it_is_whole_without_a_question(
    sent: Callable[..., tuple[Client, int]], cart: Callable[..., Cart], grant: Callable[[int], None]
) -> None:
    sent(bundle="trial-shop")
    grant(Case.objects.get(matter="food-business-licence").number)
    work()
    Case.objects.filter(matter="shop-sign").update(outcome="granted", decided_at=timezone.now())
    assert parts_in(*cart(bundle="trial-shop")) == ["food-business-licence", "shop-sign"]


def test_one_part_is_asked_for_once_more_from_the_cart(
    sent: Callable[..., tuple[Client, int]], cart: Callable[..., Cart]
) -> None:
    sent(bundle="retirement", guide={**RETIREMENT, "fund": "no"})
    client, address = cart(bundle="retirement", guide=RETIREMENT)
    page = client.post(f"{address}parts/pension-claim", {"do": "again"}, follow=True)
    assert "It is in your cart once more." in page.text
    order = page.context["order"]
    assert [part.matter for part in order.parts] == ["pension-claim", "housing-fund-retirement", "senior-card"]
    assert [each.matter for each in order.away] == ["retiree-medical"]
    # Other answers to the guide change nothing about that.
    assert cart(bundle="retirement", guide={**RETIREMENT, "age": "under60"})[1] == address
    assert parts_in(client, address) == ["pension-claim", "housing-fund-retirement"]


def test_one_matter_by_itself_is_told_and_asked_for_again(sent: Callable[..., tuple[Client, int]]) -> None:
    client, number = sent()
    address = "/matters/childcare-subsidy/together"
    page = client.get(address)
    assert [line.url for line in page.context["away"]] == [f"/orders/{number}/"]
    given = {"applicant": page.context["applicants"][0].key}
    page = client.post(address, given)
    assert page.status_code == 422
    assert "It waits for its turn" in page.text
    assert Order.objects.count() == 1
    answer = client.post(address, {**given, "again": "yes"})
    assert parts_in(client, answer["Location"]) == ["childcare-subsidy"]


def test_a_matter_begun_by_itself_is_not_the_one_that_waits(
    sent: Callable[..., tuple[Client, int]], part_of: Callable[[str], OrderPart]
) -> None:
    client, number = sent()
    waiting = part_of("childcare-subsidy").draft_id
    page = client.get("/matters/childcare-subsidy/start")
    assert [line.url for line in page.context["away"]] == [f"/orders/{number}/"]
    client.post("/matters/childcare-subsidy/start", {"applicant": page.context["applicants"][0].key})
    assert Draft.objects.filter(matter="childcare-subsidy", case=None).exclude(pk=waiting).count() == 1
    assert client.post(f"/drafts/{waiting}/discard").status_code == 409
    assert Draft.objects.filter(pk=waiting).exists()


def test_the_same_again_from_a_case_is_a_draft_of_its_own(
    sent: Callable[..., tuple[Client, int]], part_of: Callable[[str], OrderPart]
) -> None:
    client, _ = sent(bundle="trial-shop")
    case = part_of("food-business-licence").draft.case
    client.post(f"/cases/{case}/again")
    assert Draft.objects.filter(matter="food-business-licence", case=None).count() == 1
    assert parts_of_order(part_of("shop-sign").order) == {"food-business-licence": "filed", "shop-sign": "waiting"}


def test_two_carts_that_were_open_at_the_same_time_do_not_file_it_twice(
    cart: Callable[..., Cart], fill: Callable[..., None], user_for: Callable[[str], Any]
) -> None:
    """A company's representative and its agent both prepare the same: who sends it second is told."""
    page = cart("zhoumin", bundle="trial-shop", applicant=BISTRO)
    other = cart("linxiaomei", bundle="trial-shop", applicant=BISTRO)
    fill(page)
    fill(other)
    assert page[0].post(f"{page[1]}submit", {"declared": "yes"})["Location"].startswith("/orders/")
    answer = other[0].post(f"{other[1]}submit", {"declared": "yes"}, follow=True)
    assert "Some of this is under way already" in answer.text
    assert parts_in(*other) == []
    assert {each.matter for each in answer.context["order"].away} == {"food-business-licence", "shop-sign"}
    assert filed() == ["food-business-licence"]


def test_a_part_taken_over_into_another_cart_is_waited_for_there(
    cart: Callable[..., Cart], fill: Callable[..., None], part_of: Callable[[str], OrderPart]
) -> None:
    client, address = cart(bundle="trial-shop")
    fill((client, address))
    _, other = cart(bundle="restaurant", guide={**TAKEOVER, "sign": "no", "certificate": "no"})
    assert "food-business-licence" in parts_in(client, other)
    assert parts_in(client, address) == ["shop-sign"]
    away = {each.matter: each.state for each in client.get(address).context["order"].away}
    assert away["food-business-licence"] == "cart"
    client.post(f"{address}parts/food-business-licence", {"do": "again"})
    assert "food-business-licence" in parts_in(client, address)
    assert {each.matter: each.state for each in client.get(other).context["order"].away} == {
        "food-business-licence": "cart"
    }


def test_what_waits_for_a_cart_goes_on_when_the_cart_is_deleted(
    cart: Callable[..., Cart], fill: Callable[..., None], part_of: Callable[[str], OrderPart]
) -> None:
    client, address = cart(bundle="trial-shop")
    fill((client, address))
    _, other = cart(bundle="restaurant", guide={**TAKEOVER, "sign": "no"})
    client.post(f"{address}submit", {"declared": "yes"})
    sign = OrderPart.objects.get(matter="shop-sign")
    work()
    sign.refresh_from_db()
    assert (sign.state, sign.look) == ("waiting", False)
    client.post(f"{other}discard")
    work()
    sign.refresh_from_db()
    assert sign.state == "filed"


def parts_of_order(order: Order) -> dict[str, str]:
    """State by matter."""
    return dict(order.parts.values_list("matter", "state"))
