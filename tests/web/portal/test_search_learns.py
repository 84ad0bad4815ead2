"""What residents open after a search is found sooner by the next who search alike."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from tongban.apps.catalog.models import SearchChoice
from tongban.apps.catalog.queries import get_matter, search
from tongban.apps.catalog.searching.learning import FEWEST
from tongban.apps.catalog.services import forget_choices, record_choice, withdraw

pytestmark = pytest.mark.django_db
TYPED = "开店"


@pytest.fixture
def client(city: object) -> Client:
    return Client(headers={"accept-language": "en"})


def found(text: str = TYPED, on: date | None = None) -> list[str]:
    return [row.code for row in search(text=text, on=on or timezone.localdate(), limit=50)]


def open_it(client: Client, code: str, address: str = "203.0.113.7", text: str = TYPED) -> None:
    response = client.get(f"/search/open/{code}/", {"q": text}, REMOTE_ADDR=address)
    assert response.status_code == 302
    assert response["Location"] == f"/matters/{code}/"


def test_it_works(client: Client) -> None:
    before = found()
    wanted = before[min(3, len(before) - 1)]
    for visitor in range(60):
        open_it(client, wanted, address=f"203.0.113.{visitor}")
    cache.clear()
    after = found()
    assert after.index(wanted) < before.index(wanted)
    assert set(after) == set(before)


def chips(client: Client) -> list[str]:
    page = client.get("/").text
    return re.findall(r'class="tb-chip"[^>]*>([^<]+)<', page)


def test_what_people_open_most_is_offered_on_the_start_page(client: Client) -> None:
    before = chips(client)
    assert len(before) == 4  # what events of life begin with, as long as nobody has searched
    wanted = "noise-complaint"
    word = get_matter(code=wanted, on=timezone.localdate()).definition.keywords("en")[0]
    assert word not in before
    for visitor in range(int(FEWEST)):
        assert word not in chips(client)
        open_it(client, wanted, address=f"203.0.113.{visitor}", text="noise")
    cache.clear()
    assert chips(client)[0] == word


def test_what_is_published_is_counted_there_at_once(client: Client) -> None:
    def count() -> int:
        return int(re.findall(r"(\d+) things can be asked for", client.get("/").text)[0])

    before = count()
    withdraw(matter="lost-id-card", on=timezone.localdate())
    assert count() == before - 1


def test_results_lead_through_it_without_a_script(client: Client) -> None:
    page = client.get("/matters/", {"q": TYPED}).text
    assert f'href="/search/open/{found()[0]}/?q=%E5%BC%80%E5%BA%97"' in page
    assert 'rel="nofollow"' in page


def test_one_visitor_counts_once_a_day(client: Client) -> None:
    for _ in range(30):
        open_it(client, found()[1])
    row = SearchChoice.objects.get()
    assert row.weight == 1
    assert row.weight < FEWEST
    assert "203.0.113.7" not in repr(vars(row))


def test_one_visitor_cannot_teach_without_end(client: Client) -> None:
    for text in ("开店", "孩子", "退休", "房子", "公司", "补贴", "社保", "医保"):
        for code in found(text)[:6]:
            open_it(client, code, text=text)
    assert SearchChoice.objects.count() <= 20


def test_what_the_search_does_not_find_teaches_nothing(client: Client) -> None:
    assert "pension-claim" not in found("噪音")
    open_it(client, "pension-claim", text="噪音")
    open_it(client, "pension-claim", text="")
    open_it(client, "pension-claim", text="zzqxv")
    assert not SearchChoice.objects.exists()


def test_what_is_fetched_ahead_teaches_nothing(client: Client) -> None:
    client.get(f"/search/open/{found()[0]}/", {"q": TYPED}, headers={"sec-purpose": "prefetch"})
    client.head(f"/search/open/{found()[0]}/", {"q": TYPED})
    assert not SearchChoice.objects.exists()


def test_names_and_numbers_are_not_kept(client: Client) -> None:
    """The same words with a name and a number around them are the same search: those are nowhere."""
    code = found("身份证丢了")[0]
    open_it(client, code, text="身份证丢了", address="203.0.113.1")
    open_it(client, code, text="身份证丢了 13900000001", address="203.0.113.2")
    assert SearchChoice.objects.get().weight == 2


def test_an_unknown_matter_is_said_so(client: Client) -> None:
    assert client.get("/search/open/flying-to-the-moon/", {"q": TYPED}).status_code == 404


@pytest.mark.parametrize("who", ["", "linxiaomei", "wangqian"])
def test_everybody_may(client_for: Callable[..., Client], who: str) -> None:
    assert client_for(who).get("/search/open/senior-card/", {"q": "老年证"}).status_code == 302


def test_only_reading_is_offered(client: Client) -> None:
    assert client.post("/search/open/senior-card/", {"q": "老年证"}).status_code == 405


def test_it_is_forgotten_with_time(city: object) -> None:
    day = timezone.localdate()
    code = found()[2]
    for visitor in range(8):
        assert record_choice(text=TYPED, matter=code, visitor=str(visitor), on=day)
    later = day + timedelta(days=90)
    assert record_choice(text=TYPED, matter=code, visitor="later", on=later)
    assert SearchChoice.objects.get().weight == pytest.approx(5)
    assert forget_choices(on=later + timedelta(days=700)) == 0
    assert forget_choices(on=later + timedelta(days=721)) == 1
