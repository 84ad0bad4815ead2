"""Sending: everything at once or nothing, once however often it is pressed; the rest when its turn comes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.web.orders.conftest import Cart

from tongban.apps.cases import services as cases
from tongban.apps.cases.models import Case, Material
from tongban.apps.catalog.models import MatterVersion
from tongban.apps.channels.services import ask_sources
from tongban.apps.intake.models import Draft, Order, OrderPart
from tongban.apps.intake.orders import turns
from tongban.apps.intake.orders.turns import file_what_is_due
from tongban.apps.intake.services import sweep_drafts
from tongban.apps.ledger.models import Event
from tongban.apps.ledger.services import Followed, follow
from tongban.apps.people.models import Membership
from tongban.config.management.commands.work import file_parts
from tongban.kernel import flow
from tongban.kernel.flow import Refused

pytestmark = pytest.mark.django_db


def work() -> int:
    """What the worker does at each look. On PostgreSQL the log is read once it is committed, which a test never is."""
    rows = Event.objects.filter(kind__in=turns.DECIDED)
    told = [
        Followed(row.case, row.seq, flow.Event._make(getattr(row, name) for name in flow.Event._fields)) for row in rows
    ]
    turns.follow_decisions(told, timezone.now())
    return file_parts(at=timezone.now())


@pytest.fixture
def grant_licence(act: Callable[..., None]) -> Callable[[int | None], None]:
    """Grant a food business licence."""

    def do(case: int | None) -> None:
        act(case, "accept", by="wangqian")
        for node, officer in (("handle", "chenli"), ("inspect", "chenli"), ("review", "hejun")):
            act(case, "complete", by=officer, node=node, outcome="pass", opinion="Seen.")
        act(case, "decide", by="hejun", node="decide", outcome="granted", reason="")

    return do


@pytest.fixture
def decider() -> Callable[[str], str]:
    """Somebody who decides in a department."""
    deciders = Membership.objects.filter(role="decider").select_related("user")
    return lambda department: str(deciders.filter(department=department)[0].user.username)


def test_it_works(sent: Callable[..., tuple[Client, int]], part_of: Callable[[str], OrderPart]) -> None:
    client, number = sent()
    page = client.get(f"/orders/{number}/?sent=1")
    assert "We have received it" in page.text
    part = part_of("newborn-registration")
    assert part.draft.case is not None
    assert (part.state, part.order.number) == ("filed", number)
    assert part_of("childcare-subsidy").state == "waiting"
    assert "Its turn comes once" in page.text
    assert Case.objects.get(pk=part.draft.case).answers["child_name"] == "林小满"


def test_a_double_click_files_once(cart: Callable[..., Cart], fill: Callable[..., None]) -> None:
    client, address = cart()
    fill((client, address))
    first = client.post(f"{address}submit", {"declared": "yes"})
    second = client.post(f"{address}submit", {"declared": "yes"})
    third = client.post(f"{address}submit", {})
    assert first["Location"] == second["Location"] == third["Location"]
    assert Case.objects.count() == 1
    assert client.get(address)["Location"].startswith("/orders/")


def test_the_declaration_is_owed(cart: Callable[..., Cart], fill: Callable[..., None]) -> None:
    client, address = cart()
    fill((client, address))
    page = client.post(f"{address}submit", {})
    assert page.status_code == 422
    assert "Tick the box to say that it is true" in page.text
    assert not Case.objects.exists()


def test_what_is_missing_is_named_with_its_page(cart: Callable[..., Cart]) -> None:
    client, address = cart()
    page = client.post(f"{address}submit", {"declared": "yes"})
    assert page.status_code == 422
    urls = [problem["url"] for problem in page.context["problems"]]
    assert any(url.endswith("/answers/") for url in urls)
    assert any("#id_mother_name" in url for url in urls)
    assert not any("child_identity_number" in url for url in urls)  # that comes later
    assert not Case.objects.exists()
    assert "Complete it" in page.text


def test_all_or_nothing(cart: Callable[..., Cart], fill: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    client, address = cart()
    client.post("/matters/lost-id-card/together", {"applicant": client.get(address).context["order"].applicant_key})
    fill((client, address))
    seen: list[str] = []
    real: Callable[..., int] = cases.file

    def file(**given: Any) -> int:
        seen.append(given["matter"].code)
        if len(seen) == 2:
            raise Refused("start.unknown", {})
        return real(**given)

    assert len(client.get(address).context["order"].parts) == 3
    with monkeypatch.context() as patched:
        patched.setattr(cases, "file", file)
        page = client.post(f"{address}submit", {"declared": "yes"})
    assert page.status_code == 422
    assert len(seen) == 2
    assert not Case.objects.exists()
    assert Order.objects.get().number is None
    assert client.post(f"{address}submit", {"declared": "yes"}).status_code == 302


def test_a_matter_published_anew_is_read_once_more(
    cart: Callable[..., Cart], fill: Callable[..., None], part_of: Callable[[str], OrderPart]
) -> None:
    client, address = cart()
    fill((client, address))
    old = MatterVersion.objects.filter(matter="newborn-registration").order_by("-version").first()
    assert old is not None
    MatterVersion.objects.create(
        matter=old.matter,
        version=old.version + 1,
        effective_from=old.effective_from,
        published_at=timezone.now(),
        published_by="test",
        digest="new",
        files=old.files,
    )
    page = client.post(f"{address}submit", {"declared": "yes"})
    assert page.status_code == 422
    assert "please read them once more" in page.text or page.context["problems"]
    assert not Case.objects.exists()
    assert part_of("newborn-registration").draft.answers["child_name"] == "林小满"


def test_taken_out_parts_are_gone_when_it_is_sent(
    cart: Callable[..., Cart], fill: Callable[..., None], part_of: Callable[[str], OrderPart]
) -> None:
    client, address = cart()
    client.post(f"{address}parts/childcare-subsidy", {"do": "remove"})
    fill((client, address))
    client.post(f"{address}submit", {"declared": "yes"})
    assert [part.matter for part in OrderPart.objects.all()] == ["newborn-registration"]
    assert Draft.objects.count() == 1


def test_a_part_whose_turn_comes_asks_for_what_only_now_is_known(
    sent: Callable[..., tuple[Client, int]],
    part_of: Callable[[str], OrderPart],
    act: Callable[..., None],
    decider: Callable[[str], str],
) -> None:
    client, number = sent()
    case = part_of("newborn-registration").draft.case
    assert work() == 0
    assert part_of("childcare-subsidy").state == "waiting"
    act(case, "accept", by="wangqian")
    act(case, "decide", by=decider("public-security"), node="decide", outcome="granted", reason="")
    assert work() == 0
    assert part_of("childcare-subsidy").state == "wanted"
    assert ask_sources(at=timezone.now()) == 0, "told of already, as the part came to wait"
    assert "The next part is yours to complete" in client.get("/inbox/").text
    assert f"/orders/{number}/" in client.get(f"/cases/{case}/").text
    page = client.get(f"/orders/{number}/")
    assert "Waiting for you" in page.text
    (wanted,) = page.context["wanted"]
    step = client.get(wanted.url, follow=True)
    assert "child_identity_number" in step.context["asked"]
    posted = {"asked": step.context["asked"]}
    for field in step.context["fields"]:
        posted[field.name] = field.value or next((o.value for o in field.options if o.selected), "")
        if field.parts:
            posted |= {f"{field.name}-{part}": value for part, value in field.parts.items()}
    posted["child_identity_number"] = "361799202602200025"
    review = client.post(step.request["PATH_INFO"], posted, follow=True)
    assert "Check before you send it" in review.text, review.text
    draft = part_of("childcare-subsidy").draft
    receipt = client.post(f"/drafts/{draft.pk}/submit", {"declared": "yes"})
    assert receipt["Location"].endswith("/receipt/")
    page = client.get(f"/orders/{number}/")
    assert page.context["wanted"] == []
    assert [part.state for part in page.context["order"].parts] == ["filed", "filed"]


def test_a_part_with_nothing_to_add_is_filed_by_itself(
    sent: Callable[..., tuple[Client, int]],
    part_of: Callable[[str], OrderPart],
    grant_licence: Callable[[int | None], None],
) -> None:
    client, number = sent(bundle="trial-shop")
    case = part_of("food-business-licence").draft.case
    draft = part_of("shop-sign").draft.pk
    # Waiting, it is not sent by itself, whatever is pressed.
    assert client.get(f"/drafts/{draft}/")["Location"] == f"/orders/{number}/"
    client.post(f"/drafts/{draft}/submit", {"declared": "yes"})
    assert part_of("shop-sign").draft.case is None
    grant_licence(case)
    assert work() == 1
    assert work() == 0
    part = part_of("shop-sign")
    assert part.state == "filed"
    assert part.draft.case is not None
    assert Material.objects.filter(case=part.draft.case, code="drawing").exists()
    assert len(client.get(f"/orders/{number}/").context["timeline"]) >= 4


def test_a_part_that_depends_on_a_no_is_stopped_and_told(
    sent: Callable[..., tuple[Client, int]], part_of: Callable[[str], OrderPart], act: Callable[..., None]
) -> None:
    client, number = sent(bundle="trial-shop")
    act(part_of("food-business-licence").draft.case, "refuse", by="wangqian", reason="Not here.")
    assert work() == 0
    assert part_of("shop-sign").state == "stopped"
    page = client.get(f"/orders/{number}/")
    assert "Not filed: what it depends on was not granted." in page.text


def test_killed_between_the_decision_and_the_filing_nothing_is_lost(
    sent: Callable[..., tuple[Client, int]],
    part_of: Callable[[str], OrderPart],
    grant_licence: Callable[[int | None], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent(bundle="trial-shop")
    case = part_of("food-business-licence").draft.case
    work()
    grant_licence(case)

    class Killed(BaseException):
        pass

    def killed(**_: Any) -> int:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(turns, "file_draft", killed)
        with pytest.raises(Killed):
            work()
    assert part_of("shop-sign").look
    assert work() == 1
    assert Case.objects.filter(matter="shop-sign").count() == 1


def test_what_waits_is_not_swept(sent: Callable[..., tuple[Client, int]], part_of: Callable[[str], OrderPart]) -> None:
    sent()
    later = timezone.now() + timedelta(days=400)
    assert sweep_drafts(at=later) == 0
    assert part_of("childcare-subsidy").draft.case is None


def test_a_cart_that_nobody_comes_back_to_is_swept(cart: Callable[..., Cart]) -> None:
    cart()
    assert sweep_drafts(at=timezone.now() + timedelta(days=400)) == 2
    assert not Order.objects.exists()


def test_a_part_that_fails_in_an_unforeseen_way_is_asked_of_its_owner(
    sent: Callable[..., tuple[Client, int]],
    part_of: Callable[[str], OrderPart],
    grant_licence: Callable[[int | None], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client, number = sent(bundle="trial-shop")
    grant_licence(part_of("food-business-licence").draft.case)

    def broken(**_: Any) -> int:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(turns, "file_draft", broken)
        assert work() == 0
    assert part_of("shop-sign").state == "wanted"
    page = client.get(f"/orders/{number}/")
    assert "It could not be sent by itself." in page.text
    (wanted,) = page.context["wanted"]
    assert "Check before you send it" in client.get(wanted.url, follow=True).text


@pytest.mark.django_db(transaction=True)
def test_the_worker_follows_the_log_itself(
    sent: Callable[..., tuple[Client, int]],
    part_of: Callable[[str], OrderPart],
    grant_licence: Callable[[int | None], None],
) -> None:
    follow(name="orders", at=timezone.now())  # from here on
    sent(bundle="trial-shop")
    file_what_is_due(at=timezone.now())
    grant_licence(part_of("food-business-licence").draft.case)
    assert not part_of("shop-sign").look
    while follow(name="orders", at=timezone.now()):
        pass
    assert file_what_is_due(at=timezone.now()).filed == 1
    assert part_of("shop-sign").state == "filed"
