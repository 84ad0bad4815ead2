"""Every address, scope and command in the how-to exists, and every operation is in it."""

import re
from pathlib import Path

from tongban.api.v1.clients import SCOPES
from tongban.api.v1.problems import Problem
from tongban.config.urls import api

GUIDE = (Path(__file__).resolve().parents[2] / "docs/how-to/use-the-api.md").read_text()
PATHS = api.get_openapi_schema()["paths"]


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path)) + r"\Z")


def test_every_address_in_it_exists() -> None:
    mentioned = set(re.findall(r"/api/v1/[^\s\"`?)]*", GUIDE)) - {"/api/v1/openapi.json"}
    assert len(mentioned) > 12
    for address in mentioned:
        assert any(_pattern(path).match(address) for path in PATHS), address


def test_every_operation_is_in_it() -> None:
    for path in PATHS:
        found = _pattern(path).pattern.removesuffix(r"\Z")
        assert re.search(found + r"[\s\"`?]", GUIDE), path


def test_methods_are_those_of_the_api() -> None:
    calls = re.findall(r"^curl (.+?)(?=\ncurl|\n```)", GUIDE, re.S | re.M)
    assert len(calls) > 5
    for call in calls:
        method = "post" if "-X POST" in call else "get"
        address = re.search(r"\$HOST(/api/v1/[^\s\"?]*)", call)
        assert address, call
        operations = next(PATHS[path] for path in PATHS if _pattern(path).match(address[1]))
        assert method in operations, call
        # What anybody may post changes nothing, so it is not named.
        keyed = method == "post" and bool(operations[method].get("security"))
        assert ("Idempotency-Key" in call) == keyed, call


def test_scopes_and_statuses_are_all_explained() -> None:
    for scope in SCOPES:
        assert f"| `{scope}` |" in GUIDE
    statuses = {status for path in PATHS.values() for each in path.values() for status in each["responses"]}
    for status in statuses:
        if int(status) >= 400:
            assert re.search(rf"\|[^|]*\b{status}\b[^|]*\|", GUIDE), status
    for name in ("type", "title", "status", "code", "detail", "errors"):
        assert name in Problem.model_fields
        assert f'"{name}"' in GUIDE


def test_the_filing_in_it_can_be_filed(owner: object) -> None:
    import json

    from tests.api.conftest import Api

    assert isinstance(owner, Api)
    body = json.loads(re.search(r"-d '(\{\n.*?\n  \})'", GUIDE, re.S)[1])  # type: ignore[index]
    body["materials"] = {"floor_plan": [owner.upload().json()["id"]]}
    response = owner.post("/cases", body)
    assert response.status_code == 201, response.content.decode()
