"""What an officer has written and not sent is there when they come back: theirs alone, sealed, gone with the step."""

from typing import Any

import pytest
from django.utils import timezone

from tongban.apps.cases.models import Task
from tongban.apps.desks.models import Unsent
from tongban.apps.desks.services import sweep_unsent

pytestmark = pytest.mark.django_db

WORDS = "The hall has one exit only; 林晓梅 says that a second one is planned."


@pytest.fixture
def keep(client_for: Any) -> Any:
    """Press "Keep as draft" on the open step at ``node``, as a browser does."""

    def post(who: str, number: int, command: str, *, node: str = "", headers: Any = None, **data: Any) -> Any:
        tasks = Task.objects.filter(case=number, finished=None).order_by("no")
        task = (tasks.filter(node=node) if node else tasks).first()
        facts = {"task": task.no if task else 0} | data
        return client_for(who).post(f"/desk/cases/{number}/{command}/keep", facts, headers=headers)

    return post


def _card(page: Any, command: str) -> Any:
    cards = [card for group in page.context["steps"] for card in (*group["main"], *group["more"])]
    return next(card for card in [*cards, *page.context["case_cards"]] if card.command.name == command)


def _values(page: Any, command: str) -> dict[str, Any]:
    return {
        field.name: [each.value for each in field.options if each.selected] if field.options else field.value
        for field in _card(page, command).fields
    }


def test_it_works(at_step: Any, keep: Any, client_for: Any, untouched: Any) -> None:
    number = at_step("handle")
    same = untouched(number)
    done = keep("chenli", number, "complete", outcome="fail", opinion=WORDS)
    task = Task.objects.get(case=number, node="handle").no
    assert done["Location"] == f"/desk/cases/{number}/#complete-{task}"
    page = client_for("chenli").get(f"/desk/cases/{number}/")
    assert _values(page, "complete") == {"outcome": ["fail"], "opinion": WORDS}
    card = _card(page, "complete")
    assert card.open
    assert card.kept_at == Unsent.objects.get().saved_at
    assert "You wrote this on" in page.text
    assert page.context["errors"] is None
    assert same()


def test_it_is_sealed(at_step: Any, keep: Any) -> None:
    keep("chenli", at_step("handle"), "complete", opinion=WORDS)
    row = Unsent.objects.get()
    assert row.sealed.startswith("sealed:")
    assert "exit" not in str(vars(row))


def test_kept_again_it_replaces_what_was_kept(at_step: Any, keep: Any, client_for: Any) -> None:
    number = at_step("handle")
    keep("chenli", number, "complete", opinion="First thoughts.")
    keep("chenli", number, "complete", opinion="Second thoughts.")
    assert Unsent.objects.count() == 1
    assert _values(client_for("chenli").get(f"/desk/cases/{number}/"), "complete")["opinion"] == "Second thoughts."


def test_emptied_it_is_gone(at_step: Any, keep: Any, client_for: Any) -> None:
    number = at_step("handle")
    keep("chenli", number, "complete", opinion=WORDS)
    keep("chenli", number, "complete", opinion="  ")
    assert not Unsent.objects.exists()
    assert _card(client_for("chenli").get(f"/desk/cases/{number}/"), "complete").kept_at is None


def test_what_the_page_itself_had_put_in_is_no_draft(at_step: Any, keep: Any) -> None:
    keep("chenli", at_step("handle"), "request_supplement", days="10", other="", note="")
    assert not Unsent.objects.exists()


def test_each_command_has_its_own(at_step: Any, keep: Any, client_for: Any) -> None:
    number = at_step("handle")
    keep("chenli", number, "complete", opinion=WORDS)
    keep("chenli", number, "request_supplement", items=["floor_plan"], days="15", note="Mark the sinks.")
    page = client_for("chenli").get(f"/desk/cases/{number}/")
    assert _values(page, "complete")["opinion"] == WORDS
    asked = _values(page, "request_supplement")
    assert (asked["items"], asked["days"], asked["note"]) == (["floor_plan"], "15", "Mark the sinks.")


