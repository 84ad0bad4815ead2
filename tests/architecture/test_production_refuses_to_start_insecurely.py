"""Production does not start until what makes it safe is set."""

import base64
import os
import subprocess
import sys

import pytest

KEY = base64.b64encode(os.urandom(32)).decode()
SAFE = {
    "TONGBAN_ENVIRONMENT": "production",
    "TONGBAN_SECRET_KEY": "x7" * 30,
    "TONGBAN_DATA_KEYS": KEY,
    "TONGBAN_LOOKUP_KEY": KEY,
    "TONGBAN_ALLOWED_HOSTS": "city.example",
    "TONGBAN_CACHE_URL": "dbcache://cache",
}


def _start(tmp_path: object, **changes: str | None) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("TONGBAN_")}
    environment |= {"TONGBAN_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "tongban.config.settings"}
    environment |= {key: value for key, value in {**SAFE, **changes}.items() if value is not None}
    code = "import django; django.setup(); print('started')"
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)


def test_it_works(tmp_path: object) -> None:
    assert _start(tmp_path).stdout == "started\n"


def test_development_needs_no_secret(tmp_path: object) -> None:
    nothing: dict[str, str | None] = dict.fromkeys(SAFE)
    assert _start(tmp_path, **nothing).stdout == "started\n"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TONGBAN_SECRET_KEY", None),
        ("TONGBAN_SECRET_KEY", "short"),
        ("TONGBAN_DATA_KEYS", None),
        ("TONGBAN_DATA_KEYS", base64.b64encode(b"development-only-data-key-000000").decode()),
        ("TONGBAN_LOOKUP_KEY", "not base64"),
        ("TONGBAN_CHECKPOINT_KEYS", base64.b64encode(b"development-only-checkpoint-key0").decode()),
        ("TONGBAN_CHECKPOINT_KEYS", "not base64"),
        ("TONGBAN_CHECKPOINT_KEYS", "c2hvcnQ="),
        ("TONGBAN_ALLOWED_HOSTS", None),
        ("TONGBAN_ALLOWED_HOSTS", "*"),
        ("TONGBAN_DEBUG", "true"),
        ("TONGBAN_CACHE_URL", None),
        ("TONGBAN_WEIBO_SECRET", "guess"),
        ("TONGBAN_INBOUND_MAIL", "imap://user:secret@mail.city.example/INBOX"),
    ],
)
def test_it_refuses_and_names_the_setting(tmp_path: object, name: str, value: str | None) -> None:
    result = _start(tmp_path, **{name: value})
    assert result.returncode != 0
    assert name in result.stderr
    assert "Refusing to start" in result.stderr


@pytest.mark.parametrize(
    ("token", "key", "named"),
    [
        ("Ab3dEf7hIj1kLm5n", "", "TONGBAN_WECHAT_AES_KEY"),
        ("Ab3dEf7hIj1kLm5n", "short", "TONGBAN_WECHAT_AES_KEY"),
        ("guess", "k" * 43, "TONGBAN_WECHAT_TOKEN"),
    ],
)
def test_messages_are_taken_sealed_only(tmp_path: object, token: str, key: str, named: str) -> None:
    result = _start(tmp_path, TONGBAN_WECHAT_TOKEN=token, TONGBAN_WECHAT_AES_KEY=key)
    assert result.returncode != 0
    assert named in result.stderr
