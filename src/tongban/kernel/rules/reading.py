"""Walking the tokens of a text: what stands here, taking it, refusing it, and reading names."""

from collections.abc import Iterable, Mapping

from tongban.kernel.rules.errors import RulesError
from tongban.kernel.rules.lexer import Token, position, tokenize
from tongban.kernel.rules.names import KnownNames
from tongban.kernel.rules.types import Type

__all__ = ["MAX_NESTING", "Reading"]

MAX_NESTING = 80
_NAME_SIGNS = frozenset("-+*/.'%&#")
_NOT_IN_NAMES = frozenset({"in", "return", "satisfies", "for", "if", "then", "else"})


class Reading:
    """The tokens of a text with a place among them, and the names known there."""

    def __init__(self, text: str, names: Iterable[str], types: Mapping[str, Type]) -> None:
        self.text = text
        self.tokens = tokenize(text)
        self.at = 0
        self.depth = 0
        self.types = types
        self.known = KnownNames(names)
        # The `[` that ends a half-open range `]1..5[` must not be read as a filter of its last value.
        self.filters = True

    # --- tokens -----------------------------------------------------------------------------------------------

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def peek(self, ahead: int = 1) -> Token:
        return self.tokens[min(self.at + ahead, len(self.tokens) - 1)]

    def refuse(self, code: str, **params: object) -> RulesError:
        return RulesError(code, params, *position(self.text, self.token.start))

    def unexpected(self, expected: str) -> RulesError:
        return self.refuse("rules.syntax", found=self.token.text or "end", expected=expected)

    def is_op(self, *signs: str) -> bool:
        return self.token.kind == "op" and self.token.text in signs

    def is_word(self, word: str) -> bool:
        return self.token.kind == "word" and self.token.text == word

    def take_op(self, sign: str) -> bool:
        if self.is_op(sign):
            self.at += 1
            return True
        return False

    def need_op(self, sign: str) -> None:
        if not self.take_op(sign):
            raise self.unexpected(sign)

    def need_word(self, word: str) -> None:
        if not self.is_word(word):
            raise self.unexpected(word)
        self.at += 1

    def at_end(self) -> bool:
        return self.token.kind == "end"

    def expect_end(self) -> None:
        if not self.at_end():
            raise self.unexpected("end")

    # --- names ------------------------------------------------------------------------------------------------

    def known_name(self) -> str | None:
        """The longest name of several words that starts here, consumed."""
        found = self.known.match(self.tokens, self.at)
        if found is None:
            return None
        name, length = found
        self.at += length
        return name

    def reference(self) -> str:
        name = self.known_name()
        if name is None:
            if self.token.kind != "word":
                raise self.unexpected("name")
            name = self.token.text
            self.at += 1
        return name

    def new_name(self, *stops: str) -> str:
        """A name being declared: everything up to one of `stops`, its spaces made single."""
        first = self.at
        # A name known already may hold words that would end or forbid a new one: `in stock`.
        known = self.known.match(self.tokens, self.at)
        if known is not None and self.peek(known[1]).text in stops and self.peek(known[1]).kind in ("op", "word"):
            self.at += known[1]
            return known[0]
        while not (self.token.text in stops and self.token.kind in ("op", "word")):
            fits = self.token.kind in ("word", "number") or (self.token.kind == "op" and self.token.text in _NAME_SIGNS)
            if not fits or (self.token.text in _NOT_IN_NAMES and self.at == first):
                raise self.unexpected("name")
            self.at += 1
        if self.at == first:
            raise self.unexpected("name")
        name = " ".join(self.text[self.tokens[first].start : self.tokens[self.at - 1].end].split())
        self.known.add(name)
        return name
