"""Which groups of notices somebody wants: as they settled it, and what has come up since then as is usual.

Pure. ``chosen`` is what ``Preference`` keeps: by channel, and under ``desk`` for the inbox of officials. ``known`` are
the groups that there were when they settled it last.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from tongban.apps.channels.transports import USUAL
from tongban.apps.channels.words import DESK_GROUPS, GROUPS

__all__ = ["KNOWN", "by_channel", "known_now", "on_desk"]

KNOWN = "known"
_FIRST = (*GROUPS, "work", "limits")
_SECOND = ("daily", "weekly")
"""The groups that there were before it was kept which were known, one after the other."""


def by_channel(chosen: Mapping[str, Any], channel: str) -> Sequence[str]:
    """What goes out by a channel."""
    if channel not in chosen:
        return USUAL[channel]
    return [*chosen[channel], *(each for each in USUAL[channel] if each in _since(chosen))]


def on_desk(chosen: Mapping[str, Any]) -> Sequence[str]:
    """What an official is told in the inbox of their desk."""
    if "desk" not in chosen:
        return DESK_GROUPS
    wanted = {*chosen["desk"], *_since(chosen)}
    return [each for each in DESK_GROUPS if each in wanted]


def known_now(chosen: Mapping[str, Any], groups: Sequence[str]) -> list[str]:
    """What is to be kept as known when these groups are settled."""
    return sorted({*_known(chosen), *groups})


def _known(chosen: Mapping[str, Any]) -> set[str]:
    """Where it was not kept: who has settled anything of the second ones knew both."""
    if KNOWN in chosen:
        return set(chosen[KNOWN])
    settled = {group for groups in chosen.values() for group in groups}
    return {*_FIRST, *_SECOND} if settled & set(_SECOND) else set(_FIRST)


def _since(chosen: Mapping[str, Any]) -> set[str]:
    return {*GROUPS, *DESK_GROUPS} - _known(chosen)
