"""What a reader of a page reads or hears, and which words of it are in the other language."""

import re
from collections.abc import Iterable, Iterator

from lxml import html

__all__ = ["stray_chinese", "stray_english", "words_of"]

_SPOKEN = ("alt", "aria-description", "aria-label", "placeholder", "title")
_SILENT = frozenset({"script", "style", "code", "kbd"})
# Codes, names of files, numbers with letters in them: they are written alike in all languages.
_CODES = re.compile(r"[\w.-]+\.(?:pdf|png|jpg)\b|[\w.-]*\d[\w.-]*|\S+@\S+")
_ENGLISH = re.compile(r"[A-Za-z]{2,}")
_CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+")
_SAME_IN_CHINESE = frozenset({"API", "HEIC", "JPEG", "JPG", "KB", "MB", "PDF", "PNG", "QR", "Tongban", "px"})


def words_of(page: str) -> Iterator[str]:
    """Every text and spoken attribute of a page, but not what is marked as being in another language, or as code."""
    return _within(html.document_fromstring(page))


def _within(element: html.HtmlElement) -> Iterator[str]:
    if not isinstance(element.tag, str) or element.tag in _SILENT:
        return
    if element.tag != "html" and "lang" in element.attrib:
        return
    for name in _SPOKEN:
        yield element.get(name) or ""
    if element.tag == "meta" and element.get("name") == "description":
        yield element.get("content") or ""
    yield element.text or ""
    for child in element:
        yield from _within(child)
        yield child.tail or ""


def stray_english(page: str, *, data: Iterable[str] = ()) -> list[str]:
    """English words on a Chinese page."""
    return [
        f"{word}: {text.strip()}"
        for text in words_of(page)
        for word in _ENGLISH.findall(_CODES.sub(" ", _without(text, data)))
        if word not in _SAME_IN_CHINESE
    ]


def stray_chinese(page: str, *, data: Iterable[str]) -> list[str]:
    """Chinese characters and punctuation on an English page, beside what people have written in Chinese (``data``)."""
    return [f"{found}: {text.strip()}" for text in words_of(page) for found in _CHINESE.findall(_without(text, data))]


def _without(text: str, data: Iterable[str]) -> str:
    for known in data:
        text = text.replace(known, " ")
    return text
