"""What several matters ask is asked once; each matter's pages ask only what is its own."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.web.orders.conftest import Cart

from tongban.apps.intake.models import DraftFile, OrderPart

pytestmark = pytest.mark.django_db


def test_it_works(cart: Callable[..., Cart], part_of: Callable[[str], OrderPart]) -> None:
    client, address = cart()
    page = client.get(f"{address}answers/")
    names = [field.name for field in page.context["fields"]]
    assert names[0] == "baby_name"
    assert "phone" in names  # asked in the same words by both
    assert "Filled in from what we have on file." in page.text
    found = {one.id: one for one in page.context["order"].shared}
    assert {matter for matter, _ in found["phone"].places} == {"newborn-registration", "childcare-subsidy"}
    posted = {"baby_name": "林小满", "phone": "13900000001"}
    posted |= {"child_birth_date-year": "2026", "child_birth_date-month": "2", "child_birth_date-day": "20"}
    answer = client.post(f"{address}answers/", posted)
    assert answer.status_code == 302, [(each.name, each.errors) for each in answer.context["fields"]]
    for matter in ("newborn-registration", "childcare-subsidy"):
        assert part_of(matter).draft.answers["child_name"] == "林小满"
        assert part_of(matter).draft.answers["phone"] != "13900000001"  # sealed


def test_wrong_answers_are_told_and_kept(cart: Callable[..., Cart], part_of: Callable[[str], OrderPart]) -> None:
    client, address = cart()
    page = client.post(f"{address}answers/", {"baby_name": "林", "phone": "12"})
    assert page.status_code == 422
    wrong = {field.name: field.value for field in page.context["fields"] if field.errors}
    assert wrong["baby_name"] == "林"
    assert wrong["phone"] == "12"
    assert part_of("childcare-subsidy").draft.answers["child_name"] == "林"
    assert not client.get(address).context["order"].is_ready


def test_leaving_keeps_what_is_there(cart: Callable[..., Cart], part_of: Callable[[str], OrderPart]) -> None:
    client, address = cart()
    answer = client.post(f"{address}answers/", {"baby_name": "林小满", "action": "leave"})
    assert answer["Location"] == "/orders/"
    assert "A trial: the baby" in client.get("/orders/").text
    assert part_of("childcare-subsidy").draft.answers["child_name"] == "林小满"
    assert client.post(f"{address}answers/", {"action": "back"})["Location"] == address


def test_a_session_that_ends_loses_nothing(cart: Callable[..., Cart], user_for: Callable[[str], Any]) -> None:
    client, address = cart()
    client.logout()
    answer = client.post(f"{address}answers/", {"baby_name": "林小满", "phone": "12"})
    assert answer["Location"].startswith("/account/login/")
    kept = client.session["kept_answers"]
    client.force_login(user_for("linxiaomei"))
    session = client.session
    session["kept_answers"] = kept  # signing in through the page keeps the session's contents
    session.save()
    page = client.get(f"{address}answers/")
    values = {field.name: field.value for field in page.context["fields"]}
    assert (values["baby_name"], values["phone"]) == ("林小满", "12")


def test_the_pages_of_a_part_ask_only_what_is_its_own(cart: Callable[..., Cart], fill: Callable[..., None]) -> None:
    client, address = cart()
    fill((client, address), stop=1)
    asked: list[str] = []
    page = client.get(client.get(address).context["next_url"], follow=True)
    while "asked" in page.context and page.context.get("draft"):
        asked += page.context["asked"].split()
        examples = page.context["draft"].definition.examples[0].answers
        posted = {"asked": page.context["asked"]}
        for field in page.context["fields"]:
            value = examples.get(field.name, "")
            posted[field.name] = {True: "true", False: "false"}.get(value, str(value))
        page = client.post(page.request["PATH_INFO"], posted, follow=True)
    assert {"child_name", "phone", "parents_married", "child_identity_number"}.isdisjoint(asked)
    assert "mother_name" in asked


def test_papers_are_handed_in_once(
    cart: Callable[..., Cart], fill: Callable[..., None], a_photo: Callable[..., Any]
) -> None:
    client, address = cart(bundle="trial-shop")
    fill((client, address), stop=8)
    page = client.get(f"{address}papers/")
    names = [field.name for field in page.context["fields"]]
    assert names[0] == "file-food-business-licence-floor_plan"
    assert "once, for 2 matters" in page.text
    for given in DraftFile.objects.all():
        client.post(f"{address}papers/", {"remove": str(given.pk)})
    assert not DraftFile.objects.exists()
    empty = client.post(f"{address}papers/", {})
    assert empty.status_code == 422
    assert "please choose a file" in empty.text
    client.post(f"{address}papers/", {names[0]: a_photo(), "action": "add"})
    assert DraftFile.objects.filter(code__in=("floor_plan", "drawing")).count() == 2
    page = client.get(f"{address}papers/")
    assert len(page.context["handed"][0][0].files) == 1
    client.post(f"{address}papers/", {"remove": str(page.context["handed"][0][0].files[0][0])})
    assert not DraftFile.objects.exists()


def test_a_file_that_is_none_is_told(cart: Callable[..., Cart], fill: Callable[..., None]) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client, address = cart(bundle="trial-shop")
    bad = SimpleUploadedFile("plan.exe", b"MZ" + b"\0" * 64)
    page = client.post(f"{address}papers/", {"file-food-business-licence-floor_plan": bad})
    assert page.status_code == 422
    assert "plan.exe" in page.text
    assert not DraftFile.objects.exists()
