"""Two bundles of the demo city's matters, and a browser that fills in whatever a cart asks."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone
from tests.web.conftest import confirm_surely

from tongban.apps.cases.models import Task
from tongban.apps.catalog import bundles
from tongban.apps.catalog.models import Bundle, BundleVersion
from tongban.apps.intake.models import Order, OrderPart
from tongban.apps.people.models import Membership

BABY = """\
code: trial-baby
name: {zh: "试一试：宝宝", en: "A trial: the baby"}
summary: {zh: "上户口，领补贴。", en: "Register, and claim."}
keywords: {zh: ["试宝宝"], en: ["trial baby"]}
icon: baby
served: ["1"]
guide:
  - id: home
    title: {zh: "户口上在哪里？", en: "Where is home?"}
    choices:
      - {value: here, label: {zh: "明川", en: "Here"}, hint: {zh: "市里", en: "In the city"}}
      - {value: done, label: {zh: "上好了", en: "Done already"}}
      - {value: elsewhere, label: {zh: "外地", en: "Elsewhere"}}
  - id: married
    title: {zh: "父母结婚了吗？", en: "Are the parents married?"}
    when: 'home = "here"'
    fields: {newborn-registration: parents_married}
    choices:
      - {value: "yes", label: {zh: "是", en: "Yes"}}
      - {value: "no", label: {zh: "不是", en: "No"}}
parts:
  - matter: newborn-registration
    when: 'home = "here"'
  - matter: childcare-subsidy
    need: optional
    when: 'home != "elsewhere"'
    note: {zh: "每年一次。", en: "Once a year."}
    after:
      - {part: newborn-registration, why: {zh: "要宝宝的号码。", en: "It needs the baby's number."}}
    later: [child_identity_number]
shared:
  - id: baby_name
    title: {zh: "宝宝的名字", en: "The baby's name"}
    fields: {newborn-registration: child_name, childcare-subsidy: child_name}
materials:
  - {newborn-registration: birth_certificate, childcare-subsidy: birth_record}
examples:
  - {name: {zh: "例", en: "Example"}, answers: {home: elsewhere}, parts: []}
"""

SHOP = """\
code: trial-shop
name: {zh: "试一试：小店", en: "A trial: the shop"}
summary: {zh: "食品证和招牌。", en: "Food and a sign."}
keywords: {zh: ["试小店"], en: ["trial shop"]}
icon: shop
served: ["1", "2"]
guide: []
parts:
  - matter: food-business-licence
  - matter: shop-sign
    after:
      - {part: food-business-licence, why: {zh: "先有证。", en: "The licence first."}}
materials:
  - {food-business-licence: floor_plan, shop-sign: drawing}
visits: {most: 0, why: {zh: "不用来。", en: "Nobody comes."}}
examples:
  - {name: {zh: "例", en: "Example"}, answers: {}, parts: [food-business-licence, shop-sign]}
