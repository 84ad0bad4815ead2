"""Sorting many messages at once, on as many processors as there are."""

import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

from tongban.apps.voice.text.model import Model
from tongban.apps.voice.text.tables import passage

__all__ = ["sort_messages"]

_AT_ONCE = 512
_WORTH_IT = 4 * _AT_ONCE  # below so many messages another process costs more than it saves

_held: list[Model] = []


def sort_messages(model: Model, messages: Sequence[tuple[str, str]], *, processes: int | None = None) -> list[str]:
    """The likeliest label of each (subject, text) as written. ``processes``: as many as there are processors."""
    parts = [messages[at : at + _AT_ONCE] for at in range(0, len(messages), _AT_ONCE)]
    workers = processes or len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else processes or 1
    if workers == 1 or len(messages) < _WORTH_IT:
        return list(_joined(map(partial(_sorted, model), parts)))
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_hold, initargs=(model,)) as pool:
        return list(_joined(pool.map(_sorted_here, parts)))


def _joined(parts: Iterable[list[str]]) -> Iterable[str]:
    return (label for part in parts for label in part)


def _sorted(model: Model, messages: Sequence[tuple[str, str]]) -> list[str]:
    scores = model.scores([passage(subject=subject, text=text) for subject, text in messages])
    return [model.labels[at] for at in scores.argmax(axis=1)]


def _hold(model: Model) -> None:
    _held[:] = [model]


def _sorted_here(messages: Sequence[tuple[str, str]]) -> list[str]:
    return _sorted(_held[0], messages)
