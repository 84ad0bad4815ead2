"""What a message asks and wants, one by one, and where the reply touches it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from tongban.apps.voice.replies.parts import Part, Parted
from tongban.apps.voice.replies.reading import Reading, Span, either

__all__ = ["Asked", "Wish", "speaks_of", "wishes"]


class Wish(StrEnum):
    """What sort of answer is asked for."""

    WHEN = "when"
    WHETHER = "whether"
    HOW = "how"
    WHY = "why"
    HOW_MUCH = "how-much"
    WHICH = "which"
    QUESTION = "question"
    REQUEST = "request"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question or request. ``touched_by`` are clauses of the reply that speak of it, best first, at most three.

    None where it is left open. ``share`` of its own pairs of characters are in the reply.
    """

    span: Span
    words: str
    wish: Wish
    share: float
    touched_by: tuple[Span, ...]

    @property
    def touched(self) -> bool:
        """Whether the reply speaks of it at all; whether rightly, a person must judge."""
        return bool(self.touched_by)


_FEW = 2
MOST = 12
"""So many questions and requests of a message are followed; who asks more repeats them."""
ENOUGH = 0.34
"""A wish is touched when so much of its own words is in the reply, or less where a clause with some of them has the
form of its answer: a time for when, yes or no for whether."""

_WISHES: tuple[tuple[Wish, re.Pattern[str]], ...] = (
    (
        Wish.WHEN,
        re.compile(
            r"""
    何时|什么时候|啥时候|几时|哪天|哪年|多久|多长时间|什么时间|具体时间|到底要等|几月几
    """,
            re.X,
        ),
    ),
    (Wish.WHY, re.compile(r"为什么|为何|凭什么|什么原因|何故|怎么会|怎么没|怎么不|为啥")),
    (Wish.HOW_MUCH, re.compile(r"多少(?!次)|什么标准|标准是(?:什么|多少)|(?:收费|补偿|补贴)标准")),
    (
        Wish.HOW,
        re.compile(
            r"""
    如何(?!都)|怎么(?:办|样|处理|才|申请|办理|缴|交|算|领|查|能|去|走)|怎样|流程(?:是|怎|如)|(?:什么|哪些|(?<!任)何种?|啥)(?:的)?(?:手续|流程|程序)|需要(?:什么|哪些|带)|该找|
    找谁|什么材料|哪些材料|咋办
    """,
            re.X,
        ),
    ),
    (
        Wish.WHETHER,
        re.compile(
            r"""
    是否|能不能|可不可以|能否|可否|有没有|有无|是不是|要不要|会不会|该不该|行不行|对不对|合不合|算不算|属不属于|
    吗$|吗[?,]
    """,
            re.X,
        ),
    ),
    (Wish.WHICH, re.compile(r"哪里|哪儿|哪个|哪些|哪家|哪一|何处|什么地方|谁来管|谁管|归谁|哪一级")),
)
_ASKING = re.compile(r"^.{0,6}(?:请问|想问|问一下|咨询|想知道|想了解|请告知|敬请告知|望告知|请解释|求解)")
_OPEN_ENDED = re.compile(r"[何谁多几哪啥咋怎呢吧?]|需不需|能|可以|算|属于")
"""What a question without one of the words above has at least; else a question mark only complains."""
_RHETORIC = re.compile(
    r"难道|何在|何谈|谈何|从何谈|何堪|公理|王法|天理|良心|猴年马月|怎能|岂|凭什么|还要不要(?:人|老百姓|执政)|为人民|管不管|有没有人管"
    r"|情何|何苦|何必|何时了$|个月了$|才重视|放心吗?$|意义在|合理吗$|算什么|作为吗|贪官|保护伞"
)
_WANTING = re.compile(
    r"""
    ^(?:[^,]{0,10}?)(?:强烈要求|(?<![按照据家合其策定关])(?<!符合)要求|请求|恳请|恳求|希望|盼望|期望|期盼|呼吁|
    建议|祈求|拜托|渴望)(?!是|的|书|人|破灭)|^(?:还|敬|特|在此|故|也|并|再次|现|望)*(?:请|望|求|盼)(?!问|领导好|
    见谅|原谅|求书|求人|客|愿|在意|多关照|假|示)
    """,
    re.X,
)
_VAGUE = re.compile(
    r"""
    ^[^,]{0,8}(?:重视|关注|回复|答复|解决|处理|帮助|关心|谢谢|百忙|批评|体谅|理解|支持|关怀|为民做主|做主|
    给个说法|给予答复|查实|核实|知悉|相关部门|有关部门|领导们?)[^,]{0,6}$
    """,
    re.X,
)
_NO_WISH = re.compile(
    r"""
    无论如何|不管怎[么样]|听从.{0,8}建议|建议[后下]|没有什么|什么都|什么也|怎么说|不知(?:道)?(?:为什么|怎么)$|感谢|此致|敬礼|^谢谢|见谅|
    ^请求$|^建议$|^希望$
    """,
    re.X,
)
_FORM: dict[Wish, re.Pattern[str]] = {
    Wish.WHEN: re.compile(
        r"""
    \d{1,4}年|\d{1,2}月|年底|年内|季度|工作日|尚未|暂未|暂无|目前|待.{2,20}后|正在|近期|计划|预计
    """,
        re.X,
    ),
    Wish.WHETHER: re.compile(
        r"""
    可以|可|不可|不能|不得|不予|不属于?|属于|符合|没有|无需|需要|应当|不存在|合法|违法|违规|属实|是|能够|已|
    不会|暂[未无不]|不再
    """,
        re.X,
    ),
    Wish.HOW: re.compile(r"办理|申请|提供|携带|凭|前往|材料|流程|登记|审核|拨打|窗口|领取|缴纳|登录|报名|按照|根据"),
    Wish.WHY: re.compile(r"由于|因为?|原因|鉴于|根据|按照|为了?|导致|所以|故"),
    Wish.HOW_MUCH: re.compile(r"\d|[一二三四五六七八九十百千万]+(?:元|年|倍|个|人)|标准"),
    Wish.WHICH: re.compile(
        r"""
    [\u4e00-\u9fff]{2,}(?:路|街|局|办|中心|窗口|站|所|处|小学|中学|社区|公司|负责|管理)|包括|分别|如下
    """,
        re.X,
    ),
    Wish.QUESTION: re.compile(r"."),
    Wish.REQUEST: re.compile(
        r"""
    已|将|正在|安排|组织|责令|要求|整改|下一步|计划|现场|调查|协调|拆除|维修|清理|处罚|无法|不能|不具备|暂不|
    不会|不再|不宜|没有|未发现|不属于|建议|可以|不符合|列入|纳入|同意|不予
    """,
        re.X,
    ),
}
_HAN = re.compile(r"[\u3400-\u9fff]{2,}|[A-Za-z]{2,}|\d{2,}")
_EMPTY = re.compile(
    "["
    "的了是在和与及把被就都也又还吗呢么我你您他她它们这那个有不没能会要请问希望求恳建议应该可以什时候"
    "何怎样为哪里多少否如办一些所该吧啊嘛呀对于关与从到给让使得着过很更最上下里之其而且或但却因此已经"
    "将"
    "]"
)
_COMMON = frozenset(
    either(
        """
    问题 情况 领导 政府 部门 相关 有关 书记 市长 县长 反映 投诉 举报 咨询 尊敬 您好 你好 谢谢 解决 处理 回复 答复
    重视 关注 老百 百姓 群众 市民 居民 我们 现在 目前 尽快 早日 督促 协调 生活 严重 影响 附近 地方 认真 看到 留言
    说法 民众 管管 上级 迅速 严厉 真正 个人 调查 查处 核实 落实 干预 监督 维护 合法 权益 做主 主持 公道 公平 强烈
    请问 试问 特此 一下 部管 级领 求政 思想
    """
    ).split("|")
)


