"""Which strands are one topic: links of the machine, merges by hand, and what was split and stays apart.

A topic is a set of strands that links hold together, and bears the number of its oldest strand. Nothing is lost by a
link, so a merge
taken back restores what was, whatever was merged before or after; the order of merges makes no difference.
"""

from collections.abc import Iterable

__all__ = ["Links"]


class Links:
    """Links between strands; a hand's merge holds also against a split, the machine never links what was split."""

    def __init__(self) -> None:
        self.machine: dict[int, set[int]] = {}
        self.merges: dict[int, frozenset[int]] = {}
        self.apart: dict[int, tuple[int, frozenset[int]]] = {}
        self._topics: dict[int, int] = {}
        self._strands: dict[int, list[int]] = {}

    def topic(self, strand: int) -> int:
        """The topic that a strand belongs to."""
        return self._topics.get(strand, strand)

    def strands(self, topic: int) -> list[int]:
        """The strands of a topic, oldest first."""
        return self._strands.get(topic, [topic])

    def link(self, one: int, other: int) -> bool:
        """The machine's link; False if it is there already, or something that was split would be joined by it."""
        if self.topic(one) == self.topic(other) or self._split(self.topic(one), self.topic(other)):
            return False
        self.machine.setdefault(one, set()).add(other)
        self.machine.setdefault(other, set()).add(one)
        self._join([*self.strands(self.topic(one)), *self.strands(self.topic(other))])
        return True

    def merge(self, number: int, strands: Iterable[int]) -> None:
        """Merge the topics of these strands by hand, under a number by which it is taken back."""
        self.merges[number] = frozenset(strands)
        self._join([each for strand in self.merges[number] for each in self.strands(self.topic(strand))])

    def unmerge(self, number: int) -> None:
        """Take a merge back; KeyError if there is none of this number."""
        held = self.merges.pop(number)
        self._sort(list(self.strands(self.topic(min(held)))))

    def split(self, number: int, new: int, old: Iterable[int]) -> None:
        """Remember that a strand was split from others: the machine keeps them apart, until it is taken back."""
        self.apart[number] = (new, frozenset(old))

    def unsplit(self, number: int) -> None:
        """Forget a split; KeyError if there is none of this number."""
        self.apart.pop(number)

    def rebuild(self, strands: Iterable[int]) -> None:
        """Find all topics anew, as after reading what was saved."""
        self._topics, self._strands = {}, {}
        self._sort(strands)

    def _split(self, one: int, other: int) -> bool:
        if not self.apart:
            return False
        left, right = set(self.strands(one)), set(self.strands(other))
        return any(
            (new in left and not right.isdisjoint(old)) or (new in right and not left.isdisjoint(old))
            for new, old in self.apart.values()
        )

    def _join(self, strands: Iterable[int]) -> None:
        members = sorted(set(strands))
        for each in members:
            self._strands.pop(each, None)
            self._topics[each] = members[0]
        if len(members) > 1:
            self._strands[members[0]] = members

    def _sort(self, strands: Iterable[int]) -> None:
        """Find which of these strands still hold together."""
        left = set(strands)
        for each in left:
            self._topics.pop(each, None)
            self._strands.pop(each, None)
        near: dict[int, set[int]] = {}
        for one, others in self.machine.items():
            near.setdefault(one, set()).update(others)
        for held in self.merges.values():
            first = min(held)
            for each in held:
                near.setdefault(first, set()).add(each)
                near.setdefault(each, set()).add(first)
        while left:
            group, todo = set(), [left.pop()]
            while todo:
                each = todo.pop()
                group.add(each)
                todo.extend(near.get(each, set()) - group)
            left -= group
            self._join(group)
