"""How much of the pages each language says: counted from the compiled catalogues, which are what readers get."""

import gettext
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import to_locale

__all__ = ["Coverage", "coverage_of", "list_coverage"]

_COMPLETE = "zh_Hans"
"""The catalogue that a test keeps complete: it has every word of the screens."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of ``total`` texts, which ones a language does not say yet. ``offered``: whether readers can choose it."""

    locale: str
    total: int
    missing: tuple[str, ...]
    offered: bool

    @property
    def percent(self) -> float:
        """Share of texts that are translated, of 100."""
        return 100 * (self.total - len(self.missing)) / self.total


def list_coverage() -> list[Coverage]:
    """Every language that has a catalogue, fullest first. English needs none: it is the language of the source."""
    folders = (path.parent.name for path in Path(settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES"))
    return sorted((coverage_of(locale=name) for name in folders), key=lambda each: (-each.percent, each.locale))


def coverage_of(*, locale: str) -> Coverage:
    """What one catalogue says; ``locale`` names its folder. Raises ``FileNotFoundError`` where there is none."""
    said, wanted = _texts(locale), _texts(_COMPLETE)
    offered = locale in {to_locale(code) for code, _name in settings.LANGUAGES}
    return Coverage(locale=locale, total=len(wanted), missing=tuple(sorted(wanted - said)), offered=offered)


@cache
def _texts(locale: str) -> frozenset[str]:
    """The English of every text that a compiled catalogue translates."""
    path = Path(settings.LOCALE_PATHS[0]) / locale / "LC_MESSAGES" / "django.mo"
    with path.open("rb") as file:
        found = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]  # there is no other way to list it
    return frozenset(key[0] if isinstance(key, tuple) else key for key in found if key)
