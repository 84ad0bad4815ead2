"""The reason that an event gives, in the reader's language where a rule has given it in both.

A person writes a reason in one language, and nobody translates it. A rule gives it in Chinese as ``reason`` and in
English as ``reason_en``; both stand in the log, in the rule's own result.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from tongban.apps.catalog.definitions import Text
from tongban.kernel import flow

__all__ = ["reason_of", "why"]


def reason_of(data: Mapping[str, Any]) -> Text:
    """Return the reason in what an event holds; the same words twice where a person has written them."""
    reason = str(data.get("reason") or "")
    for rule in data.get("rules", ()):
        result = rule.get("result")
        if isinstance(result, Mapping) and result.get("reason") == reason and result.get("reason_en"):
            return Text(zh=reason, en=str(result["reason_en"]))
    return Text(zh=reason, en=reason)


def why(*, reason: str, history: Iterable[flow.Event]) -> Text:
    """Return a case's ``reason`` as the event that gave it has it."""
    if not reason:
        return Text(zh="", en="")
    given = (reason_of(event.data) for event in history if event.data.get("reason") == reason)
    return next(given, Text(zh=reason, en=reason))
