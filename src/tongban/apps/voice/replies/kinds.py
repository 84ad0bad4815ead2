"""What sort of inquiry a message is, told from its words, and how long the city gives itself for an answer."""

import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from tongban.kernel.clock import Limit, Unit

__all__ = ["LIMITS", "InquiryKind", "kind_of"]


class InquiryKind(StrEnum):
    """As a hotline sorts them."""

    QUESTION = "question"
    HELP = "help"
    SUGGESTION = "suggestion"
    COMPLAINT = "complaint"
    REPORT = "report"
    THANKS = "thanks"


LIMITS: Mapping[InquiryKind, Limit] = MappingProxyType(
    {
        InquiryKind.QUESTION: Limit(2, Unit.WORKING_DAYS),
        InquiryKind.HELP: Limit(10, Unit.WORKING_DAYS),
        InquiryKind.SUGGESTION: Limit(10, Unit.WORKING_DAYS),
        InquiryKind.COMPLAINT: Limit(15, Unit.WORKING_DAYS),
        InquiryKind.REPORT: Limit(15, Unit.WORKING_DAYS),
        InquiryKind.THANKS: Limit(10, Unit.WORKING_DAYS),
    }
)
"""Rules of one place; a city passes its own."""

_SUBJECT: tuple[tuple[InquiryKind, re.Pattern[str]], ...] = (
    (InquiryKind.REPORT, re.compile(r"举报|检举|揭发")),
    (InquiryKind.COMPLAINT, re.compile(r"投诉|控告|质疑|抗议|谴责|反对|不满|状告|申诉|扰民|欺骗|霸占|拖欠")),
    (
        InquiryKind.QUESTION,
        re.compile(
            r"""
    咨询|请问|询问|查询|何时|什么时候|是否|能否|能不能|可否|如何|怎么|怎样|为什么|多少|吗$|[?]$
    """,
            re.X,
        ),
    ),
    (InquiryKind.SUGGESTION, re.compile(r"建议|提议|倡议|献策")),
    (InquiryKind.THANKS, re.compile(r"感谢|表扬|致谢|点赞")),
    (InquiryKind.COMPLAINT, re.compile(r"反映|违规|违法|乱收费|污染|乱象")),
    (InquiryKind.HELP, re.compile(r"请求|求助|希望|盼|恳|呼吁|望|要求|申请|急需|帮")),
)


def kind_of(*, subject: str, text: str) -> InquiryKind:
    """The kind of a message: what its subject says first, then its text. A report of a grievance without any of the
    words is a complaint."""
    for words in (subject, text):
        for kind, pattern in _SUBJECT:
            if words and pattern.search(words):
                return kind
    return InquiryKind.COMPLAINT
