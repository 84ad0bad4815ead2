"""What somebody has written themselves in a mail: without what they answer, their signature, and what their phone adds.

Line by line, so that no text takes longer than its length: a library that was tried (mail-parser-reply 1.36) knows none
of the heads that Chinese mail programs write, and does not come back from twenty thousand empty lines.
"""

import re

__all__ = ["own_words", "plain_subject"]

_HEADS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"^[-_=\s]{2,60}(原始邮件|原始郵件|转发的?邮件|回复的原邮件|Original Message|Forwarded message)[-_=\s]*$",
        r"^(在|于|於)?\s*\d{4}[-年/.].{0,200}(写道|寫道)\s*[:：]\s*$",
        r"^(On|At|Am|Le|El)\s.{0,250}\s(wrote|schrieb|écrit|escribió)\s*[:：]\s*$",
        r"^.{0,120}<[^<>\s]{1,200}@[^<>\s]{1,200}>.{0,60}(写道|寫道|wrote)\s*[:：]\s*$",
        r"^_{20,}$",
    )
)
_FIELD = re.compile(
    r"^\**(发件人|寄件者|发送时间|日期|收件人|主题|抄送|From|Sent|Date|To|Subject|Cc)\**\s*[:：]", re.IGNORECASE
)
_SIGNATURE = re.compile(r"^(--|—)\s*$")
_PHONE = re.compile(
    r"^(发自我的|从我的\s?\S{1,20}\s?发送|来自\S{1,20}邮箱|Sent from my|Get Outlook|获取\s?Outlook).{0,60}$",
    re.IGNORECASE,
)
_AGAIN = re.compile(r"^(\s*(re|fw|fwd|aw|回复|回覆|答复|转发|轉寄)\s*(\[\d+\])?\s*[:：]\s*)+", re.IGNORECASE)
_NUMBER = re.compile(r"\s*\[[\d\s\u00a0]{16,24}\]\s*")
_LEAST = 5


def own_words(text: str) -> str:
    """The part of a mail that is new; all of it where next to nothing would be left (a mail that was passed on)."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    end = next((at for at in range(len(lines)) if _ends_at(lines, at)), len(lines))
    kept = [line for line in lines[:end] if not line.startswith(">") and not _PHONE.match(line.strip())]
    own = "\n".join(kept).strip()
    return own if len(own) >= _LEAST else "\n".join(lines).strip()


def plain_subject(subject: str) -> str:
    """A subject without what programs put before it, and without a number of ours."""
    return _AGAIN.sub("", _NUMBER.sub(" ", " ".join(subject.split())).strip()).strip()


def _ends_at(lines: list[str], at: int) -> bool:
    line = lines[at].strip()
    if _SIGNATURE.match(line) or any(head.match(line) for head in _HEADS):
        return True
    if _FIELD.match(line):  # several fields of a head one after another: no person writes that
        return sum(bool(_FIELD.match(each.strip())) for each in lines[at : at + 5]) >= 3
    # A head that a program has broken over two lines.
    joined = f"{line} {lines[at + 1].strip()}" if at + 1 < len(lines) else ""
    return (
        line[:3].casefold() in ("on ", "at ") and len(joined) < 300 and any(head.match(joined) for head in _HEADS[2:4])
    )
