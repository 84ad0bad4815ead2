"""A prepared cart for family or an agent: one link, one person, until it is taken back; it gives no right to act."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.web.orders.conftest import Cart

from tongban.apps.cases.models import Case
from tongban.apps.intake.models import Order, OrderPart, OrderShare
from tongban.apps.people.models import Mandate, Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def link() -> Callable[[Cart], str]:
    """Make a link to a cart, as its owner's browser does."""

    def make(cart: Cart) -> str:
        client, address = cart
        page = client.post(f"{address}share/")
        assert "It is shown only now" in page.text
        return str(page.context["link"]).removeprefix("http://testserver")

    return make


def test_it_works(
    cart: Callable[..., Cart],
    fill: Callable[..., None],
    link: Callable[[Cart], str],
    client_for: Callable[[str], Client],
    part_of: Callable[[str], OrderPart],
) -> None:
    mine = cart()
    path = link(mine)
    helper = client_for("zhoumin")
    page = helper.get(path)
    assert "Lin Xiaomei has prepared something" in page.text
    assert "trial" not in page.text
    answer = helper.post(path)
    assert answer["Location"] == mine[1]
    fill((helper, mine[1]))
    assert part_of("newborn-registration").draft.answers["child_name"] == "林小满"
    assert "prepared by Lin Xiaomei" in helper.get(mine[1]).text
    assert "A trial: the baby" in helper.get("/orders/").text
    assert "used by Zhou Min" in mine[0].get(f"{mine[1]}share/").text
    # The owner sends it.
    assert mine[0].post(f"{mine[1]}submit", {"declared": "yes"}).status_code == 302
    assert Case.objects.get().agent_id is None


def test_without_a_mandate_the_helper_cannot_send_it(
    cart: Callable[..., Cart], fill: Callable[..., None], link: Callable[[Cart], str], client_for: Any
) -> None:
    mine = cart()
    fill(mine)
    helper = client_for("wuxiaochuan")
    helper.post(link(mine))
    page = helper.post(f"{mine[1]}submit", {"declared": "yes"})
    assert page.status_code == 403
    assert "You cannot apply for this in that name." in page.text
    assert not Case.objects.exists()


def test_with_a_mandate_the_helper_sends_it_as_an_agent(
    cart: Callable[..., Cart],
    fill: Callable[..., None],
    link: Callable[[Cart], str],
    client_for: Any,
    user_for: Any,
) -> None:
    mine = cart()
    fill(mine)
    agent = Person.objects.get(user=user_for("wuxiaochuan"))
    Mandate.objects.create(
        agent=agent,
        person=Person.objects.get(user=user_for("linxiaomei")),
        kind="mandate",
        valid_from=timezone.localdate() - timedelta(days=1),
        accepted_at=timezone.now(),
    )
    helper = client_for("wuxiaochuan")
    helper.post(link(mine))
    answer = helper.post(f"{mine[1]}submit", {"declared": "yes"})
    assert answer["Location"].startswith("/orders/")
    assert Case.objects.get().agent_id == agent.pk
    assert Order.objects.get().sent_by_id == user_for("wuxiaochuan").pk
    assert "We have received it" in helper.get(answer["Location"]).text


def test_nothing_is_shown_before_signing_in(
    cart: Callable[..., Cart], link: Callable[[Cart], str], client_for: Any
) -> None:
    path = link(cart())
    answer = client_for("").get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/")
    assert "Lin" not in client_for("").get(path, follow=True).text


def test_one_link_is_for_one_person(cart: Callable[..., Cart], link: Callable[[Cart], str], client_for: Any) -> None:
    mine = cart()
    path = link(mine)
    first, second = client_for("zhoumin"), client_for("wuxiaochuan")
    first.post(path)
    assert first.post(path)["Location"] == mine[1]  # again, by the same
    for answer in (second.get(path), second.post(path)):
        assert answer.status_code == 404
        assert "This link no longer works" in answer.text
    assert second.get(mine[1]).status_code == 404


def test_taking_it_back(cart: Callable[..., Cart], link: Callable[[Cart], str], client_for: Any) -> None:
    client, address = mine = cart()
    path = link(mine)
    helper = client_for("zhoumin")
    helper.post(path)
    draft = OrderPart.objects.get(matter="newborn-registration").draft_id
    assert helper.get(f"/drafts/{draft}/child/").status_code in (200, 302)
    page = client.post(f"{address}share/", {"revoke": str(OrderShare.objects.get().pk)}, follow=True)
    assert "The link no longer works." in page.text
    for answer in (
        helper.get(address),
        helper.get(path),
        helper.get(f"/drafts/{draft}/"),
        helper.post(f"{address}submit"),
    ):
        assert answer.status_code == 404
    assert "A trial" not in helper.get("/orders/").text


def test_it_runs_out(cart: Callable[..., Cart], link: Callable[[Cart], str], client_for: Any) -> None:
    mine = cart()
    path = link(mine)
    helper = client_for("zhoumin")
    helper.post(path)
    OrderShare.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert helper.get(mine[1]).status_code == 404
    assert helper.get(path).status_code == 404


def test_only_the_owner_shares_and_throws_away(
    cart: Callable[..., Cart], link: Callable[[Cart], str], client_for: Any
) -> None:
    mine = cart()
    helper = client_for("zhoumin")
    helper.post(link(mine))
    assert helper.get(f"{mine[1]}share/")["Location"] == mine[1]
    helper.post(f"{mine[1]}share/")
    assert OrderShare.objects.count() == 1
    assert helper.post(f"{mine[1]}discard").status_code == 404
    assert Order.objects.count() == 1


def test_a_made_up_link(client_for: Any) -> None:
    assert client_for("zhoumin").get("/shared/abcdefgh/").status_code == 404


def test_the_secret_is_kept_nowhere(cart: Callable[..., Cart], link: Callable[[Cart], str]) -> None:
    path = link(cart())
    secret = path.split("/")[2]
    assert secret not in str(OrderShare.objects.values().get())


def test_there_is_an_end_to_links(cart: Callable[..., Cart], link: Callable[[Cart], str]) -> None:
    client, address = mine = cart()
    for _ in range(10):
        link(mine)
    assert client.post(f"{address}share/").status_code == 404
