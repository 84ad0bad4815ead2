"""What each clause of a reply is for: a formula, passing on, pointing elsewhere, or saying something of the matter."""

import re
from dataclasses import dataclass
from enum import StrEnum

from tongban.apps.voice.replies.reading import Clause, Reading

__all__ = ["Nothing", "Part", "Parted", "nothing_said", "parts"]


class Part(StrEnum):
    """What a clause does."""

    GREETING = "greeting"
    RECEIVED = "received"
    HEADING = "heading"
    PASSED = "passed"
    LOOKING = "looking"
    WAITING = "waiting"
    REFERRED = "referred"
    CONTACT = "contact"
    THANKS = "thanks"
    SIGNATURE = "signature"
    SAID = "said"


FORMULAE = frozenset({Part.GREETING, Part.RECEIVED, Part.HEADING, Part.WAITING, Part.THANKS, Part.SIGNATURE})
"""Parts that say nothing of the matter."""


class Nothing(StrEnum):
    """Why a reply answers nothing."""

    EMPTY = "empty"
    FORWARDED = "forwarded"
    ACKNOWLEDGED = "acknowledged"
    REFERRED = "referred"
    ASKED_BACK = "asked-back"


@dataclass(frozen=True, slots=True)
class Parted:
    """A clause, what it is for, and ``own``: its words without what they quote of the message."""

    clause: Clause
    part: Part
    own: str

    @property
    def size(self) -> int:
        """How many letters and digits say it."""
        return len(_LETTER.findall(self.own))


SAID_LEAST = 10
"""A reply whose clauses on the matter have fewer characters together says nothing of it."""

