"""What a neighbour may ask of our matters and cases, by the services themselves: no line in between."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.utils import timezone

from tongban.apps.crossings import adopting, receiving
from tongban.apps.crossings.models import Crossing, Message
from tongban.apps.crossings.queries import get_crossing, list_untold
from tongban.apps.crossings.services import sweep_files
from tongban.apps.neighbours.errors import Malformed, Refuse


@pytest.fixture(autouse=True)
def _neighbour(settings: Any, tmp_path: Path, city: Path) -> None:
    row = {"code": "elsewhere", "name": {"zh": "别处市", "en": "Elsewhere"}, "url": "https://e.example", "keys": []}
    path = tmp_path / "neighbours.yaml"
    path.write_text(yaml.safe_dump({"neighbours": [row | {"may": ["crossings"]}]}, allow_unicode=True), "utf-8")
    settings.NEIGHBOURS = path


def take(service: str, said: Mapping[str, Any] | None = None, body: bytes = b"") -> Mapping[str, Any]:
    do = receiving._SERVICES[service]
    return do(sender="elsewhere", us="here", said=said or {}, body=body, at=timezone.now())


def national() -> list[str]:
    return [row["code"] for row in take("matters")["matters"]]


def test_only_what_is_for_the_whole_country_is_offered() -> None:
    codes = national()
    assert "lost-id-card" in codes
    assert "residence-permit" not in codes
    with pytest.raises(Refuse, match=r"crossing\.not-national"):
        take("matter", {"code": "residence-permit"})
    with pytest.raises(Refuse, match=r"crossing\.unknown-matter"):
        take("matter", {"code": "no-such-matter"})


def offered(monkeypatch: pytest.MonkeyPatch, change: Callable[[dict[str, Any]], None] = lambda said: None) -> Any:
    """Adopt one of our own matters, as if the neighbour offered it."""

    def ask(*, neighbour: str, service: str, said: Mapping[str, Any], at: datetime) -> Mapping[str, Any]:
        answer = dict(take(service.removeprefix("crossings/"), said))
        if service == "crossings/matters":
            answer["matters"] = [row for row in answer["matters"] if row["code"] == "lost-id-card"]
        else:
            answer["files"] = dict(answer["files"])
            change(answer)
        return answer

    monkeypatch.setattr(adopting, "ask", ask)
    return adopting.adopt(neighbour="elsewhere", at=timezone.now())


def free(said: dict[str, Any]) -> None:
    said["files"]["matter.yaml"] = said["files"]["matter.yaml"].replace("amount: 40", "amount: 0")


def test_what_has_a_fee_is_not_offered_for_another(monkeypatch: pytest.MonkeyPatch) -> None:
    new, refused = offered(monkeypatch)
    assert new == []
    assert "it has a fee" in str(refused[0])


PAGE = "/matters/in-other-cities/"


@pytest.mark.parametrize("who", ["", "linxiaomei", "chenli"])
def test_what_other_cities_offer_is_listed_for_everybody(
    monkeypatch: pytest.MonkeyPatch, client_for: Any, who: str
) -> None:
    client = client_for(who)
    assert PAGE in client.get("/matters/").text
    assert "Nothing of other cities yet" in client.get(PAGE).text
    offered(monkeypatch, free)
    page = client.get(PAGE).text
    assert '<a href="/matters/elsewhere-lost-id-card/">' in page
    assert "Nothing of other cities yet" not in page
    assert client.get("/matters/elsewhere-lost-id-card/").status_code == 200
    found = client.get("/matters/?q=elsewhere id card").text
    assert "/search/open/elsewhere-lost-id-card/" in found


def test_what_costs_something_there_is_said_plainly_until_it_is_free(
    monkeypatch: pytest.MonkeyPatch, client_for: Any
) -> None:
    client = client_for("")
    offered(monkeypatch)
    page = client.get(PAGE).text
    assert "There is a fee, and only Elsewhere can take it: please file it on the pages of Elsewhere." in page
    assert '<a href="https://e.example/matters/lost-id-card/"' in page
    # And what to do next: where it leads, where to sign in and pay, and where it is followed.
    for words in (
        "Open it on the pages of Elsewhere",
        "Sign in there, file it there, and pay there if there is a fee.",
        "It is not among your cases here.",
    ):
        assert words in page
    assert PAGE in client.get("/matters/?q=zzzzqqq").text  # whoever finds nothing here is led on
    assert client.get("/matters/elsewhere-lost-id-card/").status_code == 404
    offered(monkeypatch, free)
    page = client.get(PAGE).text
    assert "There is a fee" not in page
    assert "Sign in there" not in page
    assert '<a href="/matters/elsewhere-lost-id-card/">' in page


def test_the_list_asks_the_database_as_often_for_many_as_for_one(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    from tongban.apps.crossings.queries import list_offers

    offered(monkeypatch, free)
    with django_assert_num_queries(4):
        assert [len(each.here) for each in list_offers(on=timezone.localdate())] == [1]


def test_a_matter_of_a_neighbour_is_offered_filed_and_written_down(
    monkeypatch: pytest.MonkeyPatch, file_case: Any, catch_up: Callable[..., int], client_for: Any, actor_for: Any
) -> None:
    from tongban.apps.cases.queries import get_case
    from tongban.apps.catalog.queries import get_matter

    assert offered(monkeypatch, free) == (["elsewhere-lost-id-card"], [])
    assert offered(monkeypatch, free) == ([], [])
    definition = get_matter(code="elsewhere-lost-id-card", on=timezone.localdate()).definition
    assert definition.name.en.endswith("(Elsewhere)")
    assert definition.authority == "elsewhere-public-security"
    answers = get_matter(code="lost-id-card", on=timezone.localdate()).definition.examples[0].answers
    number = file_case(matter="elsewhere-lost-id-card", answers=answers, at=timezone.now())
    catch_up()
    crossing = get_crossing(case=get_case(number=number, actor=actor_for("linxiaomei"), at=timezone.now()))
    assert crossing is not None
    assert (crossing.state, crossing.other, crossing.city.en) == ("sending", None, "Elsewhere")
    assert [row.neighbour for row in list_untold()] == ["elsewhere"]
    assert Message.objects.filter(case=number).count() == 1
    page = client_for("linxiaomei").get(f"/cases/{number:016d}/").content.decode()
    assert "It is on its way to Elsewhere" in page


@pytest.mark.parametrize(
    "change",
    [
        lambda said: said["files"].update({"matter.yaml": "code: [", "form.yaml": ""}),
        lambda said: said["files"].pop("form.yaml"),
        lambda said: said.pop("authority"),
        lambda said: said["files"].update({"matter.yaml": "fee: {amount: 0}"}),
    ],
)
def test_a_matter_that_cannot_be_read_is_said_and_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, change: Callable[[dict[str, Any]], None]
) -> None:
    new, refused = offered(monkeypatch, change)
    assert new == []
    assert len(refused) == 1


def filing(**changes: Any) -> dict[str, Any]:
    from tongban.apps.catalog.queries import get_matter

    published = get_matter(code="lost-id-card", on=timezone.localdate())
    answers = dict(published.definition.examples[0].answers)
    return {
        "case": 2611270000000012,
        "head": {"seq": 1, "hash": "aa"},
        "matter": "lost-id-card",
        "version": published.version,
        "filed_at": datetime.now(UTC).isoformat(),
        "applicant": {
            "name": answers["holder_name"],
            "number": answers["identity_number"],
            "organisation": False,
            "phone": answers["phone"],
        },
        "answers": answers,
        "materials": [],
    } | changes


def test_a_case_of_a_neighbour_is_taken_in_once() -> None:
    first, again = take("file", filing()), take("file", filing())
    assert first["case"] == again["case"]
    assert Crossing.objects.get(case=first["case"]).other == 2611270000000012


def test_officials_see_where_a_case_was_filed(client_for: Any) -> None:
    number = take("file", filing())["case"]
    page = client_for("wangqian").get(f"/desk/cases/{number:016d}/").content.decode()
    assert "Filed in Elsewhere" in page
    assert client_for("linxiaomei").get(f"/cases/{number:016d}/").status_code == 404  # another person's


def wrong_answers() -> dict[str, Any]:
    return filing(answers={"holder_name": "A"})


def wrong_number() -> dict[str, Any]:
    said = filing()
    return said | {"applicant": said["applicant"] | {"number": "110101199001011234"}}


def wrong_name() -> dict[str, Any]:
    said = filing()
    return said | {"applicant": said["applicant"] | {"name": "别的人"}}


@pytest.mark.parametrize(
    ("refused", "said"),
    [
        ("crossing.incomplete", wrong_answers),
        ("crossing.number", wrong_number),
        ("people.name-differs", wrong_name),
        ("crossing.unknown-matter", lambda: filing(matter="no-such-matter")),
        ("crossing.not-national", lambda: filing(matter="residence-permit", version=1)),
        ("crossing.files-missing", lambda: filing(materials=[{"code": "x", "name": "x", "sha256": "0" * 64}])),
    ],
)
def test_each_reason_not_to_take_a_case_in_is_said(refused: str, said: Callable[[], dict[str, Any]]) -> None:
    with pytest.raises(Refuse) as raised:
        take("file", said())
    assert raised.value.code == refused
    assert not Crossing.objects.exists()


@pytest.mark.parametrize("changes", [{"case": "x"}, {"case": 10**16}, {"head": {}}, {"materials": 7}, {"answers": 7}])
def test_a_case_that_cannot_be_read_is_none(changes: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        take("file", filing(**changes))


def test_what_was_sent_ahead_goes_after_a_week() -> None:
    png = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
    assert take("content", body=png) == take("content", body=png)
    with pytest.raises(Refuse, match=r"file\."):
        take("content", body=b"MZ")
    assert sweep_files(at=timezone.now()) == 0
    assert sweep_files(at=timezone.now() + timedelta(days=8)) == 1


def test_a_stranger_hears_nothing_of_a_case_and_moves_none() -> None:
    number = take("file", filing())["case"]
    with pytest.raises(Refuse, match=r"crossing\.unknown-case"):
        receiving.give_hash(sender="another", us="here", said={"case": number, "seq": 1}, body=b"", at=timezone.now())
    word = {
        "case": number,
        "other": 2611270000000012,
        "kind": "case.withdrawn",
        "data": {},
        "head": {"seq": 2, "hash": "bb"},
    }
    with pytest.raises(Refuse, match=r"crossing\.unknown-case"):
        receiving.take_word(sender="another", us="here", said=word, body=b"", at=timezone.now())
    with pytest.raises(Refuse, match=r"crossing\.unknown-case"):
        take("heard", word | {"other": 2611270000000020})
    take("heard", word)
    take("heard", word)
    from tongban.apps.ledger.queries import get_history

    kinds = [event.kind for event in get_history(case=number)]
    assert kinds[-2:] == ["case.withdrawn", "crossing.heard"]
    assert kinds.count("crossing.heard") == 1


def test_administrators_see_keys_that_end_and_what_waits(client_for: Any, settings: Any) -> None:
    soon = timezone.now().date() + timedelta(days=3)
    settings.NEIGHBOUR_KEYS = [f"{'A' * 43}=@{soon}"]
    Message.objects.create(
        case=2611270000000012,
        seq=1,
        kind="case.filed",
        neighbour="elsewhere",
        noted_at=timezone.now(),
        due=timezone.now(),
        error="neighbour.away timeout",
    )
    page = client_for("admin").get("/supervise/notices/").content.decode()
    assert "add the next one behind it now" in page
    assert "1 message waits since" in page
    assert client_for("wangqian").get("/supervise/notices/").status_code == 403
    settings.NEIGHBOUR_KEYS = ["none"]
    assert "TONGBAN_NEIGHBOUR_KEYS: key 1 has no day" in client_for("admin").get("/supervise/notices/").content.decode()