def wishes(message: Reading, *, subject: Reading, reply: Reading, parted: tuple[Parted, ...]) -> tuple[Asked, ...]:
    """The questions and requests of a message, in order, and where the reply touches each.

    Where the message says none, its subject is the one. What the reply only quotes of the message touches nothing; a
    reply that speaks of the same in quite other words is missed.
    """
    said = [each for each in parted if each.part in {Part.SAID, Part.REFERRED, Part.CONTACT}]
    clauses = [(each, _pairs(each.own)) for each in said]
    about = _pairs(subject.text) or _pairs(message.text[:200])
    found: list[tuple[Reading, int, int, Wish, set[str]]] = []
    for reading, start, end, wish in _found(message, subject):
        words = reading.text[start:end]
        own = _pairs(words)
        if own and any(len(own & other) * 2 > len(own) for *_, other in found):
            continue
        found.append((reading, start, end, wish, own))
        if len(found) == MOST:
            break
    few = len(found) <= _FEW
    return tuple(
        _asked(reading, start, end, wish, own=own or about, about=about, clauses=clauses, reply=reply, few=few)
        for reading, start, end, wish, own in found
    )


def speaks_of(message: Reading, *, subject: Reading, parted: tuple[Parted, ...]) -> bool:
    """Whether a reply speaks of the matter of a message at all: three pairs of characters of its subject or beginning,
    or a third of them."""
    about = _pairs(subject.text) | _pairs(message.text[:300])
    said = set().union(*(_pairs(each.own) for each in parted if each.part is Part.SAID))
    return len(about & said) >= min(3, max(1, len(about) // 3))


def _found(message: Reading, subject: Reading) -> Iterator[tuple[Reading, int, int, Wish]]:
    vague: list[tuple[Reading, int, int, Wish]] = []
    any_found = False
    for start, end in message.sentences():
        for from_, to, wish in _of_sentence(message.text, start, end):
            words = message.text[from_:to]
            if _VAGUE.search(_WANTING.sub("", words)) or (wish is Wish.REQUEST and len(_pairs(words)) < 2):
                vague.append((message, from_, to, wish))
            else:
                any_found = True
                yield message, from_, to, wish
    # Nothing clear is asked: then the subject is, and a reply that decides anything decides it.
    if not any_found and subject.text.strip():
        end = len(subject.text.rstrip())
        yield subject, 0, end, _wish(subject.text[:end], asks=True) or Wish.REQUEST
    elif not any_found:
        yield from vague[:1] or _whole(message)


def _whole(message: Reading) -> Iterator[tuple[Reading, int, int, Wish]]:
    for start, end in message.sentences():
        yield message, start, end, Wish.REQUEST
        return


def _of_sentence(text: str, start: int, end: int) -> list[tuple[int, int, Wish]]:
    """What a sentence asks and wants; that it asks at all only where it does not say what."""
    asks = "?" in text[max(start, end - 3) : end]
    at = start
    found: list[tuple[int, int, Wish]] = []
    for part in text[start:end].split(","):
        stop = at + len(part)
        bare = part.strip("。!?;\n ")
        wish = _wish(bare, asks=asks and stop >= end - 1)
        if wish is not None and len(bare) > 3 and not _NO_WISH.search(bare) and not _RHETORIC.search(bare):
            found.append((at, stop, wish))
        at = stop + 1
    clear = [each for each in found if each[2] is not Wish.QUESTION]
    return clear or found[-1:]


def _wish(words: str, *, asks: bool) -> Wish | None:
    for wish, pattern in _WISHES:
        if pattern.search(words):
            return wish
    if _ASKING.search(words) or (asks and _OPEN_ENDED.search(words)):
        return Wish.QUESTION
    return Wish.REQUEST if _WANTING.search(words) else None


def _asked(
    reading: Reading,
    start: int,
    end: int,
    wish: Wish,
    *,
    own: set[str],
    about: set[str],
    clauses: list[tuple[Parted, set[str]]],
    reply: Reading,
    few: bool,
) -> Asked:
    # A question of few words of its own (是这样吗) is about what the subject says.
    lean = len(own) < 4 or wish is Wish.REQUEST
    least = 0 if wish is Wish.REQUEST and own == about else 2
    scored = []
    for each, pairs in clauses:
        hits = len(own & pairs)
        formed = bool(_FORM[wish].search(each.own))
        # One pair in common is enough for a request that is decided, and where little is asked; else it takes two.
        own_enough = hits >= (1 if few or wish is Wish.REQUEST else min(2, max(1, len(own) // 2)))
        answers = formed and (own_enough or (lean and len(about & pairs) >= least))
        if hits or answers:
            scored.append((answers, hits, -each.clause.start, each))
    scored.sort(key=lambda one: one[:3], reverse=True)
    covered = set().union(*(pairs for _, pairs in clauses)) & own if clauses else set()
    share = len(covered) / max(1, len(own))
    touched = bool(scored) and (share >= ENOUGH or scored[0][0])
    spans = tuple(reply.span(each.clause.start, each.clause.start + len(each.clause.words)) for *_, each in scored[:3])
    return Asked(
        reading.span(start, end),
        reading.text[start:end].strip("。!?;\n ")[:120],
        wish,
        round(share, 2),
        spans if touched else (),
    )


def _pairs(text: str) -> set[str]:
    """Pairs of characters that say something, and words of other scripts."""
    found: set[str] = set()
    for run in _HAN.findall(text):
        if run[0].isascii():
            found.add(run.lower())
            continue
        for piece in _EMPTY.split(run):
            found.update(piece[at : at + 2] for at in range(len(piece) - 1))
    return found - _COMMON
