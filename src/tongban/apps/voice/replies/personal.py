"""What in a reply tells who a private person is. Telephones of offices and names of officials are for all to read."""

import re
from collections.abc import Iterator

from tongban.apps.voice.replies.reading import either
from tongban.apps.voice.text.masking import Kind, Span, find, named

__all__ = ["personal"]

_CUES = either(
    """
    驾驶员 司机 店主 摊主 村民 居民 经营者 经营户 负责人 投诉人 举报人 反映人 信访人
    来信人 申请人 参保人 死者 伤者 患者 户主 业主 房东 儿子 女儿 其子 其女 丈夫 妻子
    父亲 母亲 学生 同学 家长 邻居 屋主 承租人 继承人 被执行人 原告 被告 被征收人 拆迁户
    贫困户 低保户 当事人 你父亲 您父亲
    """
)
_OFFICE = re.compile(
    r"""
    (?:电话|热线|致电|拨打|咨询|来电|联系|传真|值班|邮箱|举报|监督|服务|投诉|
    [局办委科室所站中心部股队])[^,。;\n]{0,24}$
    """,
    re.X,
)
_OFFICIAL_BEFORE = re.compile(
    r"""
    (?:局长|书记|主任|副?科长|所长|镇长|乡长|县长|区长|市长|委员|队长|同志|站长|股长|院长|校长|工作人员|干部|
    民警|支书|经办人|联系人|联络人)[:：(（为是]{0,2}$|法人代表[:：(（为是]{0,2}$
    """,
    re.X,
)


_NO_NAME = re.compile(
    r"""
    管[部理申线]|向[其铁上我您本有]|严[格禁重]|安[装全置排]|周[边围]|成[长立为员]|何时|应当|单位|高度|张贴|施工|
    程序|关于|常住|康复|平[均时]|方[可面]|温[馨暖]|连续|左右|全[部体]|史上
    """,
    re.X,
)
_DOOR = re.compile(r"单元|室|房|[栋幢座楼][^\d]{0,3}[\dA-Za-z-]{2,5}号?$")


def personal(text: str) -> tuple[Span, ...]:
    """Spans of a reply, in the text as written, that a person should look at before it is read by all.

    Proposed, never final. A number behind the words by which an office gives its own is none.
    """
    found = [each for each in find(text) if not _of_office(text, each)]
    taken = {at for each in found for at in range(each.start, each.end)}
    found += [each for each in _private_names(text) if each.start not in taken]
    return tuple(sorted(found, key=lambda each: each.start))


def _of_office(text: str, span: Span) -> bool:
    before = text[max(0, span.start - 40) : span.start]
    if span.kind in {Kind.LANDLINE, Kind.EMAIL}:
        return True if span.kind is Kind.LANDLINE else bool(_OFFICE.search(before))
    if span.kind is Kind.MOBILE:
        return bool(_OFFICE.search(before)) and not re.search(r"[您你]|举报人|投诉人|当事人|业主|村民", before[-16:])
    if span.kind is Kind.ADDRESS:
        # A road's number is a shop's or an office's; behind a door somebody lives.
        return not _DOOR.search(text[span.start : span.end]) or text[span.end : span.end + 1] in {"套", "户", "）"}
    if span.kind is Kind.NAME:
        if _NO_NAME.match(text, span.start):
            return True
        return bool(_OFFICIAL_BEFORE.search(before)) or "某" in text[span.start : span.end]
    return False


def _private_names(text: str) -> Iterator[Span]:
    for each in named(text, cues=_CUES):
        if "某" not in text[each.start : each.end] and not _NO_NAME.match(text, each.start):
            yield each