_HANDLE = r"(?:[\"“']?(?:UU|A)\d{3,}[^\"”',]{0,12}[\"”']?)"
_GREETING = re.compile(
    rf"""
    ^(?:尊敬的|亲爱的)?(?:{_HANDLE}|["“][^"”]{{1,20}}["”]|网友|网民|市民|群众|业主|信访人|来信人|朋友|同志|先生|
    女士|全体|的)*(?:们|您|你|们)*(?:[您你]们?好|好)?(?:朋友)?
    """,
    re.X,
)
_DATE = (
    r"(?:\d{4}[年./-]\d{1,2}[月./-]\d{1,2}日?|\d{1,2}月\d{1,2}日"
    r"|[二一][〇○0零O一二九]{2,3}[一二三四五六七八九〇]?年.{1,4}月.{1,4}日)"
)
_SIGNED = r"(?:局|办|办公室|委|委员会|政府|中心|公司|街道|大队|支队|所|站|院|校|学校|厅|处|部|社区|镇|乡|区|县)"
_PARTS: tuple[tuple[Part, re.Pattern[str]], ...] = (
    (
        Part.SIGNATURE,
        re.compile(
            rf"""
    ^[\u4e00-\u9fffA-Z0-9()]{{0,30}}{_DATE}$|
    ^(?!.*[将已在请为是有把对由到从了的不要会属于归划])[\u4e00-\u9fffA-Z0-9]{{2,18}}{_SIGNED}$|^[\d.年月日/-]+$|
    ^附[:：]?$
    """,
            re.X,
        ),
    ),
    (
        Part.THANKS,
        re.compile(
            r"""
    感谢|谢谢|谅解|[请予望您能]理解|^[^不]{0,6}祝[您你]|欢迎.{0,40}(?:监督|关注|关心|提出|来电|来访|建议|支持|
    举报|意见)|一如既往|热忱|竭诚|为您服务|(?:希望|愿).{0,14}(?:满意|理解|帮助|支持)|带来的?不便|很高兴|
    建议很好|天天开心|多提.{0,10}(?:意见|建议)|努力为[您你]|接受.{0,6}监督|^(?:让您久等|打扰|不足之处|表示歉意|
    深表歉意)|您的信任|排忧解难
    """,
            re.X,
        ),
    ),
    (
        Part.PASSED,
        re.compile(
            r"""
    转(?:交|办|至|给|达|送|呈|请|由|发至|发给|有关|相关|往|到)|(?:已|均|并|现|办|们|迅速|分别|再次)转(?!让|变|
    型|为|正|账|户口|学|移支付|入|出|业|包|租|运)|移交|交办|批转|(?:交由|交给).{1,24}$|交.{0,16}(?:部门|单位|局|
    委|镇|区|县).{0,10}(?:调查|办理|处理|核|答复|研究|反馈)|(?:向|给|至).{0,10}(?:部门|领导|上级).{0,8}(?:反馈|
    汇报|反映|上报)|(?:反馈|反映|汇报|上报|报送|函告|呈报|呈送)(?:给|至|到).{1,20}$|已我?办?.{2,20}核处$|(?:已|
    作出|进行)(?:了)?批示
    """,
            re.X,
        ),
    ),
    (
        Part.RECEIVED,
        re.compile(
            r"""
    (?:留言|来信|来帖|来电|来邮|帖|函件?|信件?|反映|咨询|提出|问题|意见|建议|诉求|情况|请示|投诉|举报|
    反馈).{0,40}(?:收悉|收到|获悉|知悉|已阅|阅悉|阅办|收阅|获知)|^(?:我.{0,6})?(?:已|均已)?(?:收悉|收到|接到|
    收悉|看到|查看到).{0,60}$|^来信(?:已)?收悉|^留言[已]?收悉|^(?:已)?收悉
    """,
            re.X,
        ),
    ),
    (
        Part.HEADING,
        re.compile(
            r"""
    (?:回复|答复|说明|回答|汇报|反馈|告知|解答|解释|通报|报告|情况|结果)如?下[:]?$|^(?:现|特)(?:就|将|对|针对|
    把|作|做).{0,60}$|^(?:就|针对|关于|对于?)[您你贵网].{0,60}(?:问题|情况|留言|诉求|建议|咨询|一事|事宜|信件|
    来信|投诉)$|^(?:以上|此|上述)(?:是|为|即).{0,24}(?:回复|答复|结果|意见)$|特此(?:回复|答复|说明|函复)|^此复|
    ^.{0,8}经.{0,8}(?:调查|核实|了解|研究|核查|协调|查|查询|查证|讨论)$|(?:高度|非常|十分|很|特别|极为|
    一直)重视$|^[一二三四五六七八九十\d、.()第]{1,5}(?:关于|对于|针对).{2,60}(?:问题|情况|事宜|答复|的回复)$|
    ^问政|^标题|^.{0,12}(?:感悟|总之|首先|其次|最后)$|^.{0,10}(?:基本情况|调查情况|处理情况|处理意见|处理结果)$|
    ^根据[您你].{0,24}(?:情况|问题|留言)$|您在平台
    """,
            re.X,
        ),
    ),
    (
        Part.LOOKING,
        re.compile(
            r"""
    ^.{0,26}(?:正在|将|会|已|尽快|立即|迅速|及时|安排|组织|要求|责成|责令|派出?|认真|予以|进一步).{0,24}(?:调查|
    核实|核查|了解|研究|调研|处理|处置|斟酌|跟进|办理|解决|核处|审批|取证|衔接|讨论|考虑)(?:[中了]|之中|当中|
    处理|核实|取证|处置|斟酌|解决|办理|工作|此事|情况|该问题|协调|学习|和|与|、|并|及|反馈|报告|答复)*$|
    ^(?:努力)?(?:改进|学习|调查核实?)$|^此事正在
    """,
            re.X,
        ),
    ),
    (
        Part.WAITING,
        re.compile(
            r"""
    (?:敬请|请|望).{0,10}(?:继续)?(?:关注|留意|等待|等候|勿重复)|耐心等|(?:及时|将|会|后|尽快|再|稍后|予以|
    第一时间|近期).{0,20}(?:回复|反馈|答复|回应)(?!如下).{0,12}$|后续回复|如有.{0,6}(?:情况|进展|结果)$|
    发布上网|相关(?:单位|部门).{0,4}已.{0,6}(?:答复|回复)|(?:局|部门|单位|政府|镇|乡|街道)(?:已经?|
    已作出)(?:回复|答复)|^(?:\(?详见|链接|链接如下|见附件)
    """,
            re.X,
        ),
    ),
    (
        Part.CONTACT,
        re.compile(
            r"""
    (?:电话|热线|致电|拨打|来电|邮箱|联系人|传真|微信公众号).{0,20}\d{3}|^如(?:果|若)?.{0,30}(?:疑问|不明|
    不满意|异议|其他问题|新的意见|需了解|不清楚|不尽之处).{0,12}$|^(?:联系|咨询|投诉|举报|监督|服务|
    联系人)?(?:电话|热线)|^\d[\d\-—转/、]{5,}$|联系我们|与我.{0,10}联系
    """,
            re.X,
        ),
    ),
    (
        Part.REFERRED,
        re.compile(
            r"""
    (?:请|建议|可|可以|应|需|望)[您你]?.{0,14}(?:咨询|联系|反映|致电|拨打|来电|询问|登录|访问|查询|了解|寻求|
    提供|告知|清晰|完善).{0,36}$|^(?:具体|详情|详细).{0,12}(?:咨询|联系|询|关注|查询)|(?:进行|前往|到|
    向).{1,24}(?:咨询|反映)(?:相关事宜|办理|即可)?$|不属于?我.{0,8}(?:职责|管辖|职能|范围)
    """,
            re.X,
        ),
    ),
)
_FACT = re.compile(
    r"""
    (?:原因|由于|因为|发现|属实|合格|符合|不能|无法|暂[无未]|没有|拆除|处罚|罚款|整改到位|修复|恢复|清理|完成|
    约谈|退还|万元|平方|公里|米)
    """,
    re.X,
)
_NUMBERED = re.compile(r"^[(]?[一二三四五六七八九十\d]{1,2}[)、.]+")
_ECHO = re.compile(
    r"""
    ["“「『][^"”」』\n]{2,80}["”」』]|《[^》\n]{0,60}(?:问政|栏目|投诉|举报|咨询|反映|请求|希望|建议|
    问题)[^》\n]{0,30}》
    """,
    re.X,
)
_ADDRESS = re.compile(r"https?:|(?:https?:)?//[\x21-\x7e]+|www\.[\x21-\x7e]+")
_LETTER = re.compile(r"[^\W_]")


