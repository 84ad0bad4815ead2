"""Every list of what is mine follows “I act for …”, and says so: cases, carts, orders, drafts, certificates, inbox."""

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tongban.apps.channels.models import Notice
from tongban.apps.intake.models import Draft, Order
from tongban.apps.people.models import Mandate, Person

pytestmark = pytest.mark.django_db
COMPANY = "organisation:91361700MA00001A5K"
NAME = "明川小馆餐饮有限公司"
FOOD = "food-business-licence"
For = Callable[[str], Client]


@pytest.fixture
def lin(client_for: For) -> Client:
    """A draft and a cart of her own, and one of each for her company."""
    client = client_for("linxiaomei")
    for matter in ("food-business-licence", "shop-sign"):
        for whose in (_me(client), COMPANY):
            where = "start" if matter == "food-business-licence" else "together"
            assert client.post(f"/matters/{matter}/{where}", {"applicant": whose}).status_code == 302
    assert (Draft.objects.filter(part=None).count(), Order.objects.count()) == (2, 2)
    return client


def _me(client: Client) -> str:
    from tongban.apps.people.models import Person

    return f"person:{Person.objects.get(user=client.session['_auth_user_id']).pk}"


def _choose(client: Client, whose: str) -> None:
    assert client.post("/acting/", {"applicant": whose}).status_code == 302


def _mine(client: Client, path: str) -> tuple[set[Any], set[Any]]:
    """Keys of the drafts and of the carts that a page lists."""
    context = client.get(path).context
    carts = context.get("carts") or context.get("orders") or []
    return {row.id for row in context.get("drafts") or []}, {row.id for row in carts}


@pytest.mark.parametrize("path", ["/", "/cases/", "/orders/"])
def test_drafts_and_carts(lin: Client, path: str) -> None:
    both = _mine(lin, path)
    assert len(both[1]) == 2
    assert f"{NAME}" in lin.get(path).text  # of what is another's the list says whose
    _choose(lin, COMPANY)
    drafts, carts = _mine(lin, path)
    assert carts == set(Order.objects.filter(applicant_key=COMPANY).values_list("pk", flat=True))
    if path != "/orders/":
        assert drafts == set(Draft.objects.filter(applicant_key=COMPANY, part=None).values_list("pk", flat=True))
    assert f"You see what is {NAME}'s only" in lin.get(path).text
    _choose(lin, _me(lin))
    assert _mine(lin, path) == both
    assert "'s only" not in lin.get(path).text


def test_certificates(client_for: For, granted: Callable[..., int]) -> None:
    granted(username="linxiaomei")
    granted(username="linxiaomei", applicant=COMPANY)
    client = client_for("linxiaomei")
    assert len(_held(client)) == 2
    _choose(client, COMPANY)
    assert [each.whose.key for each in _held(client)] == [COMPANY]
    assert f"You see what is {NAME}'s only" in client.get("/certificates/").text


def _held(client: Client) -> list[Any]:
    return [each for _, held in client.get("/certificates/").context["groups"] for each in held]


def test_what_is_begun_says_for_whom(lin: Client) -> None:
    cart = Order.objects.get(applicant_key=COMPANY).pk
    assert f"This is for <strong>{NAME}</strong>" in lin.get(f"/carts/{cart}/").text
    _choose(lin, COMPANY)
    page = lin.get("/matters/shop-sign/together")
    assert [option.value for option in page.context["whom"].options if option.selected] == [COMPANY]


def test_what_a_clerk_fills_in_for_others_is_not_among_what_is_theirs(client_for: For) -> None:
    clerk = client_for("wangqian")
    given = {"name": "吴小川", "identity_number": "361799199702190093", "phone": "13900000004"}
    draft = clerk.post("/window/food-business-licence/", given)["Location"]
    clerk.post("/matters/shop-sign/start", {"applicant": _me(clerk)})
    assert draft in clerk.get("/window/").text
    assert [row.matter for row, _ in clerk.get("/window/").context["drafts"]] == ["food-business-licence"]
    for path in ("/", "/cases/"):
        assert [row.matter for row in clerk.get(path).context["drafts"]] == ["shop-sign"]


