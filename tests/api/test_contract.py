"""The document says what the API does: schemathesis makes calls from it and holds the answers against it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as rules
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.api.conftest import Api

from tongban.apps.evidence.models import Certificate
from tongban.config.urls import api

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
OPERATIONS = [(method, path) for path, operations in api.get_openapi_schema()["paths"].items() for method in operations]
EXAMPLES = 8


@contextmanager
def connection_kept() -> Iterator[None]:
    """Between requests a server gives connections up; a test's own must outlive them (Django's test client does so)."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


@cache
def the_document() -> Any:
    """Loaded once: with each loading, schemathesis reads through all of our modules for values to try."""
    from tongban.config.wsgi import application

    with connection_kept():
        return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@pytest.mark.parametrize(("method", "path"), OPERATIONS, ids=[f"{method} {path}" for method, path in OPERATIONS])
@pytest.mark.parametrize("kind", ["well-formed, on what is there", "well-formed", "malformed"])
def test_answers_are_as_the_document_says(
    method: str, path: str, kind: str, owner: Api, window: Api, grant: Callable[[str], None], settings: Any
) -> None:
    settings.RATE_API = "1000000/m"
    there: dict[str, Any] = {"code": "food-business-licence", "number": owner.file(), "no": 1}
    if "certificate" in path:
        grant(str(there["number"]))
    if "{identifier}" in path:
        there["identifier"] = Certificate.objects.get(case=there["number"]).identifier
    caller = window if "/tasks" in path or path.endswith(("/messages", "/missing")) else owner
    mode = GenerationMode.NEGATIVE if kind == "malformed" else GenerationMode.POSITIVE
    places = {name: value for name, value in there.items() if f"{{{name}}}" in path} if "there" in kind else None
    answers: list[int] = []
    calls = the_document()[path][method].as_strategy(generation_mode=mode, path_parameters=places or None)

    @given(case=calls)
    @rules(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def check(case: Any) -> None:
        headers = {**caller.headers, "Accept-Encoding": "identity"}
        answers.append(case.call_and_validate(headers=headers, checks=CHECKS).status_code)

    with connection_kept():
        check()
    assert answers, "no call was made"
    if kind == "malformed":
        assert max(answers) >= 400
    if method == "get" and "there" in kind:
        assert 200 in answers


def test_the_document(city: Path, nobody: Api) -> None:
    served = nobody.get("/openapi.json").json()
    assert served["openapi"].startswith("3.1")
    assert set(served["components"]["securitySchemes"]) == {"Basic", "Bearer"}
    for path, operations in served["paths"].items():
        for method, operation in operations.items():
            assert operation["summary"], path
            problems = {status for status in operation["responses"] if int(status) >= 400}
            assert {"422", "429"} <= problems
            assert ("401" in problems) == bool(operation.get("security")), path
            if method == "post":
                assert {"400", "409", "413", "415"} <= problems
                # What anybody may post changes nothing: there is no second effect to be kept from.
                key = ["Idempotency-Key"] if operation.get("security") else []
                assert [p["name"] for p in operation["parameters"] if p["in"] == "header"] == key


def test_the_calls_that_are_made_do_reach_the_domain(owner: Api, window: Api) -> None:
    """What the contract is held against is not only refusals: the same callers succeed."""
    number = owner.file()
    assert owner.get(f"/cases/{number}").status_code == 200
    assert window.post(f"/cases/{number}/tasks/1/accept").status_code == 200


def test_the_document_is_made_once() -> None:
    assert api.get_openapi_schema() is api.get_openapi_schema()
