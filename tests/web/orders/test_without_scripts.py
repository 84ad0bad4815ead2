"""Each form of the guide, the cart and the order, sent as it stands by a browser without scripts."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.web.orders.conftest import Cart
from tests.web.test_every_form_works_without_scripts import Visit, send_all

pytestmark = pytest.mark.django_db


def test_of_the_guide(user_for: Any) -> None:
    guide = "/bundles/trial-baby/guide/"
    paths = ("/bundles/", "/bundles/trial-baby/", guide, f"{guide}?home=here", f"{guide}?home=here&married=yes")
    sent = send_all(user_for, *(Visit("", path) for path in paths))
    assert sent.faults == ()
    assert sent.forms >= 2


def test_of_a_cart(user_for: Any, cart: Callable[..., Cart], fill: Callable[..., None]) -> None:
    made = cart(bundle="trial-shop")
    fill(made)
    pages = [f"{made[1]}{page}" for page in ("papers/", "share/", "", "review/")]
    start = ["/bundles/trial-baby/start?home=done", "/matters/lost-id-card/together"]
    sent = send_all(user_for, *(Visit("linxiaomei", path) for path in [*start, *pages]))
    assert sent.faults == ()
    assert sent.forms >= 6


def test_of_shared_answers(user_for: Any, cart: Callable[..., Cart]) -> None:
    made = cart()
    sent = send_all(user_for, Visit("linxiaomei", f"{made[1]}answers/"), Visit("linxiaomei", f"{made[1]}discard"))
    assert sent.faults == ()
    assert sent.forms == 2
