"""What must hold before a production process may start."""

import base64
import binascii
from collections.abc import Sequence

from django.core.exceptions import ImproperlyConfigured

__all__ = ["DEVELOPMENT_DATA_KEY", "DEVELOPMENT_SECRET_KEY", "refuse_unsafe"]

# Known to everybody, so good for nothing but a demonstration: production refuses both.
DEVELOPMENT_SECRET_KEY = "development-only-" + "0" * 48
DEVELOPMENT_DATA_KEY = base64.b64encode(b"development-only-data-key-000000").decode()


def refuse_unsafe(
    *, secret_key: str, data_keys: Sequence[str], lookup_key: str, allowed_hosts: Sequence[str], debug: bool, cache: str
) -> None:
    """Raise ``ImproperlyConfigured`` with every reason at once why this process must not serve the public."""
    problems = []
    if len(secret_key) < 50 or secret_key == DEVELOPMENT_SECRET_KEY:
        problems.append("TONGBAN_SECRET_KEY must be a random text of 50 characters or more")
    for name, keys in (("TONGBAN_DATA_KEYS", data_keys), ("TONGBAN_LOOKUP_KEY", [lookup_key])):
        if not keys or not all(_is_key(key) for key in keys):
            problems.append(f"{name} must be base64 of 32 random bytes, not the development key")
    if not allowed_hosts or "*" in allowed_hosts:
        problems.append("TONGBAN_ALLOWED_HOSTS must name the hosts that are served")
    if debug:
        problems.append("TONGBAN_DEBUG must be off")
    if "locmem" in cache or "dummy" in cache:
        problems.append("TONGBAN_CACHE_URL must name a cache that all processes share, or rate limits do not hold")
    if problems:
        raise ImproperlyConfigured("Refusing to start in production:\n- " + "\n- ".join(problems))


def _is_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == 32 and text != DEVELOPMENT_DATA_KEY
    except (binascii.Error, ValueError):
        return False
