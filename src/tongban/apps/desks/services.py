"""Commands around an officer's desk. Each is one transaction."""

from datetime import datetime

from tongban.apps.desks import phrases
from tongban.apps.people.actors import Actor

__all__ = ["add_phrase", "change_phrase", "remove_phrase", "restore_phrase", "sweep_phrases"]


def add_phrase(
    *, department: str = "", matter: str = "", act: str = "", title: str, words: str, actor: Actor, at: datetime
) -> int:
    """Keep a ready-made text, the actor's own or a ``department``'s, and return its number.

    ``matter`` and ``act`` narrow where it is offered. Raises ``NotAllowed`` for a department whose texts are not the
    actor's to keep, ``TooManyPhrases``.
    """
    return phrases.add(department=department, matter=matter, act=act, title=title, words=words, actor=actor, at=at)


def change_phrase(
    *, phrase: int, version: int, matter: str, act: str, title: str, words: str, actor: Actor, at: datetime
) -> None:
    """Change a text that was read as ``version``. Raises ``PhraseChanged``, ``UnknownPhrase``, ``NotAllowed``."""
    phrases.change(phrase=phrase, version=version, matter=matter, act=act, title=title, words=words, actor=actor, at=at)


def remove_phrase(*, phrase: int, actor: Actor, at: datetime) -> None:
    """Take a text out; it can be put back for thirty days. Raises ``UnknownPhrase``, ``NotAllowed``."""
    phrases.remove(phrase=phrase, actor=actor, at=at)


def restore_phrase(*, phrase: int, actor: Actor) -> None:
    """Put a text back. Raises ``UnknownPhrase``, ``NotAllowed``, ``TooManyPhrases``."""
    phrases.restore(phrase=phrase, actor=actor)


def sweep_phrases(*, at: datetime) -> int:
    """Delete what was taken out thirty days ago; return how many."""
    return phrases.sweep(at=at)
