"""The languages that pages can be read in (``settings.LANGUAGES``), each in its own name."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import get_language_info, trans_real

__all__ = ["Language", "language_of_matters", "languages", "untranslated_speaks_english"]

_OWN_NAMES = {"zh-hans": "中文"}
"""Where Django's own name for a language says more than people do."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the pages: its Django code, its own name, and whether it is the present one."""

    code: str
    name: str
    here: bool


def languages(*, current: str) -> list[Language]:
    """All of them, in the order of the setting."""
    return [
        Language(code, _OWN_NAMES.get(code) or get_language_info(code)["name_local"].capitalize(), code == current)
        for code, _name in settings.LANGUAGES
    ]


def language_of_matters(language: str) -> str:
    """In which of its two languages (``zh``, ``en``) a city's texts are shown to a reader of ``language``."""
    return "zh" if language.startswith("zh") else "en"


def untranslated_speaks_english() -> None:
    """Let what a further language does not say yet be said in English, the language of the source.

    Django would say it in the language of ``settings.LANGUAGE_CODE``, Chinese here: of no help to who chose another.
    """
    for code, _name in settings.LANGUAGES:
        if not code.startswith(("zh", "en")):
            trans_real.translation(code)._fallback = None  # type: ignore[attr-defined]  # of the standard library
