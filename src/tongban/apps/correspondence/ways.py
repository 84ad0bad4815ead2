"""The ways by which people write: each is a package with ``is_on``, ``send`` and ``fetch``; a new one is added here."""

from importlib import import_module
from typing import Any

from tongban.apps.correspondence.contents import Content

__all__ = ["fetch", "is_on", "send", "tell_of_held"]


def is_on(channel: str) -> bool:
    """Whether the city has set a way up."""
    return bool(_module(channel).is_on())


def send(*, channel: str, address: str, text: str, key: str, case: int | None, language: str, content: Content) -> str:
    """Send words to somebody; return the provider's id, or "". Raises ``Later``, ``Never``, ``Held``."""
    return str(
        _module(channel).send(address=address, text=text, key=key, case=case, language=language, content=content)
    )


def fetch(*, channel: str, media: str) -> tuple[str, bytes]:
    """Fetch a picture that a message named; return its name and bytes. Raises ``Later``, ``Never``."""
    name, found = _module(channel).fetch(media=media)
    return str(name), bytes(found)


def tell_of_held(*, channel: str, address: str, key: str, language: str) -> None:
    """Tell somebody, where the way has means for it, that there is something to read once they write again."""
    _module(channel).tell_of_held(address=address, key=key, language=language)


def _module(channel: str) -> Any:
    return import_module(f"tongban.apps.correspondence.{channel}.way")
