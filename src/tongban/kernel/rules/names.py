"""Names of several words, such as `date and time` or `Applicant's age`: found by the longest match at a token."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from tongban.kernel.rules.errors import RulesError
from tongban.kernel.rules.lexer import Token, tokenize

__all__ = ["BUILT_IN_NAMES", "KnownNames", "normal_name"]

# Properties; the functions of the library are added by `library`.
BUILT_IN_NAMES: list[str] = ["time offset", "start included", "end included"]


def normal_name(name: str) -> str:
    """The name with single spaces."""
    return " ".join(name.split())


def _parts(name: str) -> tuple[str, ...]:
    try:
        return tuple(token.text for token in tokenize(name)[:-1])
    except RulesError:
        # A key such as "a;b" cannot be written as a name in an expression, so there is nothing to know.
        return ()


_Index = dict[str, list[tuple[tuple[str, ...], str]]]


@lru_cache(maxsize=4)
def _built_in(names: tuple[str, ...]) -> _Index:
    """The index of the library's names, made once: every text that is read begins with it."""
    index: _Index = {}
    for name in names:
        _add(index, name)
    return index


def _add(index: _Index, name: str) -> None:
    if name.isidentifier():
        return
    parts = _parts(name)
    if len(parts) < 2:
        return
    held = index.get(parts[0], [])
    if all(parts != other for other, _ in held):
        index[parts[0]] = sorted([*held, (parts, normal_name(name))], key=lambda entry: -len(entry[0]))


class KnownNames:
    """An index from the first word to the names that begin with it, longest first."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = dict(_built_in(tuple(BUILT_IN_NAMES)))
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Know ``name`` from here on."""
        _add(self._names, name)

    def match(self, tokens: Sequence[Token], at: int) -> tuple[str, int] | None:
        """The longest known name that starts at token `at`, and how many tokens it takes."""
        for parts, name in self._names.get(tokens[at].text, ()):
            if tokens[at].kind == "string" or at + len(parts) > len(tokens):
                continue
            if all(tokens[at + i].text == part and tokens[at + i].kind != "string" for i, part in enumerate(parts)):
                return name, len(parts)
        return None
