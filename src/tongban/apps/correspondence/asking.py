"""What a message asks of us by itself: help, where something stands, to be taken back, a grade. All else is said."""

import re
import unicodedata
from dataclasses import dataclass

from tongban.kernel.numbers import NumberError, is_stream_number, parse_case_number

__all__ = ["Asked", "find_number", "read"]

_HELP = frozenset({"帮助", "幫助", "help", "?", "菜单", "使用说明"})
_UNDO = frozenset({"取消", "撤回", "撤销", "undo", "cancel"})
_STATUS = frozenset({"查", "查询", "进度", "查进度", "查询进度", "办到哪了", "status", "progress"})
_NEW = re.compile(
    r"^(?:新诉求|新的诉求|另一件事|另外一件事|还有一件事|新(?=[\s,，:：。!！])|new(?=[\s,:.!])|another matter)"
    r"[\s,，:：。.!！]*",
    re.IGNORECASE,
)
_GRADE = re.compile(r"^[1-5]$")
_DIGITS = re.compile(r"(?<![\d])(?:\d[ \u00a0-]?){15}\d(?![\d])")
_LOOKING_UP = re.compile(
    r"^(?:查|查询|进度|查进度|查询进度|编号|办件编号|status|progress|number)?[\s:：]*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """``kind``: help, undo, status, new, grade or say. ``number``: the case that it names, 0 for none.

    ``text``: what is said, without the word that begins something new.
    """

    kind: str
    text: str = ""
    number: int = 0
    grade: int = 0


def read(text: str) -> Asked:
    """Read what a message asks, in either language; what is no plain command is said."""
    plain = unicodedata.normalize("NFKC", text).strip()
    word = plain.rstrip("。.!！?？ ").casefold() or plain
    if word in _HELP:
        return Asked(kind="help")
    if word in _UNDO:
        return Asked(kind="undo")
    if word in _STATUS:
        return Asked(kind="status")
    if _GRADE.match(plain):
        return Asked(kind="grade", text=text, grade=int(plain))
    number, rest = find_number(plain)
    if number and _LOOKING_UP.match(rest):
        return Asked(kind="status", number=number)
    if begins := _NEW.match(text.strip()):
        return Asked(kind="new", text=text.strip()[begins.end() :])
    return Asked(kind="say", text=text, number=number)


def find_number(text: str) -> tuple[int, str]:
    """The first case number in a text, and the text without it; 0 and the text where there is none."""
    for found in _DIGITS.finditer(text):
        try:
            number = parse_case_number(found.group())
        except NumberError:
            continue
        if not is_stream_number(number):
            return number, text[: found.start()] + text[found.end() :]
    return 0, text
