"""Every code with which something is refused is documented, and none that nobody raises."""

import re

from tests.docs.pages import ROOT, read, rows, section

from tongban.api.v1 import words
from tongban.apps.audits import errors as audits
from tongban.apps.calls import errors as calls
from tongban.apps.cases import errors as cases
from tongban.apps.catalog import errors as catalog
from tongban.apps.catalog.definitions import FieldError
from tongban.apps.channels import errors as channels
from tongban.apps.correspondence import errors as correspondence
from tongban.apps.crossings import errors as crossings
from tongban.apps.desks import errors as desks
from tongban.apps.evidence import errors as evidence
from tongban.apps.exchange import errors as exchange
from tongban.apps.halls import errors as halls
from tongban.apps.intake import errors as intake
from tongban.apps.ledger import errors as ledger
from tongban.apps.neighbours import errors as neighbours
from tongban.apps.payments import errors as payments
from tongban.apps.people import errors as people
from tongban.apps.questions import errors as questions
from tongban.apps.recognition import errors as recognition
from tongban.apps.rights import errors as rights
from tongban.apps.supervision import errors as supervision
from tongban.kernel.flow import Refusal
from tongban.kernel.numbers import errors as numbers

PAGE = "reference/refusals.md"
APPS = {
    "channels": channels,
    "calls": calls,
    "cases": cases,
    "correspondence": correspondence,
    "crossings": crossings,
    "catalog": catalog,
    "desks": desks,
    "evidence": evidence,
    "exchange": exchange,
    "halls": halls,
    "intake": intake,
    "ledger": ledger,
    "neighbours": neighbours,
    "payments": payments,
    "people": people,
    "questions": questions,
    "recognition": recognition,
    "rights": rights,
    "audits": audits,
    "supervision": supervision,
}


def test_every_refusal_of_the_kernel_is_documented() -> None:
    assert rows(section(PAGE, "## The kernel")) == [str(refusal) for refusal in Refusal]


def test_every_error_of_the_apps_is_documented_with_its_class() -> None:
    """What only stands above others (``CaseError``) is raised by nobody."""
    wanted = {}
    for app, module in APPS.items():
        for name, kind in vars(module).items():
            if isinstance(kind, type) and kind.__module__ == module.__name__ and kind.__mro__[1] is not Exception:
                wanted[f"`{app}.{name}`"] = vars(kind)["code"]
    text = section(PAGE, "## The apps")
    found = {kind: code for code, kind in re.findall(r"^\| `([^`]+)` \| (`[^`]+`) \|", text, re.M)}
    assert found == wanted
    assert len(found) == len(rows(text))


def test_every_code_of_the_api_is_documented() -> None:
    found = rows(section(PAGE, "## The API"))
    # What an app raises too is told there.
    assert sorted(found) == sorted(words.CODES - {"people.name-differs"})


def test_the_statuses_of_the_api_are_as_documented() -> None:
    source = "".join(path.read_text("utf-8") for path in (ROOT / "src/tongban/api").rglob("*.py"))
    raised = dict(re.findall(r'ApiError\(\s*"(api\.[a-z-]+)",\s*status=(\d+)', source))
    told = dict(re.findall(r"^\| `(api\.[a-z-]+)` \| (\d+) \|", section(PAGE, "## The API"), re.M))
    assert raised
    assert {code: told.get(code) for code in raised} == raised


def test_every_code_of_an_answer_is_documented() -> None:
    told = re.sub(r"\s+", " ", FieldError.__doc__ or "")
    listed = re.search(r"Codes: (.*?), and ``format\.`` with (.*?)\.", told)
    assert listed is not None
    wanted = [*listed[1].split(", "), *(f"format.{each}" for each in listed[2].split(", "))]
    assert sorted(rows(section(PAGE, "## Answers to a form"))) == sorted(wanted)


def test_every_code_of_a_number_is_documented() -> None:
    assert sorted(rows(section(PAGE, "## Numbers"))) == sorted(numbers._SENTENCES)


def test_refusals_named_elsewhere_in_the_docs_exist() -> None:
    known = set(rows(read(PAGE)))
    for page in ("explanation/how-a-case-lives.md", "how-to/run-a-city.md"):
        named = re.findall(r"`((?:case|supplement|task|return|extend|people|draft)\.[a-z]+-[a-z-]+)`", read(page))
        assert named, page
        assert [code for code in named if code not in known] == [], page
