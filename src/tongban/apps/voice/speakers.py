"""Who speaks, so that people are counted and not messages: a keyed hash that says nothing of them."""

from tongban.apps.people.actors import Actor
from tongban.apps.people.sealing import lookup_hash

__all__ = ["key_of", "speaker_hash"]


def speaker_hash(key: str) -> str:
    """The keyed hash of whoever speaks, by a key that is the same each time: ``person:7``, ``wechat:…``."""
    return lookup_hash(kind="speaker", text=key)


def key_of(actor: Actor, *, default: str = "") -> str:
    """The key of somebody who has signed in: the person, or the sign-in of one who is nobody on file yet.

    ``default`` for whoever has not.
    """
    if actor.person_id is not None:
        return f"person:{actor.person_id}"
    return f"user:{actor.user_id}" if actor.user_id is not None else default
