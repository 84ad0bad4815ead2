"""What in a text tells who somebody is: found by kind, with its place, so that a person can look before it is
published.

Numbers are known by their form and their check digits, names by what stands before them. What is found is proposed,
never final: 个人信息保护法 asks that no more is published than must be, and a rule misses what it was not told of.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tongban.kernel.numbers import NumberError, parse_identity_number

__all__ = ["Kind", "Span", "find", "mask", "named"]


class Kind(StrEnum):
    """What a span is."""

    IDENTITY = "identity"
    MOBILE = "mobile"
    LANDLINE = "landline"
    CARD = "card"
    PLATE = "plate"
    EMAIL = "email"
    ACCOUNT = "account"
    ADDRESS = "address"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Span:
    """``start`` and ``end`` in the text as written; ``sure`` where a check digit or an unmistakable form says so."""

    start: int
    end: int
    kind: Kind
    sure: bool


# Digits of either width, with the spaces and dashes that people put between them.
_D = "[0-9０-９]"
_GAP = r"[ \t\-－—]?"
_BEFORE, _AFTER = r"(?<![0-9０-９A-Za-z])", r"(?![0-9０-９])"
_NUMBER = re.compile(rf"{_BEFORE}[1-9１-９](?:{_GAP}{_D}){{14,18}}{_GAP}[xXｘＸ]?(?![0-9０-９A-Za-z])")
_MOBILE = re.compile(rf"(?<![0-9０-９])(?:[+＋]?86{_GAP})?[1１][3-9３-９](?:{_GAP}{_D}){{9}}{_AFTER}")
_LANDLINE = re.compile(
    rf"{_BEFORE}[(（]?[0０]{_D}{{2,3}}[)）]?[ \-－—]?[2-9２-９]{_D}{{6,7}}(?:[-－转]{_D}{{1,5}})?{_AFTER}"
)
_EMAIL = re.compile(r"(?<![\w.+-])[A-Za-z0-9][\w.+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,4}[A-Za-z]{2,24}", re.ASCII)
_REGIONS = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE = re.compile(
    rf"[{_REGIONS}][A-HJ-NP-Za-hj-np-z][·•. ]?(?:[A-HJ-NP-Za-hj-np-z0-9]{{4,5}}[A-Za-z0-9挂学警港澳])(?![A-Za-z0-9])"
)
_ACCOUNT = re.compile(
    r"(?:微信号?|QQ号?|扣扣|weixin|wechat|vx)\s{0,2}[:：是为]?\s{0,2}([A-Za-z0-9][A-Za-z0-9_-]{4,19})", re.I
)
_N = "[0-9０-９一二三四五六七八九十百甲乙丙丁A-Za-z]"
# A house or a flat; the road and the estate before it may be read by all, the door may not.
_HOME = re.compile(
    rf"{_N}{{1,5}}(?:号楼|栋|幢|座|号院|号)[ ,，、]{{0,2}}(?:{_N}{{1,4}}(?:单元|门|梯|座)[ ,，、]{{0,2}})?"
    rf"(?:{_N}{{1,5}}(?:室|房|户|号房|号|楼)|{_D}{{3,4}}{_AFTER})"
    rf"|{_N}{{1,4}}单元[ ,，、]{{0,2}}(?:{_N}{{1,5}}(?:室|房|户|号|楼)|{_D}{{3,4}}{_AFTER})"
    rf"|(?<=[路街巷弄道村组里坊])[ ]?{_N}{{1,5}}(?:号|弄)(?!线|楼|公交|地铁|文件|令)(?:[附之\-－]{_N}{{1,3}}号?)?"
)
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛"
    "闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤欧温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申耿关焦柳祝霍甘俞裴阮尚柯骆路阎宁凌舒辛管柴祖梅"
    "盛纪苗齐左涂喻游翁单阳虞成谷靳苟兰闵佘卓冉楚邬褚娄盘屈蒙桂"
)
_COMPOUND = "欧阳|司马|上官|诸葛|夏侯|皇甫|尉迟|公孙|慕容|令狐|端木|东方|独孤|南宫|长孙|司徒|司空|轩辕"
_FAMILY = rf"(?:{_COMPOUND}|[{_SURNAMES}])"
_HAN = r"[\u3400-\u9fff]"
_CUES = (
    "我叫|我是叫|本人叫|本人|我的名字是|我的名字叫|名字叫|名叫|叫做|联系人|姓名|投诉人|举报人|反映人|申请人|来信人|当事人|经办人|署名|落款|实名"
    "|死者|伤者|患者|户主|业主|房东|儿子|女儿|丈夫|妻子|老公|老婆|父亲|母亲|爸爸|妈妈|爷爷|奶奶|我妈|我爸|孩子|同学|邻居|法人代表|法人|老板|包工头|医生|老师"
)
_AFTER_CUE = r"(?:是|叫|为|名叫)?[ 　]{0,3}[:：,，]?[ 　]{0,3}"
_NAMED = re.compile(rf"(?:{_CUES}){_AFTER_CUE}({_FAMILY}{_HAN}{{1,2}})")
_STYLED = re.compile(rf"({_FAMILY}(?:某某?|{_HAN})?)(?=先生|女士|小姐|大爷|大妈|阿姨|师傅)")
_ENGLISH = re.compile(r"(?:[Mm]y name is|I am called|[Nn]ame[:：]|Mrs?\.|Ms\.)\s{0,3}((?:[A-Z][a-z'’-]{1,20}\s?){1,3})")
# What follows a name is not part of it; and words that only look like one.
_ENDS = re.compile(
    r"[的是在于和与及、电手身住男女家有，,。就也都已不没说因为今昨把被给将向从到去来要想能会很非常曾今年岁]"
)
_NO_NAME = re.compile(
    r"方面|方便|方式|高兴|高度|高中|高考|任何|许多|关于|关系|安全|安排|成为|成都|向来|向上|时间"
    r"|马上|马路|于是|曾经|单位|单独|关心|文化|文件|常年|常常|白天|江苏|江西|石家庄|黄河|温州|万一"
    r"|万元|元旦|都是|何时|何况|何必|金额|金融|段时间|路边|路灯|路口|路段|管理|管道|程度|平时|平台"
    r"|平安|明天|明年|明确|左右|钱没|严重|龙头|高温|高速|康复|宁愿|卢布|毛病|钟头|田地|汤药|武汉"
    r"|贺卡|牛奶|计划|计算|游客|游泳|成绩|成立|成功|温度|温泉|关闭|申请|申诉|祝福|易得|尚未|盛夏"
    r"|章程|左侧|纪委|单元|管委会|路过|阳台|阳光|向阳|余款|余额|宋体|施工|应该|应当|黄金|黄色|白色"
    r"|胡乱|胡同"
)


def find(text: str) -> tuple[Span, ...]:
    """All spans of the text, in order and apart from each other; where two kinds claim one place the surer one has it.

    Looks at all of it, in time that grows with its length. Never fails.
    """
    taken: list[Span] = []
    covered = bytearray(len(text))
    for finder in _FINDERS:
        for span in finder(text):
            if covered.find(1, span.start, span.end) < 0:
                covered[span.start : span.end] = b"\1" * (span.end - span.start)
                taken.append(span)
    return tuple(sorted(taken, key=lambda span: span.start))


def mask(text: str, *, spans: Sequence[Span] | None = None) -> str:
    """The text with each span covered by stars that tell nothing of its length; ``spans`` are all that `find` finds.

    A surname stays before its stars, as papers print it. Spans that overlap or lie outside are refused with
    `ValueError`: a person who moved them must not uncover what lies between.
    """
    pieces, at = [], 0
    for span in sorted(find(text) if spans is None else spans, key=lambda one: one.start):
        if not at <= span.start < span.end <= len(text):
            raise ValueError("spans must lie apart within the text")
        pieces += [text[at : span.start], _stars(text[span.start : span.end], span.kind)]
        at = span.end
    return "".join([*pieces, text[at:]])


def _stars(hidden: str, kind: Kind) -> str:
    return hidden[0] + "**" if kind is Kind.NAME and len(hidden) > 1 else "******"


def _digits(text: str) -> str:
    narrow = (chr(ord(each) - 0xFEE0) if "！" <= each <= "～" else each for each in text)
    return "".join(each for each in narrow if each.isascii() and each.isalnum()).upper()


def _numbers(text: str) -> Iterator[Span]:
    """Identity numbers (GB 11643, 18 digits, or the 15 of before) and bank cards (Luhn)."""
    for found in _NUMBER.finditer(text):
        digits = _digits(found.group())
        end = found.end() - (len(found.group()) - len(found.group().rstrip(" \t-－—")))
        if len(digits) == 18 and _is_identity(digits):
            yield Span(found.start(), end, Kind.IDENTITY, True)
        elif 16 <= len(digits) <= 19 and digits.isdigit() and _luhn(digits):
            yield Span(found.start(), end, Kind.CARD, True)
        elif len(digits) == 18 and _is_date(digits[6:14]):
            yield Span(found.start(), end, Kind.IDENTITY, False)  # mistyped, and still tells a birthday
        elif len(digits) == 15 and digits.isdigit() and _is_date("19" + digits[6:12]):
            yield Span(found.start(), end, Kind.IDENTITY, False)
        elif 16 <= len(digits) <= 19 and digits.isdigit() and digits[:2] in {"62", "60", "43", "45", "51", "52", "95"}:
            yield Span(found.start(), end, Kind.CARD, False)


def _is_identity(digits: str) -> bool:
    try:
        parse_identity_number(digits)
    except NumberError:
        return False
    return True


def _is_date(eight: str) -> bool:
    return (
        eight.isdigit() and "1900" <= eight[:4] <= "2099" and "01" <= eight[4:6] <= "12" and "01" <= eight[6:] <= "31"
    )


def _luhn(digits: str) -> bool:
    total = 0
    for at, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if at % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _matches(pattern: re.Pattern[str], kind: Kind, *, group: int = 0, sure: bool) -> Callable[[str], Iterator[Span]]:
    def finder(text: str) -> Iterator[Span]:
        for found in pattern.finditer(text):
            yield Span(found.start(group), found.end(group), kind, sure)

    return finder


def named(text: str, *, cues: str) -> Iterator[Span]:
    """Names behind words that announce one; ``cues`` are such words as alternatives of a pattern."""
    yield from _behind(re.compile(rf"(?:{cues}){_AFTER_CUE}({_FAMILY}{_HAN}{{1,2}})"), text)


def _names(text: str) -> Iterator[Span]:
    yield from _behind(_NAMED, text)


def _behind(pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    for found in pattern.finditer(text):
        name = found.group(1)
        family = 2 if re.match(_COMPOUND, name) else 1
        given = name[family:]
        if stop := _ENDS.search(given):
            given = given[: stop.start()]
        whole = name[:family] + given
        if given and not _NO_NAME.match(name):
            yield Span(found.start(1), found.start(1) + len(whole), Kind.NAME, False)


def _styled(text: str) -> Iterator[Span]:
    for found in _STYLED.finditer(text):
        yield Span(found.start(1), found.end(1), Kind.NAME, False)


def _english(text: str) -> Iterator[Span]:
    for found in _ENGLISH.finditer(text):
        yield Span(found.start(1), found.start(1) + len(found.group(1).rstrip()), Kind.NAME, False)


_FINDERS: Iterable[Callable[[str], Iterator[Span]]] = (
    _matches(_EMAIL, Kind.EMAIL, sure=True),
    _numbers,
    _matches(_MOBILE, Kind.MOBILE, sure=True),
    _matches(_LANDLINE, Kind.LANDLINE, sure=False),
    _matches(_PLATE, Kind.PLATE, sure=True),
    _matches(_ACCOUNT, Kind.ACCOUNT, group=1, sure=False),
    _matches(_HOME, Kind.ADDRESS, sure=False),
    _names,
    _styled,
    _english,
)
