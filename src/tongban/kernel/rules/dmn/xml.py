"""The XML of a DMN file, read without document types, entities or network; and small ways to walk it."""

from collections.abc import Iterator

from lxml import etree

from tongban.kernel.rules.errors import RulesError

__all__ = ["MAX_BYTES", "Element", "children", "first", "line_of", "local", "name_of", "parse", "refuse", "text_in"]

MAX_BYTES = 8_000_000
MAX_ELEMENTS = 200_000
Element = etree._Element

# DMN 1.1 to 1.5; the elements we read are the same in all of them.
NAMESPACES = frozenset({
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
    "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "https://www.omg.org/spec/DMN/20230324/MODEL/",
    "https://www.omg.org/spec/DMN/20240513/MODEL/",
})  # fmt: skip


def parse(xml: bytes) -> Element:
    """The root element. Raises RulesError: `rules.too-long`, `rules.xml`, `rules.doctype`, `rules.not-dmn`."""
    if len(xml) > MAX_BYTES:
        raise RulesError("rules.too-long", {"length": len(xml), "limit": MAX_BYTES})
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, dtd_validation=False, no_network=True, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 0
        raise RulesError("rules.xml", {"message": str(error)}, line, getattr(error, "offset", None) or 0) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise RulesError("rules.doctype", {}, 1)
    if local(root) != "definitions" or namespace_of(root) not in NAMESPACES:
        raise RulesError("rules.not-dmn", {"found": str(root.tag), "expected": "definitions of DMN 1.1 to 1.5"}, 1)
    if sum(1 for _ in root.iter()) > MAX_ELEMENTS:
        raise RulesError("rules.too-long", {"limit": MAX_ELEMENTS}, 1)
    return root


def local(element: Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def namespace_of(element: Element) -> str:
    return etree.QName(element).namespace or "" if isinstance(element.tag, str) else ""


def children(element: Element, *names: str) -> Iterator[Element]:
    """Child elements of the DMN namespace, of these local names if any are given. Vendors' own elements are passed."""
    for child in element:
        if isinstance(child.tag, str) and namespace_of(child) in NAMESPACES and (not names or local(child) in names):
            yield child


def first(element: Element, *names: str) -> Element | None:
    return next(children(element, *names), None)


def text_in(element: Element | None) -> str:
    """The content of the `text` child; "" where there is none."""
    if element is None:
        return ""
    held = first(element, "text")
    return "" if held is None else "".join(str(part) for part in held.itertext()).strip()


def name_of(element: Element) -> str:
    return " ".join((element.get("name") or "").split())


def line_of(element: Element) -> int:
    line = element.sourceline
    return line if isinstance(line, int) else 0


def refuse(code: str, element: Element, **params: object) -> RulesError:
    """A refusal of an element, with what it is, its id, its name and its line."""
    told = {"element": local(element), "id": element.get("id") or "", "name": name_of(element), **params}
    return RulesError(code, told, line_of(element))
