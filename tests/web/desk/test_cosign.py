"""Others are asked to sign a step: it goes on when they have, and an objection is overruled only on record."""

from typing import Any

import pytest

from tongban.apps.cases.models import Case, Task
from tongban.apps.ledger.queries import get_history
from tongban.kernel import flow

pytestmark = pytest.mark.django_db


def _signers(number: int) -> list[Task]:
    return list(Task.objects.filter(case=number, act="cosign", finished=None).order_by("no"))


@pytest.fixture
def ask(give: Any) -> Any:
    """Ask for signatures as ``chenli`` does at the handling step."""

    def post(number: int, *signers: str, by: str = "chenli", confirmed: bool = True, **more: Any) -> Any:
        data: dict[str, Any] = {"signers": list(signers), "place": "beside", "rule": "all", "reason": "Is there water?"}
        data |= {"confirmed": "yes"} if confirmed else {}
        return give(by, number, "add_cosigner", node="handle", **(data | more))

    return post


@pytest.fixture
def answer(client_for: Any) -> Any:
    """Sign or object under the number that one was asked under."""

    def post(who: str, number: int, task: int, command: str = "sign", **data: Any) -> Any:
        path = f"/desk/cases/{number}/{command}/"
        return client_for(who).post(path, {"task": task, "confirmed": "yes"} | data)

    return post


def test_it_works(at_step: Any, ask: Any, answer: Any, give: Any, client_for: Any) -> None:
    number = at_step("handle")
    assert "is not finished without them" in ask(number, "@fire-rescue", confirmed=False).text
    assert _signers(number) == []
    assert ask(number, "@fire-rescue").status_code == 302
    (signer,) = _signers(number)
    assert (signer.department, signer.node) == ("fire-rescue", "handle")
    assert "(co-sign)" in client_for("luhao").get("/desk/").text
    refused = give("chenli", number, "complete", node="handle", outcome="pass")
    assert refused.status_code == 409
    assert "have not done so yet" in refused.text
    assert "Sign this step?" in client_for("luhao").post(f"/desk/cases/{number}/sign/", {"task": signer.no}).text
    assert answer("luhao", number, signer.no, opinion="There is.").status_code == 302
    signed = next(event for event in get_history(case=number) if event.kind == "cosign.signed")
    assert signed.department == "fire-rescue"
    assert signed.opened is not None
    assert "There is." in client_for("chenli").get(f"/desk/cases/{number}/").text
    assert give("chenli", number, "complete", node="handle", outcome="pass").status_code == 302


def test_afterwards_the_result_waits_for_the_signature(at_step: Any, ask: Any, answer: Any, give: Any) -> None:
    number = at_step("handle")
    ask(number, "@fire-rescue", "@urban-management", place="after", rule="any")
    assert all(row.waiting for row in _signers(number))
    assert answer("luhao", number, _signers(number)[0].no).status_code == 409
    assert give("chenli", number, "complete", node="handle", outcome="pass").status_code == 302
    assert Task.objects.get(case=number, node="handle", act="handle").finished is None
    assert not any(row.waiting for row in _signers(number))
    assert answer("tanglei", number, _signers(number)[1].no).status_code == 302
    assert _signers(number) == []
    assert Task.objects.get(case=number, finished=None).node == "inspect"


def test_an_objection_and_what_overrules_it(at_step: Any, ask: Any, answer: Any, give: Any, client_for: Any) -> None:
    number = at_step("handle")
    ask(number, "@fire-rescue")
    (signer,) = _signers(number)
    assert answer("luhao", number, signer.no, "object").status_code == 422
    assert answer("luhao", number, signer.no, "object", reason="No hydrant.").status_code == 302
    assert "has objected" in give("chenli", number, "complete", node="handle", outcome="pass").text
    data = {"signer": signer.no, "confirmed": "yes"}
    assert give("chenli", number, "remove_cosigner", node="handle", **data).status_code == 422
    data |= {"reason": "One was built in May."}
    assert give("huangyan", number, "remove_cosigner", node="handle", **data).status_code == 302
    page = client_for("chenli").get(f"/desk/cases/{number}/").text
    assert "No hydrant." in page
    assert "One was built in May." in page
    assert give("chenli", number, "complete", node="handle", outcome="pass").status_code == 302


def test_a_person_who_was_asked_by_name(at_step: Any, ask: Any, answer: Any, user_for: Any, client_for: Any) -> None:
    number = at_step("handle")
    ask(number, f"user:{user_for('huangyan').pk}@market-regulation")
    (signer,) = _signers(number)
    assert signer.claimed_by == user_for("huangyan")
    assert "(co-sign)" in client_for("huangyan").get("/desk/?group=mine").text
    assert answer("hejun", number, signer.no).status_code == 409
    assert answer("huangyan", number, signer.no).status_code == 302


def test_nobody_signs_their_own_work(at_step: Any, ask: Any, answer: Any, give: Any) -> None:
    number = at_step("handle")
    give("chenli", number, "claim", node="handle")
    ask(number, "@market-regulation")
    refused = answer("chenli", number, _signers(number)[0].no)
    assert refused.status_code == 409
    assert "their own work" in refused.text


def test_a_count_must_fit_and_somebody_be_chosen(at_step: Any, ask: Any, untouched: Any) -> None:
    number = at_step("handle")
    same = untouched(number)
    assert ask(number).status_code == 422
    assert ask(number, "@fire-rescue", rule="some").status_code == 422
    assert ask(number, "@fire-rescue", rule="some", count="2").status_code == 422
    assert same()
    assert ask(number, "@fire-rescue", "@window", "@urban-management", rule="some", count="2").status_code == 409
    assert same()  # nobody at a window may sign
    assert ask(number, "@fire-rescue", "@civil-affairs", "@urban-management", rule="some", count="2").status_code == 302


def test_strangers_owner_and_nobody(at_step: Any, ask: Any, answer: Any, untouched: Any) -> None:
    number = at_step("handle")
    same = untouched(number)
    assert [ask(number, "@fire-rescue", by=who).status_code for who in ("luhao", "linxiaomei", "")] == [404, 403, 302]
    assert same()
    ask(number, "@fire-rescue")
    same, task = untouched(number), _signers(number)[0].no
    assert [answer(who, number, task).status_code for who in ("tanglei", "chenli", "linxiaomei", "")] == [
        404,
        409,
        403,
        302,
    ]
    assert same()


def test_a_withdrawal_ends_it(at_step: Any, ask: Any, client_for: Any) -> None:
    number = at_step("handle")
    ask(number, "@fire-rescue", place="before")
    answer = client_for("linxiaomei").post(f"/cases/{number}/withdraw/", {"reason": "", "confirmed": "yes"})
    assert answer.status_code == 302
    case = Case.objects.get(pk=number)
    assert (case.status, _signers(number)) == ("withdrawn", [])
    assert flow.state_from_json(case.state).rounds == ()
    assert Task.objects.get(case=number, act="cosign").outcome == "cancelled"
