"""An article of law, which many definitions cite."""

from dataclasses import dataclass

from .text import Text

__all__ = ["Article"]


@dataclass(frozen=True, slots=True)
class Article:
    """A law and the article of it on which something rests."""

    law: Text
    article: Text
