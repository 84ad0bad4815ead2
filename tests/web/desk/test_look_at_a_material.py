"""Files of a case, to look at and to keep."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_it_works(client_for: Callable[..., Client], at_step: Any) -> None:
    path = f"/desk/cases/{at_step('handle')}/materials/1"
    response = client_for("chenli").get(path)
    assert response.content.startswith(b"\x89PNG")
    assert response["Content-Type"] == "image/png"
    assert response["Content-Disposition"].startswith("inline")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert client_for("chenli").get(path + "?save")["Content-Disposition"].startswith("attachment")


def test_one_that_is_not_there(client_for: Callable[..., Client], at_step: Any) -> None:
    assert client_for("chenli").get(f"/desk/cases/{at_step('handle')}/materials/9").status_code == 404


def test_owner_stranger_and_nobody(client_for: Callable[..., Client], at_step: Any) -> None:
    path = f"/desk/cases/{at_step('handle')}/materials/1"
    assert client_for("luhao").get(path).status_code == 404
    assert client_for("linxiaomei").get(path).status_code == 403
    assert client_for("").get(path).status_code == 302
