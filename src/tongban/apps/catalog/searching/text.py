"""Text cut into what is looked up: Chinese into pairs of characters, all else into words without endings."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from threading import Lock

import snowballstemmer

__all__ = ["LONGEST_QUERY", "is_chinese", "pairs", "parts", "plain", "stem"]

LONGEST_QUERY = 120

_HAN = r"\u3400-\u9fff\uf900-\ufaff"
# A run of Chinese keeps the digits that stand in it (60岁); other runs are words of any other script.
_PARTS = re.compile(rf"[0-9]*[{_HAN}][{_HAN}0-9]*|[^\W_{_HAN}]+")
_IS_HAN = re.compile(rf"[{_HAN}]")
_english = snowballstemmer.stemmer("english")
_alone = Lock()  # it keeps the word that it works on in itself


def plain(text: str) -> str:
    """The text in one width and one case, and without contractions (can't)."""
    text = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    return text.replace("can't", "cannot").replace("n't", " not") if "n't" in text else text


def parts(text: str) -> list[str]:
    """Runs of Chinese and words of other scripts, in order."""
    return _PARTS.findall(text)


def is_chinese(part: str) -> bool:
    """Whether a part is a run of Chinese."""
    return _IS_HAN.search(part) is not None


def pairs(run: str) -> Iterator[str]:
    """Each two neighbouring characters; a single character alone."""
    if len(run) == 1:
        yield run
    for at in range(len(run) - 1):
        yield run[at : at + 2]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A word without its ending, so that licences finds licence; words of other scripts as they are."""
    if not word.isascii() or len(word) < 4:
        return word
    with _alone:
        found: str = _english.stemWord(word)
    return found
