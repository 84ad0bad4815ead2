"""Connected systems as tests speak for them: an organisation's, its colleague's, a stranger's, a department's."""

import json
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client as Browser
from django.utils import timezone

PDF = b"%PDF-1.4\n" + b"%" * 64
BISTRO, QINGHE = "91361700MA00001A5K", "91361700MA00002BXL"
EVERYTHING = ("cases:file", "cases:track")
DESK = ("desk:tasks", "desk:decide")


class Api:
    """Calls the API as one client; ``None`` for nobody. A fresh Idempotency-Key goes with a POST that names none."""

    def __init__(self, credentials: tuple[str, str] | None, language: str = "en") -> None:
        self.credentials = credentials
        self.browser = Browser(headers={"accept-language": language})

    @property
    def headers(self) -> dict[str, str]:
        """What says who calls."""
        return {"authorization": f"Bearer {'.'.join(self.credentials)}"} if self.credentials else {}

    def get(self, path: str, **query: Any) -> Any:
        """GET below /api/v1."""
        return self.browser.get(f"/api/v1{path}", query, headers=self.headers)

    def post(self, path: str, body: Any = None, *, key: str | None = None, **headers: str) -> Any:
        """POST JSON below /api/v1."""
        return self.browser.post(
            f"/api/v1{path}",
            json.dumps({} if body is None else body, default=float),  # numbers of YAML are decimals
            content_type="application/json",
            headers={**self.headers, "idempotency-key": key or str(uuid.uuid4()), **headers},
        )

    def upload(
        self,
        material: str = "floor_plan",
        *,
        matter: str = "food-business-licence",
        content: bytes = PDF,
        name: str = "plan.pdf",
        key: str | None = None,
    ) -> Any:
        """POST a file."""
        return self.browser.post(
            "/api/v1/files",
            {"matter": matter, "material": material, "file": SimpleUploadedFile(name, content)},
            headers={**self.headers, "idempotency-key": key or str(uuid.uuid4())},
        )

    def filing(self, **changes: Any) -> dict[str, Any]:
        """The body of a filing that can be filed: an example of the matter that is granted, its files uploaded."""
        from tongban.apps.catalog.queries import get_matter

        matter = changes.pop("matter", "food-business-licence")
        definition = get_matter(code=matter, on=timezone.localdate()).definition
        example = next(each for each in definition.examples if each.expect.get("outcome") == "granted")
        answers = {**example.answers, **changes}
        asked = [spec for spec in definition.materials_for(answers) if spec.is_necessary]
        files = {spec.code: [self.upload(spec.code, matter=matter).json()["id"]] for spec in asked}
        return {"matter": matter, "answers": answers, "materials": files}

    def file(self, **changes: Any) -> str:
        """File a case and return its number."""
        response = self.post("/cases", self.filing(**changes))
        assert response.status_code == 201, response.content.decode()
        return str(response.json()["number"])

    def do(self, number: str, command: str, body: Mapping[str, Any] | None = None, *, node: str = "") -> Any:
        """A command on the open step (at ``node``) of a case."""
        steps = self.get(f"/cases/{number}").json()["steps"]
        step = next(step for step in steps if step["finished"] is None and node in ("", step["node"]))
        return self.post(f"/cases/{number}/tasks/{step['no']}/{command}", body)


@pytest.fixture
def connect(city: Path) -> Callable[..., Api]:
    """Register a client and speak for it: ``connect(organisation=…)`` or ``connect(department=…, scopes=…)``."""
    from tongban.api.v1.clients import register

    def make(
        *, organisation: str | None = None, department: str | None = None, scopes: Any = (), language: str = "en"
    ) -> Api:
        if not scopes:
            scopes = EVERYTHING if organisation else DESK
        credentials = register(
            name="system", organisation=organisation, department=department, scopes=scopes, at=timezone.now()
        )
        return Api(credentials, language)

    return make


@pytest.fixture
def owner(connect: Callable[..., Api]) -> Api:
    """The bistro's system."""
    return connect(organisation=BISTRO)


@pytest.fixture
def colleague(connect: Callable[..., Api]) -> Api:
    """Another system of the bistro."""
    return connect(organisation=BISTRO)


@pytest.fixture
def stranger(connect: Callable[..., Api]) -> Api:
    """A system of another company."""
    return connect(organisation=QINGHE)


@pytest.fixture
def nobody(city: Path) -> Api:
    """No client at all."""
    return Api(None)


@pytest.fixture
def window(connect: Callable[..., Api]) -> Api:
    """The front desk's system: it accepts, and files for others."""
    return connect(department="window", scopes=("desk:tasks", "cases:file", "cases:track"))


@pytest.fixture
def market(connect: Callable[..., Api]) -> Api:
    """Market regulation's system: all of that department's work."""
    return connect(department="market-regulation")


@pytest.fixture
def grant(window: Api, market: Api) -> Callable[[str], None]:
    """Take a food business licence from filing to its certificate, through the API."""

    def do_it(number: str) -> None:
        said = [window.do(number, "accept")]
        for node in ("handle", "inspect", "review"):
            said.append(market.do(number, "complete", {"outcome": "pass", "opinion": "In order."}, node=node))
        said.append(market.do(number, "decide", {"outcome": "granted"}, node="decide"))
        assert [each.status_code for each in said] == [200] * 5, [each.content for each in said]

    return do_it


@pytest.fixture
def code_of() -> Callable[[HttpResponse], tuple[int, str]]:
    """Status and code of a problem, after a look at its form."""

    def read(response: Any) -> tuple[int, str]:
        assert response["Content-Type"] == "application/problem+json", response.content
        body = response.json()
        assert body["status"] == response.status_code
        assert body["type"] == f"urn:tongban:problem:{body['code']}"
        assert body["title"]
        assert body["detail"]
        return response.status_code, body["code"]

    return read
