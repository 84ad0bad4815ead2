"""How long answers and files are kept, as a matter or the city says it."""

from collections.abc import Mapping
from typing import Any

from .model import Article, Retention
from .text import text_of

__all__ = ["LEAST_MONTHS", "article_of", "months_of", "retention_of"]

LEAST_MONTHS = 6
"""So long may a decision be taken to court (Administrative Litigation Law, 行政诉讼法, 46)."""


def article_of(value: Mapping[str, Any]) -> Article:
    """A law and its article."""
    return Article(text_of(value["law"]), text_of(value["article"]))


def retention_of(value: Mapping[str, Any] | None) -> Retention | None:
    """How long something is kept; None where nothing is said."""
    if value is None:
        return None
    return Retention(months_of(value["keep"]), article_of(value["basis"]))


def months_of(value: str) -> int:
    """``2 years``, ``6 months`` as months."""
    count, unit = value.split()
    return int(count) * (12 if unit.startswith("year") else 1)
