"""The first administrator is typed in by whoever installs the city; there is no password that somebody could know."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tongban.apps.people.models import User
from tongban.apps.people.queries import get_actor
from tongban.config.management.commands import create_administrator

pytestmark = pytest.mark.usefixtures("city")
GOOD = "a-long-and-odd-password"


@pytest.fixture
def types(monkeypatch: pytest.MonkeyPatch) -> Any:
    """What somebody types: answers in order, then passwords in order."""

    def typed(*answers: str, passwords: tuple[str, str] = (GOOD, GOOD)) -> None:
        lines, secrets = iter(answers), iter(passwords)
        monkeypatch.setattr("builtins.input", lambda words: next(lines))
        monkeypatch.setattr(create_administrator, "getpass", lambda words: next(secrets))

    return typed


def test_it_works(types: Any, settings: Any) -> None:
    types("boss", "管理", "Boss", "supervision")
    out = StringIO()
    call_command("create_administrator", stdout=out)
    user = User.objects.get(username="boss")
    assert user.check_password(GOOD)
    assert not user.is_superuser
    actor = get_actor(user=user, on=user.date_joined.date())
    assert actor.has_role("administrator", department="supervision")
    assert "second factor" in out.getvalue()
    assert GOOD not in out.getvalue()
    settings.SECOND_FACTOR_FOR_OFFICIALS = True
    client = Client()
    assert client.login(username="boss", password=GOOD)
    assert client.get("/supervise/")["Location"] == "/account/2fa/"


def test_what_options_say_is_not_asked(types: Any) -> None:
    types()
    given = {"username": "boss", "name": "管理", "name_en": "Boss", "department": "supervision"}
    call_command("create_administrator", stdout=StringIO(), **given)
    assert User.objects.filter(username="boss").exists()


@pytest.mark.parametrize(
    ("answers", "passwords", "words"),
    [
        (("boss", "管理", "Boss", "supervision"), (GOOD, "another-one-entirely"), "differ"),
        (("boss", "管理", "Boss", "supervision"), ("short", "short"), "Nothing was created"),
        (("boss", "管理", "Boss", "no-such-office"), (GOOD, GOOD), "no department"),
        (("ChenLi", "管理", "Boss", "supervision"), (GOOD, GOOD), "taken"),
        (("a boss", "管理", "Boss", "supervision"), (GOOD, GOOD), "valid username"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_created(
    types: Any, answers: tuple[str, ...], passwords: tuple[str, str], words: str
) -> None:
    types(*answers, passwords=passwords)
    before = User.objects.count()
    with pytest.raises(CommandError, match=words):
        call_command("create_administrator", stdout=StringIO())
    assert User.objects.count() == before
