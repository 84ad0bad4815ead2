"""The ways by which something goes out. Each is a module with ``is_on`` and ``send``; a new one is added here.

``send`` is handed what is to be said and an idempotency key, and says how it went: it returns the provider's own id, or
raises ``Later`` (try again) or ``Never`` (it would not go differently). Nobody's number, address or words in errors.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from typing import Any

__all__ = ["CHANNELS", "DISTURBING", "USUAL", "Later", "Never", "Outgoing", "is_on", "send"]

CHANNELS = ("email", "sms", "wechat", "push")
"""To people, in the order in which they are shown. ``webhook`` goes to systems."""
DISTURBING = frozenset({"sms", "wechat", "push"})
"""What makes a noise, so that quiet hours hold for it."""
USUAL: Mapping[str, tuple[str, ...]] = {
    "email": ("wanted", "progress", "result", "reminder", "daily", "weekly"),
    "sms": ("wanted", "result"),
    "wechat": ("wanted", "progress", "result", "reminder"),
    "push": ("wanted", "progress", "result", "reminder"),
}
"""What goes out by each as long as somebody has not said otherwise."""


class Later(Exception):
    """It did not go out now; ``after``: the receiver asks to wait so long. The text is a short code for operators."""

    def __init__(self, code: str, after: timedelta | None = None) -> None:
        super().__init__(code)
        self.after = after


class Never(Exception):
    """It cannot go out like this; ``gone``: the address is not there any more. The text is a short code."""

    def __init__(self, code: str, *, gone: bool = False) -> None:
        super().__init__(code)
        self.gone = gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One thing to be sent. ``target`` is what the channel needs to reach somebody, opened; ``link``: to read on.

    ``html``: the same once more, where a channel can show it.
    """

    key: str
    target: Mapping[str, str]
    title: str = ""
    text: str = ""
    html: str = ""
    link: str = ""
    language: str = ""
    data: Mapping[str, Any] | None = None


def is_on(channel: str) -> bool:
    """Whether the city has set a channel up."""
    return bool(_module(channel).is_on())


def send(*, channel: str, outgoing: Outgoing) -> str:
    """Send by a channel; return the provider's id, or "". Raises ``Later``, ``Never``."""
    return str(_module(channel).send(outgoing))


def _module(channel: str) -> Any:
    return import_module(f"{__name__}.{channel}")