def test_two_people_have_their_own(at_step: Any, keep: Any, client_for: Any) -> None:
    number = at_step("handle")
    keep("chenli", number, "complete", opinion="By Chen.")
    keep("huangyan", number, "complete", opinion="By Huang.")
    for who, words in (("chenli", "By Chen."), ("huangyan", "By Huang.")):
        page = client_for(who).get(f"/desk/cases/{number}/")
        assert _values(page, "complete")["opinion"] == words
    assert "By Chen." not in client_for("huangyan").get(f"/desk/cases/{number}/").text


def test_sent_it_is_gone_and_so_is_what_colleagues_kept(at_step: Any, keep: Any, give: Any) -> None:
    number = at_step("handle")
    keep("chenli", number, "complete", opinion=WORDS)
    keep("huangyan", number, "complete", opinion="By Huang.")
    assert give("chenli", number, "complete", outcome="pass", opinion=WORDS).status_code == 302
    assert not Unsent.objects.exists()


def test_asked_back_it_is_still_there(at_step: Any, keep: Any, give: Any) -> None:
    number = at_step("decide")
    keep("hejun", number, "decide", outcome="denied", reason=WORDS)
    assert give("hejun", number, "decide", outcome="denied", reason=WORDS).status_code == 200
    assert Unsent.objects.count() == 1
    assert give("hejun", number, "decide", outcome="denied", reason=WORDS, confirmed="yes").status_code == 302
    assert not Unsent.objects.exists()


def test_what_has_happened_since_is_shown_before_it_is_sent(joint: int, keep: Any, give: Any, client_for: Any) -> None:
    seen = len(client_for("luhao").get(f"/desk/cases/{joint}/").context["view"].history)
    keep("luhao", joint, "complete", node="opinion_fire", opinion="Two exits.", seen=seen)
    card = _card(client_for("luhao").get(f"/desk/cases/{joint}/"), "complete")
    assert not card.news
    give("tanglei", joint, "complete", node="opinion_sign", outcome="fail", opinion="The sign is too long.")
    page = client_for("luhao").get(f"/desk/cases/{joint}/")
    assert "Something has happened since you wrote this" in page.text
    assert len(_card(page, "complete").news) == 1
    assert _card(page, "complete").seen == seen


def test_a_decision_written_before_others_acted_is_asked_back(at_step: Any, keep: Any, give: Any, act: Any) -> None:
    number = at_step("decide")
    keep("hejun", number, "decide", outcome="granted", seen=1)
    page = give("hejun", number, "decide", outcome="granted", confirmed="yes", seen=Unsent.objects.get().seen)
    assert "Something has happened since you opened this case" in page.text
    assert Unsent.objects.exists()


def test_a_step_that_ended_elsewhere_takes_it_along(at_step: Any, keep: Any, act: Any) -> None:
    number, other = at_step("handle"), at_step("handle")
    keep("chenli", number, "complete", opinion=WORDS)
    keep("chenli", other, "complete", opinion=WORDS)
    assert sweep_unsent() == 0
    act(number, "complete", by="huangyan", node="handle", outcome="pass", opinion="Seen.")
    assert sweep_unsent() == 1
    assert Unsent.objects.get().case_id == other


def test_a_case_that_is_over_takes_it_along(at_step: Any, keep: Any, act: Any) -> None:
    number = at_step("decide")
    keep("hejun", number, "extend", task=0, amount="3", reason=WORDS)
    assert Unsent.objects.get().task == 0
    act(number, "decide", by="hejun", node="decide", outcome="denied", reason="No.")
    act(number, "deliver", by="wangqian", node="deliver", way="online")
    assert sweep_unsent() == 1


def test_when_a_colleague_was_faster_the_words_come_back(at_step: Any, keep: Any, act: Any) -> None:
    number = at_step("handle")
    task = Task.objects.get(case=number, node="handle").no
    act(number, "complete", by="huangyan", node="handle", outcome="pass", opinion="Seen.")
    late = keep("chenli", number, "complete", task=task, opinion=WORDS)
    assert late.status_code == 409
    assert WORDS in late.text
    assert "Huang Yan got there first" in late.text
    assert not Unsent.objects.exists()


