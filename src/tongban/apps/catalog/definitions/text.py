"""A human text in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Text", "text_of"]


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in Chinese and in English."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """The words for a Django language code: Chinese for ``zh`` and its kin, English for everything else."""
        return self.zh if language.startswith("zh") else self.en


def text_of(value: Mapping[str, str]) -> Text:
    """The text written as ``{zh: …, en: …}``."""
    return Text(value["zh"].strip(), value["en"].strip())
