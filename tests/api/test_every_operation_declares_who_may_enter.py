"""An operation has credentials, or is listed here as public on purpose."""

from collections.abc import Iterator
from typing import Any

from tongban.config.urls import api

PUBLIC = {
    "GET /matters",
    "GET /matters/{code}",
    "GET /certificates/{identifier}",
    "POST /verify/file",
    # What is not there is not there for anybody.
    *(f"{method} /{{path:rest}}" for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")),
}


def _operations() -> Iterator[tuple[str, Any]]:
    for router in api._get_bound_routers():
        for path, view in router.path_operations.items():
            for operation in view.operations:
                for method in operation.methods:
                    yield f"{method} {path}", operation


def test_every_operation_declares_who_may_enter() -> None:
    found = dict(_operations())
    assert len(found) > 20
    assert {name for name, operation in found.items() if not operation.auth_callbacks} == PUBLIC


def test_every_operation_is_limited_in_rate() -> None:
    assert [name for name, operation in _operations() if not operation.throttle_objects] == []


def test_every_post_is_done_once() -> None:
    posts = {name: each for name, each in _operations() if name.startswith("POST ") and name not in PUBLIC}
    assert len(posts) > 10
    for name, operation in posts.items():
        names = [each["name"] for each in (operation.openapi_extra or {}).get("parameters", [])]
        assert names == ["Idempotency-Key"], name
        assert operation.view_func.__wrapped__, name
