"""What a reply rests on: laws with their articles, numbered documents, plans and standards by name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from tongban.apps.voice.replies.reading import Reading, Span, either

__all__ = ["Citation", "Cited", "citations", "wants_basis"]


class Cited(StrEnum):
    """How something is cited."""

    TITLE = "title"
    NUMBER = "number"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Citation:
    """A document that a reader can look up. ``article`` is the one that is named behind it, if any."""

    span: Span
    how: Cited
    title: str
    article: str


_RULES = either(
    """
    法 典 条例 办法 规定 规则 细则 通知 意见 方案 规划 标准 规范 决定 公告 通告 纲要 制度 准则 指南 批复 措施
    政策 导则 解释 令 目录 章程 计划 纪要 清单 规程 条款 公报 口径 答复 指引 图集 条板 大纲
    """
)
_TITLED = re.compile(r"《([^《》\n]{2,80}(?:〈[^〉\n]{1,60}〉[^《》\n]{0,30})?)》")
_TAIL = re.compile(r"[(\[〔【][^()\[\]〔〕【】]{0,24}[)\]〕】]|\d+$|(?:修订|修正|试行|暂行|草案|节选|全文)$")
_RULE = re.compile(rf"(?:{_RULES})$")
# What is made out to one party, or is no ground whatever it is called.
_NO_RULE = re.compile(
    r"""
    (?:整改|改正|停止|停工|约谈|告知|处罚|终止|限期|催告|交办|督办|受理|录取|缴费|责令|
    决定)(?:违法行为)?(?:的?通知|意见|决定)书?$|(?:征求|处理|整改|信访|审查|鉴定|核查|反馈|检查|解决)意见$|问政|
    栏目|协议|合同|关于请求|的请示|问题的
    """,
    re.X,
)
_PASSED_ON = re.compile(r"交办|转办|督办|信访|工单|留言|来函|信箱")
_COMING = re.compile(r"(?:正在|拟|着手|研究|抓紧|将)(?:编制|制定|制订|修订|起草|拟定|完善)[^,。]{0,4}$")
_NUMBER = re.compile(
    r"""
    (?<![A-Za-z\d])[\u4e00-\u9fffA-Z0-9]{0,14}[\[(〔【{]\s?(?:(?:19|20)\d\d年?|
    政府发文)\s?[\])〕】}](?:[\u4e00-\u9fff\d]{0,8}?第?\d{1,5}号|第?\d{1,5}号?(?=文|[)》]))|
    [\u4e00-\u9fff]{2,8}(?:19|20)\d\d[\u4e00-\u9fff]{1,4}\d{1,4}号|第?\d{1,4}号(?:文件|文|令)(?![书本])|
    [\u4e00-\u9fff]{1,4}发\d{4}[-—]\d{1,4}号|(?<![A-Za-z])(?:GBT?|GB/T|JGJ|CJJ|DB\d{2}|gb/?t?|
    jgj)[/\-\s]?[TtJj]?\s?\d{2,6}(?:[-—.]\d{2,4})*
    """,
    re.X,
)
_NAMED = re.compile(
    r"""
    (?:根据|依据|依照|按照|按|违反|遵照|参照|执行|符合|在|属于|适用|由)(?:了|我国|我省|我市|我县|我区|国家|
    现行的?|相关的?|有关的?|新的?|《|》)*(?P<name>[\u4e00-\u9fffA-Z0-9]{2,24}?(?:(?:保护|管理|合同|规划|价格|
    处罚|安全|劳动|教育|土地|权益|许可|保险|物权|道路交通|食品|药品|税收|征收|计划生育|义务教育|民办教育促进|
    招标投标|环境|公务员|选举|组织|婚姻|继承|公司|监察|消防|信访|民|刑|诉讼|仲裁|水|森林|电力|
    药)法(?![律规院人定])|条例|(?:管理|实施|暂行|试行|处罚|征收|补偿|保护|安置|评审|收费|计算|监督|登记|分配|
    考核)(?:暂行|试行)?办法|(?:实施|管理)细则|(?:管理|暂行|招生|若干)规定|总体规划|详细规划|专项规划|管理规范|
    会议纪要|[一-鿿]须知))
    """,
    re.X,
)
_GENERIC = re.compile(
    r"""
    ^(?:不|未|破坏|其他|违反).*|^(?:有关|相关|上述|以上|上级|国家|各项|政策|法律|该|本|此|其|各|按|地方性法规|行政)?(?:有关|相关|法律|法规|
    政策|管理|的|等|和|及|、)*(?:条例|办法|规定|细则|规划|管理办法|实施办法|管理规定|法)$
    """,
    re.X,
)
_ARTICLE = re.compile(
    r"""
    ^[》"”\])〕】的中之,、(]*(?:[(\[〔【(][^)\]〕】]{0,40}[)\]〕】])?[的中]?(?P<article>第[一二三四五六七八九十百零〇\d]{1,7}(?:条|
    章|款|项|部分|点)(?:[的之]?第[一二三四五六七八九十百\d]{1,5}(?:条|款|项|目))*)
    """,
    re.X,
)
_WANTS = re.compile(
    r"""
    政策|规定|依据|法律|违法|违规|合法|非法|合理吗|是否合理|标准|条例|法规|文件|资格|条件|补偿|补贴|待遇|津贴|
    社保|医保|公积金|产假|编制|收费|乱收|费用|赔偿|罚款|抚恤|低保|退休|养老|户口|落户|转学|招生|学区|产权|证|
    手续
    """,
    re.X,
)
_REFUSES = re.compile(
    r"""
    不予|不符合|不能(?:办|予|再|享|报|提|受)|无法(?:办理|受理|报销|享受)|不属于.{0,12}范围|不享受|不可以|
    没有资格|不合理|合理的?收费|未达到
    """,
    re.X,
)


def citations(reading: Reading) -> tuple[Citation, ...]:
    """All that is cited in a reply so that it can be looked up, in order; each document once for each place.

    Notices made out to one party, contracts, forms and papers of identity are none; 有关规定 is none.
    """
    found: list[tuple[int, Citation]] = []
    covered: list[tuple[int, int]] = []
    for start, end, how, title in _all(reading.text):
        if any(start < to and at < end for at, to in covered):
            continue
        covered.append((start, end))
        behind = _ARTICLE.match(reading.text, end) or _ARTICLE.match(reading.text[end : end + 80])
        found.append((start, Citation(reading.span(start, end), how, title, behind["article"] if behind else "")))
    return tuple(each for _, each in sorted(found, key=lambda one: one[0]))


def _all(text: str) -> Iterator[tuple[int, int, Cited, str]]:
    for hit in _TITLED.finditer(text):
        title = hit[1]
        while (shorter := _TAIL.sub("", title).rstrip()) != title:
            title = shorter
        if (
            _RULE.search(title)
            and not _COMING.search(text, max(0, hit.start() - 12), hit.start())
            and not _NO_RULE.search(title)
        ):
            yield hit.start(), hit.end(), Cited.TITLE, hit[1]
    for hit in _NUMBER.finditer(text):
        if _PASSED_ON.search(hit.group()) or _PASSED_ON.search(text, max(0, hit.start() - 8), hit.start()):
            continue
        yield hit.start(), hit.end(), Cited.NUMBER, hit.group()
    for hit in _NAMED.finditer(text):
        if not _GENERIC.match(hit["name"]):
            yield hit.start("name"), hit.end("name"), Cited.NAME, hit["name"]


def wants_basis(message: Reading, reply: Reading) -> bool:
    """Whether the answer ought to name its ground: the message asks what is lawful or due, or the reply refuses."""
    return bool(_WANTS.search(message.text) or _TITLED.search(message.text) or _REFUSES.search(reply.text))
