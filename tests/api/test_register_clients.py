"""An operator registers and ends connected systems; a secret is shown once and kept nowhere."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from tests.api.conftest import BISTRO, Api

from tongban.api.v1.models import Client


def _run(*words: str) -> str:
    out = StringIO()
    call_command("api_client", *words, stdout=out)
    return out.getvalue()


def _create(*scopes: str, owner: tuple[str, str] = ("--organisation", BISTRO)) -> tuple[str, str]:
    lines = _run("create", "--name", "ERP", *owner, "--scopes", *scopes).splitlines()
    return lines[0].split()[1], lines[1].split()[1]


def test_it_works(city: Path) -> None:
    client, secret = _create("cases:file", "cases:track")
    assert Api((client, secret)).get("/cases").status_code == 200
    row = Client.objects.get(pk=client)
    assert secret not in str(row.__dict__)
    assert len(row.secret_hash) == 64
    assert len(secret) >= 43, "32 random bytes"
    assert client in _run("list")
    assert secret not in _run("list")


def test_revoked_at_once(city: Path) -> None:
    client, secret = _create("cases:track")
    _run("revoke", client)
    assert Api((client, secret)).get("/cases").status_code == 401
    with pytest.raises(CommandError):
        _run("revoke", client)


@pytest.mark.parametrize(
    ("owner", "scopes", "says"),
    [
        (("--organisation", "91361700MA0000000X"), ["cases:file"], "no organisation"),
        (("--department", "moon"), ["desk:tasks"], "no department"),
        (("--organisation", BISTRO), ["desk:tasks"], "for departments"),
        (("--department", "health"), ["cases:file"], "front desk"),
        (("--organisation", BISTRO), ["cases:burn"], "invalid choice"),
    ],
)
def test_what_cannot_be_registered(city: Path, owner: tuple[str, str], scopes: list[str], says: str) -> None:
    with pytest.raises(CommandError, match=says):
        _create(*scopes, owner=owner)
    assert not Client.objects.exists()


def test_a_client_is_of_one(city: Path) -> None:
    from django.db import IntegrityError, transaction
    from django.utils import timezone

    for given in ({}, {"organisation_id": BISTRO, "department_id": "health"}):
        values: dict[str, Any] = {"id": "x", "name": "x", "secret_hash": "x", "created_at": timezone.now(), **given}
        with pytest.raises(IntegrityError), transaction.atomic():
            Client.objects.create(**values)


def test_a_forgotten_scope_is_a_refusal(connect: Callable[..., Api], code_of: Callable[[Any], tuple[int, str]]) -> None:
    reader = connect(organisation=BISTRO, scopes=["cases:track"])
    assert reader.get("/cases").status_code == 200
    response = reader.post("/cases", {"matter": "food-business-licence"})
    assert code_of(response) == (403, "api.scope")
    assert "cases:file" in response.json()["detail"]