def test_more_of_it_asks_no_more(lin: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            lin.get("/cases/")
        return len(found)

    lin.get("/cases/")
    few = queries()
    for matter in ("childcare-subsidy", "senior-card", "pension-claim"):
        lin.post(f"/matters/{matter}/start", {"applicant": _me(lin)})
    assert queries() == few


# --- the inbox --------------------------------------------------------------------------------------------------------


@pytest.fixture
def told(file_case: Any, catch_up: Callable[..., int]) -> dict[str, int]:
    """Two cases of the company and one of Lin Xiaomei's own, told to whoever acted for it then: not Zhou Min."""
    mandates = Mandate.objects.filter(agent__user__username="zhoumin", organisation=COMPANY.partition(":")[2])
    since = mandates.values_list("valid_from", flat=True).get()
    mandates.update(valid_from=timezone.localdate() + timedelta(days=1))
    cases = {"mine": int(file_case())}
    cases |= {matter: int(file_case(matter=matter, applicant=COMPANY)) for matter in (FOOD, "shop-sign")}
    catch_up()
    mandates.update(valid_from=since)
    return cases


def _told(page: Any) -> list[tuple[str, int]]:
    return [(row.kind, row.case) for thread in page.context["threads"] for row, _ in (thread.newest, *thread.earlier)]


def test_the_inbox(client_for: For, told: dict[str, int]) -> None:
    client = client_for("linxiaomei")
    assert {case for _, case in _told(client.get("/inbox/"))} == set(told.values())
    _choose(client, COMPANY)
    page = client.get("/inbox/")
    assert sorted(_told(page)) == sorted([("filed", told[FOOD]), ("filed", told["shop-sign"])])
    assert f"You see what is {NAME}'s only" in page.text
    assert page.context["new"] == 2
    assert "2 notices marked as read" in client.post("/inbox/read", {"until": page.context["until"]}, follow=True).text
    assert client.get("/inbox/").context["new"] == 0
    _choose(client, _me(client))
    page = client.get("/inbox/")
    assert page.context["new"] == 1
    assert len(_told(page)) == 3


def test_whoever_comes_later_reads_what_the_company_was_told(
    client_for: For, told: dict[str, int], file_case: Any, catch_up: Callable[..., int]
) -> None:
    client = client_for("zhoumin")
    assert _told(client.get("/inbox/")) == []
    _choose(client, COMPANY)
    page = client.get("/inbox/")
    assert sorted(_told(page)) == sorted([("filed", told[FOOD]), ("filed", told["shop-sign"])])
    assert "told to somebody else who acts for them" in page.text
    assert f'href="/cases/{told[FOOD]:016d}/"' in page.text
    assert page.context["new"] == 0
    assert "Mark as read" not in page.text
    assert _told(client.get("/inbox/?show=new")) == []
    other = Notice.objects.get(case=told[FOOD])
    assert client.get(f"/inbox/{other.pk}/").status_code == 404
    # What both are told from now on stands there once, as the reader's own.
    number = file_case(matter=FOOD, applicant=COMPANY, shop_name="二店")
    catch_up()
    assert Notice.objects.filter(case=number).count() == 2
    page = client.get("/inbox/")
    assert sorted(case for _, case in _told(page)) == sorted([told[FOOD], told["shop-sign"], number])
    assert page.context["new"] == Notice.objects.filter(person__name="周敏", whose=COMPANY).count() > 0


def test_as_far_as_the_mandate_reaches(client_for: For, told: dict[str, int]) -> None:
    Mandate.objects.filter(agent__user__username="zhoumin").update(matters=["shop-sign"])
    client = client_for("zhoumin")
    _choose(client, COMPANY)
    assert _told(client.get("/inbox/")) == [("filed", told["shop-sign"])]
    Mandate.objects.filter(agent__user__username="zhoumin").update(matters=["construction-permit"])
    assert _told(client.get("/inbox/")) == []
    Mandate.objects.filter(agent__user__username="zhoumin").update(revoked_at="2026-01-01T00:00:00Z")
    assert _told(client.get("/inbox/")) == []
    assert "'s only" not in client.get("/inbox/").text


def test_of_a_person_only_what_one_was_told_oneself(
    client_for: For, actor_for: Any, file_case: Any, catch_up: Callable[..., int]
) -> None:
    """Who acts for a person sees what they have filed for them, and nothing of what that person does alone."""
    agent = Mandate.objects.filter(person__name="赵国安").get().agent
    Mandate.objects.filter(agent=agent).update(matters=None)
    assert agent.user is not None
    file_case(username="zhaoguoan", matter="senior-card")
    catch_up()
    client = client_for(agent.user.username)
    key = f"person:{actor_for('zhaoguoan').person_id}"
    _choose(client, key)
    assert Notice.objects.filter(whose=key).exists()
    assert _told(client.get("/inbox/")) == []


def test_more_notices_ask_no_more(client_for: For, told: dict[str, int], file_case: Any, catch_up: Any) -> None:
    client = client_for("zhoumin")
    _choose(client, COMPANY)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get("/inbox/")
        return len(found)

    queries()
    few = queries()
    for _ in range(3):
        file_case(matter=FOOD, applicant=COMPANY)
    catch_up()
    queries()  # the number in the head of the page is kept for a minute
    assert queries() <= few


def test_what_was_told_before_is_known_again(told: dict[str, int]) -> None:
    """Notices from before there was anything to say whose they are: their cases say it."""
    kept = {row.pk: (row.whose, row.matter) for row in Notice.objects.all()}
    Notice.objects.update(whose="", matter="")
    wu = Person.objects.get(user__username="wuxiaochuan")
    Notice.objects.create(person=wu, kind="test", key="of no case", at=timezone.now())
    import_module("tongban.apps.channels.migrations.0003_whose_notice_it_is").say_whose(apps, None)
    assert {row.pk: (row.whose, row.matter) for row in Notice.objects.exclude(kind="test")} == kept
    assert Notice.objects.get(kind="test").whose == ""


def test_what_is_kept_for_reading_offline(client_for: For, told: dict[str, int]) -> None:
    client = client_for("linxiaomei")
    session = client.session
    session.set_expiry(3600)
    session.save()
    reader = client.get("/").context["reader"]

    def kept() -> set[str]:
        items = client.get("/kept/list.json", headers={"Tongban-Keep": reader}).json()["items"]
        return {each["url"] for each in items} - {"/cases/"}

    assert len(kept()) == 3
    _choose(client, COMPANY)
    assert kept() == {f"/cases/{told[matter]:016d}/" for matter in (FOOD, "shop-sign")}
