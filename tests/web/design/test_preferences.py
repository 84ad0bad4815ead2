"""Theme and size: chosen by a plain form, kept in cookies, shown on every page."""

import pytest
from django.test import Client


def test_it_works(client: Client, db: None) -> None:
    response = client.post("/preferences", {"size": "elder", "next": "/design"})
    assert response.status_code == 302
    assert response["Location"] == "/design"
    page = client.get("/design").content.decode()
    assert 'data-size="elder"' in page
    assert "tel:12345" in page


def test_theme_and_back_to_the_device(client: Client, db: None) -> None:
    client.post("/preferences", {"theme": "dark"})
    assert 'data-theme="dark"' in client.get("/design").content.decode()
    client.post("/preferences", {"theme": "auto"})
    assert "data-theme" not in client.get("/design").content.decode().split(">")[1]


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_nobody_is_sent_elsewhere(client: Client, target: str) -> None:
    assert client.post("/preferences", {"size": "elder", "next": target})["Location"] == "/"


@pytest.mark.parametrize("data", [{}, {"size": "huge"}, {"theme": "pink", "size": "elder"}])
def test_unknown_choices_are_refused_and_nothing_is_kept(client: Client, data: dict[str, str]) -> None:
    response = client.post("/preferences", data)
    assert response.status_code == 400
    assert not response.cookies


def test_a_cookie_with_nonsense_counts_as_not_chosen(client: Client, db: None) -> None:
    client.cookies["tb_size"] = '"><script>'
    page = client.get("/design").content.decode()
    assert "data-size" not in page.split(">")[1]
    assert '"><script>' not in page


def test_it_is_asked_for_with_post_and_a_token() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.get("/preferences").status_code == 405
    assert strict.post("/preferences", {"size": "elder"}).status_code == 403


def test_contrast_and_motion(client: Client, db: None) -> None:
    client.post("/preferences", {"contrast": "more", "motion": "reduce"})
    head = client.get("/design").content.decode()
    assert 'data-contrast="more"' in head
    assert 'data-motion="reduce"' in head
    client.post("/preferences", {"contrast": "auto", "motion": "auto"})
    assert "data-contrast" not in client.get("/design").content.decode()


def test_one_page_has_every_choice_and_leads_back(client: Client, db: None) -> None:
    client.post("/preferences", {"size": "elder"})
    page = client.get("/display?next=/track/").content.decode()
    for name in ("size", "theme", "contrast", "motion"):
        assert f'name="{name}"' in page
    assert 'value="/track/"' in page
    chosen = {"size": "standard", "theme": "dark", "contrast": "more", "motion": "reduce", "next": "/track/"}
    assert client.post("/preferences", chosen)["Location"] == "/track/"


def test_every_page_says_on_paper_where_it_stands(client: Client, db: None) -> None:
    page = client.get("/verify/").content.decode()
    assert "tb-print-only" in page
    assert "http://testserver/verify/" in page
