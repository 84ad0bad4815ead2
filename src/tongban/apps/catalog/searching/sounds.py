"""How Chinese sounds: pinyin of texts, and pinyin as people type it, whole, by initials, mixed, or as they speak it."""

import re
from functools import lru_cache

__all__ = ["Spelled", "fold", "is_initials", "spell", "syllables"]

_FEWEST_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
# Initials and endings that many people do not tell apart, so neither do we: zh/z, ch/c, sh/s, ang/an, eng/en, ing/in.
_ENDINGS = (("ang", "an"), ("eng", "en"), ("ing", "in"))
_INITIALS = frozenset("abcdefghjklmnopqrstwxyz")
_LONGEST_SYLLABLE = 6
_LONGEST_TYPED = 60
_COST_OF_SYLLABLE, _COST_OF_INITIAL = 1.0, 2.4

Spelled = tuple[str, ...]
"""Typed letters as syllables; a single consonant stands for a syllable that begins with it."""


@lru_cache(maxsize=20_000)
def syllables(run: str) -> tuple[str, ...]:
    """The folded syllables of a run of Chinese, one for each character; others are left out."""
    from pypinyin import lazy_pinyin  # its dictionaries cost a process that never searches a fifth of its start

    return tuple(fold(each) for each in lazy_pinyin("".join(_FEWEST_HAN.findall(run)), errors="ignore"))


@lru_cache(maxsize=5_000)
def fold(syllable: str) -> str:
    """A syllable as those speak it who say s for sh and n for ng."""
    syllable = syllable.replace("ü", "v").replace("lv", "lu").replace("nv", "nu")
    if syllable[1:2] == "h" and syllable[0] in "zcs":
        syllable = syllable[0] + syllable[2:]
    for ending, instead in _ENDINGS:
        if syllable.endswith(ending):
            return syllable.removesuffix(ending) + instead
    return syllable


def spell(typed: str, known: frozenset[str]) -> Spelled | None:
    """Letters cut into syllables of ``known`` (folded) and initials, as few as can be; None where none fit."""
    typed = typed[:_LONGEST_TYPED]
    best: list[tuple[float, Spelled] | None] = [(0.0, ())] + [None] * len(typed)
    for at in range(len(typed)):
        here = best[at]
        if here is None:
            continue
        for end in range(at + 1, min(len(typed), at + _LONGEST_SYLLABLE) + 1):
            piece = fold(typed[at:end])
            cost = _cost(typed[at:end], piece, known)
            there = best[end]
            if cost and (there is None or here[0] + cost < there[0]):
                best[end] = (here[0] + cost, (*here[1], piece))
    found = best[-1]
    return found[1] if found else None


def is_initials(spelled: Spelled) -> bool:
    """Whether some of it stands for a syllable by its first letter alone."""
    return any(len(each) == 1 and each not in "aeo" for each in spelled)


def _cost(raw: str, folded: str, known: frozenset[str]) -> float:
    if folded in known and (len(raw) > 1 or raw in "aeo"):
        return _COST_OF_SYLLABLE
    return _COST_OF_INITIAL if raw in _INITIALS or raw in ("zh", "ch", "sh") else 0.0
