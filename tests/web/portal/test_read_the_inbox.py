"""A resident reads what government tells them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tongban.apps.channels.models import Notice
from tongban.apps.channels.services import mark_read
from tongban.apps.channels.telling import Telling, tell

pytestmark = pytest.mark.django_db


def told_on(page: Any) -> list[Any]:
    """The notices on a page of the inbox, thread by thread."""
    return [row for thread in page.context["threads"] for row, _sent in (thread.newest, *thread.earlier)]


Tell = Callable[..., int]


@pytest.fixture
def granted_and_told(granted: Callable[..., int], catch_up: Callable[..., int]) -> int:
    number = granted()
    catch_up()
    return number


@pytest.fixture
def many(actor_for: Callable[[str], Any]) -> Callable[[int], None]:
    """So many reminders for Lin Xiaomei, one an hour, the last one now."""

    def make(count: int) -> None:
        now = timezone.now()
        given = {"matter": {"zh": "证", "en": "Licence"}, "until": "2027-01-31", "apply_by": "2027-01-01"}
        person = actor_for("linxiaomei").person_id
        tell(
            tellings=[
                Telling(person_id=person, kind="renewal", key=f"r{n}", at=now - timedelta(hours=n), params=given)
                for n in range(count)
            ],
            at=now,
        )

    return make


def test_it_works(client_for: Callable[..., Client], granted_and_told: int) -> None:
    page = client_for("linxiaomei").get("/inbox/")
    assert page.status_code == 200
    assert [row.kind for row in told_on(page)] == ["certificate", "granted", "procedure", "accepted", "filed"]
    assert "Official notice" in page.text
    assert "Food business licence" in page.text
    assert "{" not in page.text.split("<main")[1].split("</main>")[0]


def test_the_head_of_each_page_says_how_many_are_new(client_for: Callable[..., Client], granted_and_told: int) -> None:
    browser = client_for("linxiaomei")
    assert 'class="tb-count">5<' in browser.get("/cases/").text
    notice = Notice.objects.order_by("pk").first()
    assert notice is not None
    assert browser.get(f"/inbox/{notice.pk}/")["Location"] == f"/cases/{granted_and_told}/"
    assert 'class="tb-count">4<' in browser.get("/cases/").text


def test_one_is_marked_and_the_reader_stays_where_they_were(
    client_for: Callable[..., Client], granted_and_told: int
) -> None:
    browser = client_for("linxiaomei")
    notice = Notice.objects.order_by("pk").first()
    assert notice is not None
    answer = browser.post(f"/inbox/{notice.pk}/read", {"next": "/inbox/?show=progress"})
    assert answer["Location"] == "/inbox/?show=progress"
    assert Notice.objects.filter(read_at=None).count() == 4
    assert browser.post(f"/inbox/{notice.pk}/read", {"next": "https://elsewhere.example/"})["Location"] == "/inbox/"


def test_all_are_marked_but_what_came_meanwhile(
    client_for: Callable[..., Client], many: Callable[[int], None], actor_for: Any
) -> None:
    many(3)
    browser = client_for("linxiaomei")
    until = browser.get("/inbox/").context["until"]
    person, later = actor_for("linxiaomei").person_id, timezone.now()
    tell(tellings=[Telling(person_id=person, kind="test", key="late", at=later)], at=later)
    assert "3 notices marked as read" in browser.post("/inbox/read", {"until": until}, follow=True).text
    assert list(Notice.objects.filter(read_at=None).values_list("kind", flat=True)) == ["test"]
    assert "1 notice marked as read" in browser.post("/inbox/read", {"until": "made up"}, follow=True).text


def test_it_can_be_narrowed_and_paged(client_for: Callable[..., Client], many: Callable[[int], None]) -> None:
    many(45)
    browser = client_for("linxiaomei")
    seen: list[int] = []
    address = "/inbox/?show=reminder"
    while address:
        page = browser.get(address)
        seen += [row.id for row in told_on(page)]
        address = "/inbox/" + page.context["next_url"] if page.context["next_url"] else ""
    assert len(seen) == len(set(seen)) == 45
    assert told_on(browser.get("/inbox/?show=result")) == []
    assert len(told_on(browser.get("/inbox/?show=new"))) == 20
    assert browser.get("/inbox/?show=nonsense").context["show"] == "all"
    assert browser.get("/inbox/?after=nonsense")["Location"] == "/inbox/"


def test_nothing_yet_says_what_comes_here(client_for: Callable[..., Client]) -> None:
    page = client_for("wuxiaochuan").get("/inbox/")
    assert "Nothing to read" in page.text
    assert "Mark all as read" not in page.text


def test_it_is_in_the_reader_s_language(client_for: Callable[..., Client], granted_and_told: int) -> None:
    page = client_for("linxiaomei").get("/inbox/", headers={"accept-language": "zh-CN"})
    assert "办成了" in page.text
    assert "食品经营许可" in page.text


def test_nobody_signs_in_first(client_for: Callable[..., Client]) -> None:
    browser = client_for("")
    for path in ("/inbox/", "/inbox/1/", "/account/notices/"):
        assert browser.get(path)["Location"] == f"/account/login/?next={path}"
    for path in ("/inbox/read", "/inbox/1/read"):
        assert browser.post(path)["Location"].startswith("/account/login/")


@pytest.mark.parametrize("other", ["wuxiaochuan", "chenli", "wangqian"])
def test_a_stranger_or_an_official_cannot_open_another_s(
    client_for: Callable[..., Client], granted_and_told: int, other: str
) -> None:
    browser = client_for(other)
    notice = Notice.objects.order_by("pk").first()
    assert notice is not None
    assert browser.get(f"/inbox/{notice.pk}/").status_code == 404
    assert browser.post(f"/inbox/{notice.pk}/read").status_code == 404
    assert told_on(browser.get("/inbox/")) == []
    notice.refresh_from_db()
    assert notice.read_at is None


def test_a_colleague_under_mandate_has_a_notice_of_their_own(
    client_for: Callable[..., Client], file_case: Any, catch_up: Callable[..., int], actor_for: Any
) -> None:
    from tongban.apps.people.services import give_mandate

    company, colleague = "91361700MA00001A5K", actor_for("wuxiaochuan").person_id
    give_mandate(organisation_code=company, agent_id=colleague, valid_from=timezone.localdate(), at=timezone.now())
    number = file_case(username="zhoumin", applicant=f"organisation:{company}")
    catch_up()
    mine = Notice.objects.get(case=number, person=colleague)
    mark_read(person_id=colleague, notice_id=mine.pk, at=timezone.now())
    assert Notice.objects.get(case=number, person=actor_for("zhoumin").person_id).read_at is None
    assert client_for("wuxiaochuan").get(f"/inbox/{mine.pk}/")["Location"] == f"/cases/{number}/"


def test_the_number_of_queries_does_not_grow_with_notices(
    client_for: Callable[..., Client], many: Callable[[int], None]
) -> None:
    browser = client_for("linxiaomei")
    many(2)
    browser.get("/inbox/")

    def count() -> int:
        with CaptureQueriesContext(connection) as seen:
            browser.get("/inbox/")
        return len(seen)

    few = count()
    Notice.objects.all().delete()
    many(20)
    browser.get("/inbox/")
    assert count() == few