def parts(reading: Reading) -> tuple[Parted, ...]:
    """Each clause of a reply with what it is for. What it quotes of the message is not taken for its own words."""
    blanked = _ECHO.sub(lambda hit: "*" * len(hit.group()), reading.text)
    return tuple(_parted(clause, blanked) for clause in reading.clauses())


def _parted(clause: Clause, blanked: str) -> Parted:
    own = blanked[clause.start : clause.start + len(clause.words)].replace("*", "")
    own = _ADDRESS.sub("", _NUMBERED.sub("", own) or own)
    rest = own[_GREETING.match(own).end() :]  # type: ignore[union-attr]  # it matches nothing at least
    if not _LETTER.search(rest):
        return Parted(clause, Part.GREETING, own)
    for part, pattern in _PARTS:
        if pattern.search(rest) and not (part in {Part.PASSED, Part.LOOKING} and _FACT.search(rest)):
            return Parted(clause, part, own)
    return Parted(clause, Part.SAID, own)


def nothing_said(parted: tuple[Parted, ...], reading: Reading) -> Nothing | None:
    """Why a reply says nothing of the matter; None if it does."""
    if not any(each.size for each in parted if each.part not in {Part.SIGNATURE, Part.GREETING}):
        return Nothing.EMPTY
    said = [each for each in parted if each.part is Part.SAID]
    if sum(each.size for each in said) >= SAID_LEAST:
        return Nothing.ASKED_BACK if all(_asks(each.clause, reading.text) for each in said) else None
    found = {each.part for each in parted}
    if Part.REFERRED in found:
        return Nothing.REFERRED
    return Nothing.FORWARDED if found & {Part.PASSED, Part.LOOKING} else Nothing.ACKNOWLEDGED


def _asks(clause: Clause, text: str) -> bool:
    end = clause.start + len(clause.words)
    return next((mark for mark in text[end:] if mark in "。!?;\n"), "") == "?"
