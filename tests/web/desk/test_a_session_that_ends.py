"""Words written while the session ends are there again after signing in; nothing is done without a new press."""

from typing import Any

import pytest

pytestmark = pytest.mark.django_db


def test_it_works(at_step: Any, client_for: Any, user_for: Any, untouched: Any) -> None:
    number = at_step("decide")
    task = client_for("hejun").get(f"/desk/cases/{number}/").context["steps"][0]["task"].no
    same = untouched(number)
    path = f"/desk/cases/{number}/decide/"
    browser = client_for("")
    data = {"task": task, "outcome": "denied", "reason": "Half an hour of careful reasons.", "confirmed": "yes"}
    assert browser.post(path, data)["Location"] == f"/account/login/?next={path}"
    browser.force_login(user_for("hejun"))
    page = browser.get(path)
    assert page.status_code == 200
    assert "Half an hour of careful reasons." in page.text
    assert same()
    assert browser.get(path)["Location"] == f"/desk/cases/{number}/"
