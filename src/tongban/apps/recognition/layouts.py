"""What the lines of a paper say: identity cards, business licences, our own forms."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tongban.apps.recognition.labels import Said, find_labels, grown, merged, said_at
from tongban.apps.recognition.lines import Line, plain
from tongban.apps.recognition.proposals import (
    SURE,
    Proposal,
    as_code,
    as_date,
    as_number,
    as_phone,
    as_words,
    day_in,
    doubted,
)

__all__ = ["NATIONS", "Asked", "Understood", "understand"]

_NAME = r"[一-鿿㐀-䶿.]{2,20}"
_PLACE = r"[一-鿿㐀-䶿][一-鿿㐀-䶿0-9A-Za-z\-#()]*[号室户组村栋幢楼层座院队店铺场厦]"
# One body: two of them in a row are its name and its type, of which the label went unseen.
_BODY = r"(?!.*公司.*公司)[一-鿿㐀-䶿A-Za-z0-9()]{3,}(公司|厂|店|部|中心|行|社|所|馆|院|场|商行|超市|合作社|合伙\)?)"
_NUMBER = re.compile(r"[0-9OQDILZSB]{17}[0-9X]", re.IGNORECASE)
_FULL_ADDRESS_LINE = 11
"""Characters of an address on one line of a card: after a full line a last one may have gone unseen."""
_NATIONS = (
    "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 "
    "土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇 "
    "柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 "
    "乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺 "
)
NATIONS = frozenset(re.findall(r"[^ ]+", _NATIONS))
"""GB 3304."""
_OLD_FORMS = str.maketrans("漢滿維爾蒙達俄", "汉满维尔蒙达俄")
_FRONT: Mapping[str, Sequence[str]] = {
    "name": ("姓名",),
    "sex": ("性别",),
    "nation": ("民族",),
    "born": ("出生",),
    "address": ("住址",),
    "identity_number": ("公民身份号码",),
}
_BACK: Mapping[str, Sequence[str]] = {"authority": ("签发机关",), "valid": ("有效期限",)}
_LICENCE: Mapping[str, Sequence[str]] = {
    "credit_code": ("统一社会信用代码",),
    "name": ("名称", "名", "称"),
    "type": ("类型", "类", "型"),
    "representative": ("法定代表人", "经营者", "负责人", "执行事务合伙人"),
    "capital": ("注册资本", "出资额"),
    "founded": ("成立日期", "注册日期"),
    "address": ("住所", "住", "所", "经营场所", "主要经营场所"),
    "scope": ("经营范围",),
    "office": ("登记机关",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question of a form of ours, as it is printed: ``labels`` in each language, ``format`` as in its definition."""

    labels: Sequence[str]
    format: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """``kind`` is ``card-front``, ``card-back``, ``licence``, ``form`` or ``unknown``; a proposal for each field."""

    kind: str
    proposals: Sequence[Proposal]


def understand(lines: Sequence[Line], *, form: Mapping[str, Asked] | None = None) -> Understood:
    """Say what paper it is, and what it says. ``form`` are the questions of a form of ours that it may be, by name."""
    lines = merged(lines)
    text = {line.text for line in lines}
    if any(each.startswith("公民身份号码") for each in text) or len(find_labels(_split(lines), _FRONT)) >= 3:
        return Understood(kind="card-front", proposals=_front(_split(lines)))
    if any("居民身份证" in each for each in text) or len(find_labels(lines, _BACK)) == 2:
        return Understood(kind="card-back", proposals=_back(lines))
    if any(each.startswith("统一社会信用代码") for each in text) or any("营业执照" in each for each in text):
        return Understood(kind="licence", proposals=_licence(lines))
    if form and (proposals := _form(lines, form)):
        return Understood(kind="form", proposals=proposals)
    return Understood(kind="unknown", proposals=())


def _split(lines: Sequence[Line]) -> list[Line]:
    """Sex and nation of a card stand in one row, and may have been seen as one line."""
    done: list[Line] = []
    for line in lines:
        place = line.text.find("民族")
        if place > 0 and line.text.startswith("性别"):
            done += [line.part(0, place), replace(line.part(place, len(line.text)), number=line.number + 1000)]
        else:
            done.append(line)
    return done


def _said(
    lines: Sequence[Line], labels: Mapping[str, Sequence[str]], several: Collection[str], *, upwards: bool = False
) -> dict[str, Said]:
    return said_at(find_labels(lines, labels), lines, several=several, upwards=upwards)


def _front(lines: Sequence[Line]) -> list[Proposal]:
    said = _said(lines, _FRONT, frozenset({"address"}))
    number = _number_anywhere(lines) or said.get("identity_number")
    found = {"identity_number": as_number("identity_number", number)} if number else {}
    if "address" not in said and number and (words := _address_without_label(lines, number, said)):
        found["address"] = doubted(_address_of_card(words), "no-label")
    if "address" in said and number:  # the number stands below the address, and is no part of it
        apart = {line.number for line in number.lines}
        said["address"] = Said(tuple(line for line in said["address"].lines if line.number not in apart))
    forms: dict[str, Callable[[Said], Proposal]] = {
        "name": lambda words: as_words("name", words, form=_NAME),
        "sex": lambda words: as_words("sex", words, form="男|女"),
        "nation": _nation_of_card,
        "born": lambda words: as_date("born", words),
        "address": _address_of_card,
    }
    found |= {name: judge(said[name]) for name, judge in forms.items() if name in said}
    return list(_consistent(found).values())


