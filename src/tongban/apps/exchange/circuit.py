"""A register that keeps failing is left alone for a while, so that nobody waits for it in vain."""

from django.core.cache import cache

__all__ = ["is_open", "note_answer", "note_failure"]

FAILURES = 5
SECONDS = 30


def is_open(*, register: str) -> bool:
    """Whether the register is not to be asked now."""
    return bool(cache.get(_open(register)))


def note_failure(*, register: str) -> None:
    """Count a failure; the fifth in a row opens the circuit for half a minute."""
    cache.add(_failures(register), 0, 600)
    try:
        failures = cache.incr(_failures(register))
    except ValueError:  # it ran out between the two
        return
    if failures >= FAILURES:
        cache.set(_open(register), True, SECONDS)


def note_answer(*, register: str) -> None:
    """Forget the failures: the register answers."""
    cache.delete_many([_failures(register), _open(register)])


def _failures(register: str) -> str:
    return f"exchange-failures:{register}"


def _open(register: str) -> str:
    return f"exchange-open:{register}"
