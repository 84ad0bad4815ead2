"""Who our neighbours are, by ``neighbours.yaml``: cities and systems, where they are, which keys are theirs.

Nobody becomes a neighbour by writing to us. What stands in the file is read once.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import receiver

from tongban.apps.neighbours.errors import NeighboursOff, NeighboursUnusable, OwnKeyExpired, UnknownNeighbour
from tongban.apps.neighbours.signatures import Key, Signing
from tongban.kernel.chain import ChainError, SigningKey, key_id

__all__ = ["SERVICES", "Neighbour", "OwnKey", "get_neighbour", "get_neighbours", "own_keys", "signing"]

SERVICES = ("crossings", "registers")
"""What a neighbour can be let do: hand cases over and take them, ask our registers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A city or a system that we talk to. ``may``: what it may ask of us, of ``SERVICES``."""

    code: str
    name: Mapping[str, str]
    url: str
    kind: str
    keys: tuple[Key, ...]
    may: frozenset[str]


@dataclass(frozen=True, slots=True)
class OwnKey:
    """A key of ours, and the last day (UTC) on which it signs."""

    signing: SigningKey
    until: date


@cache
def get_neighbours() -> Mapping[str, Neighbour]:
    """Return all neighbours by code; none where there is no file. Raises ``NeighboursUnusable``."""
    path = Path(settings.NEIGHBOURS)
    if not path.exists():
        return {}
    try:
        rows = (yaml.safe_load(path.read_text("utf-8")) or {}).get("neighbours", [])
        found = [_neighbour(row) for row in rows]
    except (yaml.YAMLError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise NeighboursUnusable(where=path.name, why=f"{type(error).__name__}: {error}") from error
    codes = [each.code for each in found]
    if len(set(codes)) != len(codes):
        raise NeighboursUnusable(where=path.name, why="two neighbours have one code")
    return {each.code: each for each in found}


def get_neighbour(code: str) -> Neighbour:
    """Return a neighbour. Raises ``UnknownNeighbour``."""
    try:
        return get_neighbours()[code]
    except KeyError:
        raise UnknownNeighbour(neighbour=code) from None


@cache
def own_keys() -> tuple[OwnKey, ...]:
    """Return the keys in the settings, in their order. Raises ``NeighboursUnusable`` for what is none."""
    found = []
    for number, text in enumerate(settings.NEIGHBOUR_KEYS, start=1):
        seed, at, day = text.partition("@")
        try:
            found.append(OwnKey(SigningKey.from_text(seed), date.fromisoformat(day)))
        except (ChainError, ValueError) as error:
            why = f"key {number} is not base64 of 32 bytes, `@` and its last day" if at else f"key {number} has no day"
            raise NeighboursUnusable(where="TONGBAN_NEIGHBOUR_KEYS", why=why) from error
    return tuple(found)


def signing(*, us: str, on: date) -> Signing:
    """Return what we sign with on a day: the first key still good. Raises ``NeighboursOff``, ``OwnKeyExpired``."""
    keys = own_keys()
    if not keys:
        raise NeighboursOff
    for text, key in zip(settings.NEIGHBOUR_KEYS, keys, strict=True):
        if key.until >= on:
            return Signing(name=f"{us}/{key.signing.id}", seed=base64.b64decode(text.partition("@")[0]))
    raise OwnKeyExpired


@receiver(setting_changed)
def _read_again(*, setting: str, **_given: object) -> None:
    if setting in ("NEIGHBOURS", "NEIGHBOUR_KEYS"):
        get_neighbours.cache_clear()
        own_keys.cache_clear()


def _neighbour(row: Mapping[str, Any]) -> Neighbour:
    code, url = str(row["code"]), str(row["url"]).rstrip("/")
    if urlsplit(url).scheme not in ("https", "http"):
        raise ValueError(f"the address of {code} is none")
    may = frozenset(row.get("may", ()))
    if not may <= set(SERVICES):
        raise ValueError(f"{code} may {', '.join(sorted(may - set(SERVICES)))}: there is no such thing")
    return Neighbour(
        code=code,
        name=dict(row["name"]),
        url=url,
        kind=row.get("kind", "city"),
        keys=tuple(_key(code, each) for each in row.get("keys", ())),
        may=may,
    )


def _key(owner: str, row: Mapping[str, Any]) -> Key:
    text = str(row["public"]).translate(str.maketrans("-_", "+/"))  # a key set is written in the other alphabet
    try:
        public = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except binascii.Error as error:
        raise ValueError(f"a key of {owner} is not base64") from error
    if len(public) != 32:
        raise ValueError(f"a key of {owner} is not 32 bytes")
    return Key(owner=owner, id=key_id(public), public=public, until=date.fromisoformat(str(row["until"])))
