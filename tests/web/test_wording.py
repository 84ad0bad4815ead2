"""Every code that the domain knows has words, and no words are left without a code."""

import re

import pytest
from django.utils.translation import override

from tongban.apps.cases import errors as case_errors
from tongban.apps.catalog.definitions.conclusions import CONCLUSIONS, name_of
from tongban.apps.catalog.definitions.documents import DOCUMENTS
from tongban.apps.channels import errors as channel_errors
from tongban.apps.channels.words import get_kind
from tongban.apps.evidence import errors as evidence_errors
from tongban.apps.exchange import errors as exchange_errors
from tongban.apps.intake import errors as intake_errors
from tongban.apps.payments import errors as payment_errors
from tongban.apps.rights import errors as rights_errors
from tongban.kernel.flow import KINDS, Outcome, Refusal, Refused, Status
from tongban.web.wording import (
    error_words,
    event_words,
    field_error_words,
    outcome_words,
    status_words,
)
from tongban.web.wording.refusals import CODES


@pytest.mark.parametrize("refusal", list(Refusal))
def test_every_refusal_of_the_kernel_has_words(refusal: Refusal) -> None:
    with override("en"):
        words = error_words(Refused(refusal, {"limit": "10", "allowed": "10 working days"}))
    assert str(refusal) in CODES
    assert words.endswith((".", ")"))
    assert "%(" not in words


def test_every_error_of_the_apps_has_words() -> None:
    found = set()
    for module in (
        case_errors,
        channel_errors,
        evidence_errors,
        exchange_errors,
        intake_errors,
        payment_errors,
        rights_errors,
    ):
        for name in module.__all__:
            code = getattr(getattr(module, name), "code", None)
            if isinstance(code, str) and not code.endswith(".error"):
                found.add(code)
    assert found - CODES == set()


def test_every_kind_of_event_has_words() -> None:
    with override("en"):
        unknown = event_words(kind="no.such-kind")
        assert all(event_words(kind=kind) != unknown for kind in KINDS)
        assert all(event_words(kind=kind, official=True) != unknown for kind in KINDS)


def test_every_status_and_outcome_has_words() -> None:
    with override("en"):
        assert all(status_words(status) != status for status in Status if status is not Status.NEW)
        assert all(outcome_words(outcome) != outcome for outcome in Outcome)


@pytest.mark.parametrize("conclusion", CONCLUSIONS)
def test_every_way_to_end_has_words_of_its_own(conclusion: str) -> None:
    """In lists, in the history, at the desk, in notices and in letters."""
    with override("en"):
        for outcome, name in CONCLUSIONS[conclusion].items():
            assert name_of(conclusion=conclusion, outcome=outcome) == name
            assert outcome_words(name) != name
            assert event_words(kind="case.decided", ended_as=name) != "Decided"
            assert get_kind(name).legal
            assert name in DOCUMENTS


def test_an_unknown_code_is_never_shown() -> None:
    with override("en"):
        assert error_words(Refused("brand.new")) == "This is not possible right now. Nothing was changed."


def test_acceptance_by_silence_is_said_as_such() -> None:
    with override("en"):
        assert "nobody answered" in event_words(kind="case.accepted", data={"silent": True})


def test_every_field_code_has_words() -> None:
    from tongban.apps.catalog.definitions import FieldError

    codes = re.sub(r".*Codes:", "", FieldError.__doc__ or "", flags=re.S).split("``limit``")[0]
    names = re.findall(r"[a-z-]+", codes.split("and ``format.``")[0])
    assert len(names) > 8
    formats = ["date", "identity-number", "credit-code", "mobile", "email", "postcode"]
    with override("en"):
        for code in [*names, *(f"format.{each}" for each in formats)]:
            words = field_error_words(code=code, params={"limit": 3}, label="Question?", control="text")
            assert words.startswith("Question: "), code
            assert code == "type" or "cannot be read" not in words, code


def test_everything_is_said_in_chinese_too() -> None:
    cjk = re.compile(r"[\u4e00-\u9fff]")
    with override("zh-hans"):
        words = [error_words(Refused(refusal, {"limit": "10", "allowed": "10 working days"})) for refusal in Refusal]
        words += [event_words(kind=kind, official=official) for kind in KINDS for official in (False, True)]
        words += [status_words(status) for status in Status if status is not Status.NEW]
        words += [outcome_words(outcome) for outcome in Outcome]
        words += [field_error_words(code="too-long", params={"limit": 3}, label="名称", control="text")]
    assert [said for said in words if not cjk.search(said)] == []