def _nation_of_card(words: Said) -> Proposal:
    """One of a closed list; a recogniser knows the older forms of some of its characters, too."""
    lines = tuple(replace(line, text=line.text.translate(_OLD_FORMS)) for line in words.lines)
    return as_words("nation", Said(lines), form="|".join(NATIONS), least=0.9)


def _address_without_label(lines: Sequence[Line], number: Said, said: Mapping[str, Said]) -> Said | None:
    """The words that begin as an address does, above the number and beside no label; None for none, or several."""
    apart = {line.number for words in (number, *said.values()) for line in words.lines}
    free = [line for line in lines if line.number not in apart and line.left[1] < number.lines[0].left[1]]
    begins = [line for line in free if re.match(r"[一-鿿]{2,8}[省市区县州盟旗]", line.text)]
    return grown(begins[0], free) if len(begins) == 1 else None


def _address_of_card(words: Said) -> Proposal:
    proposal = as_words("address", words, form=_PLACE)
    return doubted(proposal, "cut-off") if len(words.lines[-1].text) >= _FULL_ADDRESS_LINE else proposal


def _number_anywhere(lines: Sequence[Line]) -> Said | None:
    for line in lines:
        if found := _NUMBER.search(line.text):
            return Said((line.part(*found.span()),))
    return None


def _consistent(found: dict[str, Proposal]) -> dict[str, Proposal]:
    """Day of birth and sex are on the card twice: in words, and in the number. Both are marked where they differ."""
    number = found.get("identity_number")
    if number is None or len(number.text) != 18:
        checked = {name: doubted(each, "unchecked") for name, each in found.items() if name in ("born", "sex")}
        return found | checked
    sex = "男" if number.text[16] in "13579" else "女"
    digits = number.text[6:14]
    pairs = {"sex": sex, "born": f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"}
    for name, text in pairs.items():  # a single letter goes unseen now and then; the number says it, too
        if name not in found and not number.marked:
            derived = Proposal(name=name, text=text, confidence=number.confidence, marked=False, strips=number.strips)
            found[name] = doubted(derived, "derived")
    wrong = [name for name, text in pairs.items() if name in found and found[name].text != text]
    for name in wrong:
        found[name] = doubted(found[name], "differs")
        found["identity_number"] = doubted(found["identity_number"], "differs")
    return found


def _back(lines: Sequence[Line]) -> list[Proposal]:
    said = _said(lines, _BACK, frozenset())
    found: list[Proposal] = []
    if "authority" in said:
        found.append(as_words("authority", said["authority"], form=r"[一-鿿]{4,}(公安局|分局|派出所)"))
    if "valid" in said:
        found += _valid(said["valid"])
    return found


def _valid(words: Said) -> list[Proposal]:
    """Since when a card holds and until when: 5, 10 or 20 years, or for ever (居民身份证法 5)."""
    start, _, end = words.text.rpartition("-")
    line, first = words.lines[0], len(start)
    since = as_date("valid_from", Said((line.part(0, first),)), least=0.9)
    last = Said((line.part(first + 1, len(line.text)),))
    until = as_words("valid_until", last) if end == "长期" else as_date("valid_until", last, least=0.9)
    began, ends = day_in(start), day_in(end)
    if began is None or (end != "长期" and (ends is None or not _is_usual(began, ends))):
        return [doubted(since, "differs"), doubted(until, "differs")]
    return [since, until]


def _is_usual(since: date, until: date) -> bool:
    return until.year - since.year in (5, 10, 20) and (until.month, until.day) == (since.month, since.day)


def _licence(lines: Sequence[Line]) -> list[Proposal]:
    said = _said(lines, _LICENCE, frozenset({"name", "type", "address", "scope"}))
    code = _below_code(lines) or said.get("credit_code")
    forms: dict[str, Callable[[Said], Proposal]] = {
        "name": lambda words: as_words("name", words, form=_BODY),
        "type": lambda words: as_words("type", words, form=r"[一-鿿()、,]{4,}"),
        "representative": lambda words: as_words("representative", words, form=_NAME),
        "capital": lambda words: as_words("capital", words, form=r"[一-鿿0-9.]+(元|元整|圆整|美元)"),
        "founded": lambda words: as_date("founded", words, least=0.95),
        "address": lambda words: as_words("address", words, form=_PLACE),
    }
    found = [as_code("credit_code", code)] if code else []
    return [*found, *(judge(said[name]) for name, judge in forms.items() if name in said)]


def _below_code(lines: Sequence[Line]) -> Said | None:
    for line in lines:
        if found := re.search(r"[0-9A-Z]{18}", line.text.upper()):
            return Said((line.part(*found.span()),))
    return None


def _form(lines: Sequence[Line], form: Mapping[str, Asked]) -> list[Proposal]:
    labels = {name: [plain(each, [1.0] * len(each))[0] for each in asked.labels] for name, asked in form.items()}
    said = _said(lines, labels, frozenset(form), upwards=True)
    return [_answer(name, form[name], words) for name, words in said.items()]


def _answer(name: str, asked: Asked, words: Said) -> Proposal:
    if asked.format == "identity-number":
        return as_number(name, words)
    if asked.format == "credit-code":
        return as_code(name, words)
    if asked.format == "mobile":
        return as_phone(name, words)
    return as_date(name, words, least=SURE) if asked.format == "date" else as_words(name, words)
