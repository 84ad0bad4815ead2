"""After a new data key: numbers sealed under older keys are sealed anew, a batch at a time, while the city goes on."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import models, transaction

from tongban.apps.people.errors import SealBroken
from tongban.apps.people.models import Organisation, Person
from tongban.apps.people.sealing import is_current, is_sealed, reseal, seal

__all__ = ["Resealed", "reseal_answers", "reseal_column", "reseal_people"]


@dataclass(frozen=True, slots=True)
class Resealed:
    """How far it is: so many rows looked at, so many written anew, so many that do not open (their key is missing)."""

    what: str
    seen: int
    written: int
    broken: int


def reseal_people(*, batch: int) -> Iterator[Resealed]:
    """Seal the numbers of persons and organisations anew, and what proves their sign-ins; yields after each batch."""
    yield from reseal_column(model=Person, column="identity_sealed", batch=batch)
    yield from reseal_column(model=Person, column="phone_sealed", batch=batch)
    yield from reseal_column(model=Organisation, column="phone_sealed", batch=batch)
    yield from _walk(Authenticator, "data", batch, _sealed_secrets)


def _sealed_secrets(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The secrets of a second factor, sealed too where they were set up before they were sealed at all."""

    def anew(text: str) -> str:
        return reseal(text) if is_sealed(text) else seal(text)

    secrets = {name: anew(data[name]) for name in ("secret", "seed") if name in data}
    codes = {name: [anew(code) for code in data[name]] for name in ("migrated_codes",) if name in data}
    return {**data, **secrets, **codes}


def reseal_column(*, model: type[models.Model], column: str, batch: int) -> Iterator[Resealed]:
    """Seal a column of sealed texts anew."""
    return _walk(model, column, batch, lambda text: text if not text or is_current(text) else reseal(text))


def reseal_answers(*, model: type[models.Model], column: str, batch: int) -> Iterator[Resealed]:
    """Seal a column of answers anew: a mapping in which some values are sealed."""

    def anew(answers: Mapping[str, Any]) -> Mapping[str, Any]:
        return {name: reseal(value) if is_sealed(value) else value for name, value in answers.items()}

    return _walk(model, column, batch, anew)


def _walk(model: type[models.Model], column: str, batch: int, anew: Callable[[Any], Any]) -> Iterator[Resealed]:
    """Go through a table by its key. Each batch is locked, read and written in a transaction of its own.

    Stopped at any instant, it loses at most the batch under way; begun again, it passes over what is done.
    """
    what, seen, written, broken, last = f"{model._meta.db_table}.{column}", 0, 0, 0, None
    while True:
        with transaction.atomic():
            rows = model._default_manager.select_for_update().order_by("pk").only("pk", column)
            found = list((rows if last is None else rows.filter(pk__gt=last))[:batch])
            for row in found:
                before = getattr(row, column)
                try:
                    after = anew(before)
                except SealBroken:
                    broken += 1
                    continue
                if after != before:
                    model._default_manager.filter(pk=row.pk).update(**{column: after})
                    written += 1
        if not found:
            return
        seen, last = seen + len(found), found[-1].pk
        yield Resealed(what, seen, written, broken)
