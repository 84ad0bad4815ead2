"""Elder mode: large, plain, few choices, our telephone on every page; one press away, kept for whoever chose it."""

from collections.abc import Callable

import pytest
from django.test import Client
from lxml import html

from tongban.apps.people.models import User

pytestmark = pytest.mark.django_db
CHOOSES = {"size": "elder", "next": "/"}


def _elder(client: Client) -> Client:
    client.post("/preferences", CHOOSES)
    return client


def _links(page: str) -> list[str]:
    return _within("main", page)


def _within(part: str, page: str) -> list[str]:
    found = html.document_fromstring(page).find(".//" + part.replace(" ", "//"))
    assert found is not None
    return [str(link.get("href")) for link in found.iter("a")]


def test_it_works(client: Client) -> None:
    page = _elder(client).get("/").text
    assert 'data-size="elder"' in page
    links = _links(page)
    assert links[0] == "tel:12345"
    assert len(links) <= 7, "few choices"
    assert "/matters/?topic=retirement" in links
    assert "tb-hero" not in page


@pytest.mark.parametrize("path", ["/", "/matters/", "/matters/senior-card/", "/track/", "/verify/", "/account/login/"])
def test_whoever_is_not_signed_in_finds_switch_and_telephone_on_every_page(client: Client, path: str) -> None:
    assert 'name="size" value="elder"' in " ".join(client.get(path).text.split())
    page = _elder(client).get(path).text
    assert page.index('href="tel:12345"') < page.index("<main"), "at the head of the page"
    assert 'name="size" value="standard"' in " ".join(page.split())


def test_everything_else_is_one_press_away(client: Client) -> None:
    """Fewer choices are shown, none is taken away."""
    links = _within("footer details", _elder(client).get("/").text)
    assert {"/matters/", "/track/", "/verify/", "/open/checkpoints/"} <= set(links)


def test_the_first_case_of_mine_comes_first(client_for: Callable[..., Client], file_case: Callable[..., int]) -> None:
    number = file_case()
    page = _elder(client_for("linxiaomei")).get("/").text
    assert _links(page)[0] == f"/cases/{number:016d}/"
    assert "/cases/" in _links(page)


def test_it_comes_along_to_another_device(client_for: Callable[..., Client]) -> None:
    _elder(client_for("linxiaomei"))
    other = client_for("linxiaomei")
    assert not other.cookies.get("tb_size")
    assert 'data-size="elder"' in other.get("/cases/").text
    other.post("/preferences", {"size": "standard", "next": "/"})
    assert 'data-size="elder"' not in other.get("/cases/").text


def test_it_is_nobody_else_s(client_for: Callable[..., Client], client: Client) -> None:
    _elder(client_for("linxiaomei"))
    assert 'data-size="elder"' not in client_for("zhoumin").get("/cases/").text
    assert 'data-size="elder"' not in client.get("/").text
    assert User.objects.get(username="zhoumin").display == ""


def test_officials_have_it_at_the_desk_too(client_for: Callable[..., Client]) -> None:
    official = _elder(client_for("chenli"))
    assert 'data-size="elder"' in official.get("/desk/").text
    assert 'name="size" value="standard"' in " ".join(official.get("/desk/").text.split())
