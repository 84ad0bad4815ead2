"""What must hold before a production process may start."""

import base64
import binascii
import re
from collections.abc import Sequence

from django.core.exceptions import ImproperlyConfigured

__all__ = [
    "DEVELOPMENT_CHECKPOINT_KEY",
    "DEVELOPMENT_CREDENTIAL_KEY",
    "DEVELOPMENT_DATA_KEY",
    "DEVELOPMENT_SECRET_KEY",
    "acr_levels",
    "one_of",
    "refuse_unsafe",
]

# Known to everybody, so good for nothing but a demonstration: production refuses them.
DEVELOPMENT_SECRET_KEY = "development-only-" + "0" * 48
DEVELOPMENT_DATA_KEY = base64.b64encode(b"development-only-data-key-000000").decode()
DEVELOPMENT_CHECKPOINT_KEY = base64.b64encode(b"development-only-checkpoint-key0").decode()
DEVELOPMENT_CREDENTIAL_KEY = base64.b64encode(b"development-only-credential-key0").decode()


def refuse_unsafe(
    *,
    secret_key: str,
    data_keys: Sequence[str],
    lookup_key: str,
    checkpoint_keys: Sequence[str],
    credential_keys: Sequence[str] = (),
    allowed_hosts: Sequence[str],
    debug: bool,
    cache: str,
    provider: str = "",
    wechat: tuple[str, str] = ("", ""),
    mailbox: str = "",
    weibo: str = "",
) -> None:
    """Raise ``ImproperlyConfigured`` with every reason at once why this process must not serve the public."""
    problems = []
    if len(secret_key) < 50 or secret_key == DEVELOPMENT_SECRET_KEY:
        problems.append("TONGBAN_SECRET_KEY must be a random text of 50 characters or more")
    for name, keys in (("TONGBAN_DATA_KEYS", data_keys), ("TONGBAN_LOOKUP_KEY", [lookup_key])):
        if not keys or not all(_is_key(key) for key in keys):
            problems.append(f"{name} must be base64 of 32 random bytes, not the development key")
    # None at all is well where no checkpoints are signed: whoever serves pages must not be able to sign.
    if not all(_is_key(key) for key in checkpoint_keys):
        problems.append("TONGBAN_CHECKPOINT_KEYS must be base64 of 32 random bytes each, not the development key")
    if not all(_is_key(key) for key in credential_keys):
        problems.append("TONGBAN_CREDENTIAL_KEYS must be base64 of 32 random bytes each, not the development key")
    if not allowed_hosts or "*" in allowed_hosts:
        problems.append("TONGBAN_ALLOWED_HOSTS must name the hosts that are served")
    if debug:
        problems.append("TONGBAN_DEBUG must be off")
    if "locmem" in cache or "dummy" in cache:
        problems.append("TONGBAN_CACHE_URL must name a cache that all processes share, or rate limits do not hold")
    if provider and not provider.startswith("https://"):
        problems.append("TONGBAN_OIDC_URL must begin with https://: what it says of people is believed for its address")
    token, key = wechat
    if token and not re.fullmatch("[A-Za-z0-9]{43}", key):
        problems.append("TONGBAN_WECHAT_AES_KEY must be 43 letters and digits: what is not sealed is not signed")
    if token and not re.fullmatch("[A-Za-z0-9]{16,32}", token):
        problems.append("TONGBAN_WECHAT_TOKEN must be 16 to 32 random letters and digits")
    if weibo and len(weibo) < 16:
        problems.append("TONGBAN_WEIBO_SECRET must be the application's own secret: it is all that signs messages")
    if mailbox and not mailbox.startswith("imaps://"):
        problems.append("TONGBAN_INBOUND_MAIL must begin with imaps://: what people write is read by nobody on the way")
    if problems:
        raise ImproperlyConfigured("Refusing to start in production:\n- " + "\n- ".join(problems))


def one_of(name: str, value: str, allowed: Sequence[str]) -> str:
    """Return ``value``. Raises ``ImproperlyConfigured`` with the cure when it is none of ``allowed``."""
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} is {value!r}: set it to {' or '.join(allowed)}")
    return value


def acr_levels(pairs: Sequence[str]) -> dict[str, str]:
    """Read ``acr=level`` pairs. Raises ``ImproperlyConfigured`` with the cure for one that is none."""
    found = {}
    for pair in pairs:
        acr, _, level = pair.rpartition("=")
        found[acr] = one_of("TONGBAN_OIDC_ACR: the level of " + acr, level, ("low", "substantial", "high"))
    return found


def _is_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == 32 and text not in (
            DEVELOPMENT_DATA_KEY,
            DEVELOPMENT_CHECKPOINT_KEY,
            DEVELOPMENT_CREDENTIAL_KEY,
        )
    except (binascii.Error, ValueError):
        return False
