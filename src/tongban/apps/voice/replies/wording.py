"""How plain a reply is: how long its sentences are, what is formula, and what sounds like office and says nothing."""

import re
from dataclasses import dataclass

from tongban.apps.voice.replies.parts import FORMULAE, Part, Parted
from tongban.apps.voice.replies.reading import Reading, Span

__all__ = ["Wording", "wording"]

LONG_SENTENCE = 120
"""Characters of a sentence that hardly anybody reads to its end at once; measured without its brackets."""
_OFFICIALESE = re.compile(
    r"""
    高度重视|切实|扎实(?:推进)?|狠抓|抓好落实|形成合力|长效机制|常态化|全力以赴|积极稳妥|统筹推进|深入开展|
    大力推进|不断(?:提升|提高|完善|加强)|全面落实|坚决杜绝|营造.{0,8}氛围|(?:获得感|幸福感|安全感)|再上新?台阶|
    一如既往|强有力|重拳|高压态势|以人为本|为民服务|贯彻落实|认真落实|上新台阶|责任意识|牢固树立|宗旨意识|
    精神面貌|良好的?(?:环境|氛围|秩序)|有力保障|稳步推进|有序推进|进一步(?:加强|加大|强化|完善|提升)|
    加大.{0,6}力度
    """,
    re.X,
)
_BRACKETS = re.compile(r"[(\[〔【《\"“][^()\[\]〔〕【】《》\"“”\n]{0,80}[)\]〕】》\"”]")


@dataclass(frozen=True, slots=True)
class Wording:
    """``characters`` that are letters or digits; ``content``: those on the matter; ``formulae``: the share of formulae.

    ``longest`` and ``mean`` sentence in characters; ``officialese``: phrases without content.
    """

    characters: int
    content: int
    formulae: float
    longest: int
    mean: float
    long_sentences: tuple[Span, ...]
    officialese: tuple[Span, ...]


def wording(reading: Reading, parted: tuple[Parted, ...]) -> Wording:
    """Measure how a reply is put."""
    whole = sum(each.size for each in parted)
    said = sum(each.size for each in parted if each.part in {Part.SAID, Part.REFERRED, Part.CONTACT})
    formulae = sum(each.size for each in parted if each.part in FORMULAE)
    lengths, long = [], []
    for start, end in reading.sentences():
        length = len(_BRACKETS.sub("", reading.text[start:end]))
        lengths.append(length)
        if length > LONG_SENTENCE:
            long.append(reading.span(start, end))
    return Wording(
        characters=whole,
        content=said,
        formulae=round(formulae / max(1, whole), 2),
        longest=max(lengths, default=0),
        mean=round(sum(lengths) / max(1, len(lengths)), 1),
        long_sentences=tuple(long),
        officialese=tuple(reading.span(hit.start(), hit.end()) for hit in _OFFICIALESE.finditer(reading.text)),
    )
