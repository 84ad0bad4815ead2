"""The reference of rules names every function with its parameters, every element, policy and bound as they are."""

from tests.docs.pages import read, rows, section

from tongban.kernel.rules import compiler, lexer, reading, values
from tongban.kernel.rules.dmn import boxed, reader, xml
from tongban.kernel.rules.library import LIBRARY
from tongban.kernel.rules.library.registry import signatures

PAGE = "reference/rules.md"


def cells(text: str) -> dict[str, str]:
    """By the first cell of each row, its second."""
    lines = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| `")]
    return {first.strip().strip("`"): second.strip() for first, second, *_ in lines}


def test_every_function_is_documented_with_its_parameters() -> None:
    told = cells(section(PAGE, "## Functions"))
    assert sorted(told) == sorted(LIBRARY.keys() - {"@"})
    for name, parameters in told.items():
        for signature in signatures(name):
            written = f"`{', '.join(signature)}`" if signature else "none"
            assert written in parameters, (name, signature)


def test_every_element_is_documented() -> None:
    told = set(rows(section(PAGE, "## Files")))
    assert told == {*reader._WHAT, *boxed.EXPRESSIONS, "itemDefinition", "import"}


def test_every_policy_is_documented() -> None:
    text = section(PAGE, "## Tables")
    assert rows(text) == ["UNIQUE", "FIRST", "ANY", "PRIORITY", "RULE ORDER", "OUTPUT ORDER", "COLLECT"]
    assert sorted(rows(text)) == sorted(boxed._POLICIES)
    assert all(f"`{sign}`" in text for sign in boxed._AGGREGATIONS)


def test_the_bounds_are_those_of_the_code() -> None:
    text = section(PAGE, "## Bounds")
    bounds = (
        lexer.MAX_TEXT, reading.MAX_NESTING, compiler.MAX_DEPTH, xml.MAX_BYTES, xml.MAX_ELEMENTS, values.STEPS,
        values.DEPTH,
    )  # fmt: skip
    for bound in bounds:
        assert f" {bound:,}" in text
    assert "`rules.too-long`" in read(PAGE)