"""

HERE = {"home": "here", "married": "yes"}
Cart = tuple[Client, str]


@pytest.fixture(autouse=True)
def trial_bundles(city: Any) -> None:
    """Both bundles, published."""
    for code, text in (("trial-baby", BABY), ("trial-shop", SHOP)):
        Bundle.objects.get_or_create(pk=code)
        BundleVersion.objects.create(
            bundle_id=code,
            version=1,
            effective_from=date(2026, 1, 1),
            published_at=timezone.now(),
            published_by="test",
            digest=code,
            files={"bundle.yaml": text},
        )
    bundles.forget()


@pytest.fixture
def cart(client_for: Callable[[str], Client]) -> Callable[..., Cart]:
    """A cart as somebody's browser makes it: the client, and the cart's address."""

    def start(
        who: str = "linxiaomei", bundle: str = "trial-baby", guide: Mapping[str, str] | None = None, **given: Any
    ) -> Cart:
        client = client_for(who)
        answers = guide if guide is not None else (HERE if bundle == "trial-baby" else {})
        address = f"/bundles/{bundle}/start?{urlencode(answers)}"
        page = client.get(address)
        optional = [option.value for option in page.context["optional"].options] if page.context["optional"] else []
        key = page.context["applicants"][0].key
        answer = client.post(address, {"applicant": key, "with": optional, **given})
        assert answer.status_code == 302, answer.context["fields"]
        return client, answer["Location"]

    return start


@pytest.fixture
def fill(a_photo: Callable[..., Any]) -> Callable[..., None]:
    """Go on from page to page until the cart can be sent, with the answers of each matter's first example.

    As a browser does: each page that is sent leads to the next, the cart's own page to whatever is still open.
    """

    def go(cart: Cart, *, stop: int = 20) -> None:
        client, address = cart
        page = client.get(address)
        for _ in range(stop):
            if page.request["PATH_INFO"] == address:
                page = client.get(page.context["next_url"], follow=True)
            if page.request["PATH_INFO"] == f"{address}review/":
                return
            page = client.get(fill_page(client, page, a_photo), follow=True)

    return go


@pytest.fixture
def sent(cart: Callable[..., Cart], fill: Callable[..., None]) -> Callable[..., tuple[Client, int]]:
    """An order that has been sent: the client and its number."""

    def send(*given: Any, **more: Any) -> tuple[Client, int]:
        found = cart(*given, **more)
        fill(found)
        client, address = found
        confirm_surely(client)  # some matters ask for more than a password
        answer = client.post(f"{address}submit", {"declared": "yes"})
        assert answer.status_code == 302, answer.context["problems"]
        return client, int(answer["Location"].split("/")[2])

    return send


@pytest.fixture
def grant(act: Callable[..., None]) -> Callable[..., None]:
    """Take a case through all its steps to its outcome, each by somebody of the department."""
    roles = {"accept": "clerk", "handle": "handler", "inspect": "handler", "review": "reviewer", "decide": "decider"}

    def do(number: int, outcome: str = "granted") -> None:
        while (
            task := Task.objects.filter(case=number, finished=None, case__outcome="").order_by("no").first()
        ) is not None:
            serving = Membership.objects.filter(department=task.department, role=roles[task.act])
            by = serving.select_related("user")[0].user.username
            if task.act == "accept":
                act(number, "accept", by=by)
            elif task.act == "decide":
                act(number, "decide", by=by, node=task.node, outcome=outcome, reason="Read.")
            else:
                act(number, "complete", by=by, node=task.node, outcome="pass", opinion="Read.")

    return do


@pytest.fixture
def part_of() -> Callable[[str], OrderPart]:
    """The stored part of a matter, of the order that was begun last."""

    def find(matter: str) -> OrderPart:
        order = Order.objects.order_by("started_at").last()
        return OrderPart.objects.select_related("draft", "order").get(order=order, matter=matter)

    return find


def posted(name: str, value: Any, kind: str) -> dict[str, Any]:
    """An answer as a browser posts it."""
    if kind == "date":
        return dict(zip((f"{name}-year", f"{name}-month", f"{name}-day"), str(value).split("-"), strict=True))
    if kind == "checkbox":
        return {name: "on" if value else ""}
    if isinstance(value, bool):
        return {name: "true" if value else "false"}
    return {name: value if isinstance(value, list) else str(value)}


def fill_page(client: Client, page: Any, a_photo: Callable[..., Any]) -> str:
    """Send a page as somebody fills it in; return where that leads."""
    path = page.request["PATH_INFO"]
    values: dict[str, Any] = {}
    if path.endswith("/on-file/"):
        answer = client.post(path, {"action": "decline"})
        assert answer.status_code == 302
        return str(answer["Location"])
    if path.endswith("/papers/"):
        values = {field.name: a_photo() for field in page.context["fields"]}
    elif "/answers/" in path:
        asked = {field.name for field in page.context["fields"]}
        for one in (each for each in page.context["order"].shared if each.id in asked):
            parts = {part.matter: part.definition for part in page.context["order"].parts}
            found = [(parts[matter].examples[0].answers.get(field.name)) for matter, field in one.places]
            known = next((value for value in found if value is not None), None)
            kind = next(field.kind for field in page.context["fields"] if field.name == one.id)
            values |= posted(one.id, known, kind) if known is not None else {}
    else:
        answers = page.context["draft"].definition.examples[0].answers
        values = {"asked": page.context.get("asked", "")}  # one question a page names none
        for field in page.context["fields"]:
            if field.name in answers:
                values |= posted(field.name, answers[field.name], field.kind)
    answer = client.post(path, values)
    if answer.status_code == 422 and not any(field.errors for field in answer.context["fields"]):
        return fill_page(client, answer, a_photo)  # the answers have brought up another question
    assert answer.status_code == 302, [(field.name, field.errors) for field in answer.context["fields"] if field.errors]
    return str(answer["Location"])