def test_a_session_that_ended_loses_nothing(at_step: Any, client_for: Any, user_for: Any) -> None:
    number = at_step("handle")
    path = f"/desk/cases/{number}/complete/keep"
    browser = client_for("")
    task = Task.objects.get(case=number, node="handle").no
    assert browser.post(path, {"task": task, "opinion": WORDS})["Location"] == f"/account/login/?next={path}"
    assert not Unsent.objects.exists()
    browser.force_login(user_for("chenli"))
    assert browser.get(path)["Location"] == f"/desk/cases/{number}/#complete-{task}"
    assert _values(browser.get(f"/desk/cases/{number}/"), "complete")["opinion"] == WORDS
    assert browser.get(path)["Location"] == f"/desk/cases/{number}/"


def test_a_script_keeps_it_while_it_is_written(at_step: Any, keep: Any) -> None:
    kept = keep("chenli", at_step("handle"), "complete", opinion=WORDS, headers={"X-Requested-With": "fetch"})
    assert kept.status_code == 200
    assert kept.text == f"Kept at {timezone.localtime(Unsent.objects.get().saved_at):%H:%M}, not sent."


def test_only_fields_of_the_form_are_kept_and_no_more_than_it_takes(at_step: Any, keep: Any) -> None:
    number = at_step("handle")
    keep("chenli", number, "complete", confirmed="yes", junk="x" * 100)
    assert not Unsent.objects.exists()
    assert keep("chenli", number, "complete", opinion="x" * 50_000).status_code == 409
    assert not Unsent.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("songwei", 404), ("luhao", 404), ("linxiaomei", 403), ("", 302)])
def test_not_by_strangers(at_step: Any, keep: Any, untouched: Any, who: str, status: int) -> None:
    number = at_step("handle")
    same = untouched(number)
    assert keep(who, number, "complete", opinion=WORDS).status_code == status
    assert not Unsent.objects.exists()
    assert same()


def test_not_by_a_colleague_who_cannot_give_it(at_step: Any, keep: Any) -> None:
    assert keep("chenli", at_step("decide"), "decide", reason=WORDS).status_code == 409
    assert not Unsent.objects.exists()


def test_there_is_no_such_command(at_step: Any, client_for: Any) -> None:
    assert client_for("chenli").post(f"/desk/cases/{at_step('handle')}/bury/keep", {}).status_code == 404


def test_an_applicant_reads_nothing_of_it(at_step: Any, keep: Any, client_for: Any) -> None:
    number = at_step("handle")
    keep("chenli", number, "complete", opinion=WORDS)
    assert "one exit only" not in client_for("linxiaomei").get(f"/cases/{number}/").text


def test_under_a_new_key_it_still_opens(at_step: Any, keep: Any, client_for: Any, settings: Any) -> None:
    import base64
    import os

    from tongban.apps.desks.services import reseal_unsent

    number = at_step("handle")
    keep("chenli", number, "complete", opinion=WORDS)
    keep("chenli", number, "request_supplement", note="Mark the sinks.")
    keep("huangyan", number, "complete", opinion="By Huang.")
    old = settings.DATA_KEYS
    settings.DATA_KEYS = [base64.b64encode(os.urandom(32)).decode(), *old]
    assert list(reseal_unsent(batch=2))[-1].written == 3
    assert _values(client_for("chenli").get(f"/desk/cases/{number}/"), "complete")["opinion"] == WORDS
    settings.DATA_KEYS = old
    page = client_for("chenli").get(f"/desk/cases/{number}/")  # the new key is lost: the case still opens
    assert page.status_code == 200
    assert _values(page, "complete")["opinion"] == ""


def test_as_many_queries_with_drafts_as_without(
    at_step: Any, keep: Any, client_for: Any, django_assert_max_num_queries: Any
) -> None:
    number = at_step("handle")
    browser = client_for("chenli")
    browser.get(f"/desk/cases/{number}/")
    with django_assert_max_num_queries(200) as none:
        browser.get(f"/desk/cases/{number}/")
    without = len(none)
    keep("chenli", number, "complete", opinion=WORDS)
    keep("chenli", number, "request_supplement", note="Mark the sinks.")
    with django_assert_max_num_queries(without):
        browser.get(f"/desk/cases/{number}/")
