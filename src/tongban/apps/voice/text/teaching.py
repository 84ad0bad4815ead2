"""A classifier from a city's own history: what was put right, what was closed, and what the directory teaches."""

from collections.abc import Iterable
from datetime import datetime

from tongban.apps.catalog.definitions.dispatch import Dispatch
from tongban.apps.voice.text.model import Model
from tongban.apps.voice.text.sorting import families_of, in_its_words, seed_examples
from tongban.apps.voice.text.tables import Example
from tongban.apps.voice.text.training import train

__all__ = ["learn_from"]


def learn_from(examples: Iterable[Example], *, dispatch: Dispatch, at: datetime) -> Model:
    """A model of what a city knows: ``examples`` of corrections and closed inquiries beside those of its directory.

    An example's label is a first level as the directory names it, its code, or an older name (`also`). Whoever hands
    in a correction gives it more ``weight`` than what nobody looked at. ``at`` is when it is taught. The order of the
    examples makes no difference to the record. Raises `TooFewExamples`.
    """
    own = in_its_words(tuple(examples), dispatch=dispatch)
    return train([*own, *seed_examples(dispatch)], at=at, families=families_of(dispatch))
