"""Types as they are written in FEEL: `list<number>`, `context<a: string>`, `function<number> -> Any`, `tApplicant`."""

from tongban.kernel.rules.reading import MAX_NESTING, Reading
from tongban.kernel.rules.types import ANY, BUILT_IN, Type

__all__ = ["parse_type"]

_LONG = ("days and time duration", "years and months duration", "date and time")


def parse_type(parser: Reading) -> Type:
    """The type at the parser's place. An unknown name is refused: `rules.type-unknown`."""
    parser.depth += 1
    if parser.depth > MAX_NESTING:
        raise parser.refuse("rules.too-deep", limit=MAX_NESTING)
    made = _parse(parser)
    parser.depth -= 1
    return made


def _parse(parser: Reading) -> Type:
    name = _long_name(parser)
    if name is not None:
        return BUILT_IN[name]
    if parser.token.kind != "word":
        raise parser.unexpected("type")
    word = parser.token.text
    if parser.peek().text == "<" and word in ("list", "range", "context", "function"):
        parser.at += 2
        return _generic(parser, word)
    return _named(parser)


def _long_name(parser: Reading) -> str | None:
    for name in _LONG:
        parts = name.split()
        if [parser.peek(ahead).text for ahead in range(len(parts))] == parts:
            parser.at += len(parts)
            return name
    return None


def _named(parser: Reading) -> Type:
    """The longest run of words and dots that names a type."""
    start = parser.at
    best: tuple[int, Type] | None = None
    while parser.token.kind in ("word", "number") or parser.is_op(".", "-"):
        parser.at += 1
        text = parser.text[parser.tokens[start].start : parser.tokens[parser.at - 1].end]
        name = " ".join(text.split())
        found = parser.types.get(name) or BUILT_IN.get(name)
        if found is not None:
            best = (parser.at, found)
    if best is None:
        parser.at = start
        raise parser.refuse("rules.type-unknown", type=parser.token.text)
    parser.at = best[0]
    return best[1]


def _generic(parser: Reading, word: str) -> Type:
    if word in ("list", "range"):
        item = parse_type(parser)
        parser.need_op(">")
        return Type(f"{word}<{item.name}>", word, item=item)
    if word == "context":
        fields: list[tuple[str, Type]] = []
        while not parser.is_op(">"):
            name = parser.new_name(":")
            parser.need_op(":")
            fields.append((name, parse_type(parser)))
            if not parser.take_op(","):
                break
        parser.need_op(">")
        return Type("context", "context", fields=tuple(fields))
    parameters: list[Type] = []
    while not parser.is_op(">"):
        parameters.append(parse_type(parser))
        if not parser.take_op(","):
            break
    parser.need_op(">")
    result = parse_type(parser) if parser.take_op("->") else ANY
    return Type("function", "function", parameters=tuple(parameters), result=result)
