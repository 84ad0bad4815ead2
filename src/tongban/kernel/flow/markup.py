"""Reading XML from strangers: no document type, no entities, no network, bounded size and depth."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from .errors import DefinitionError, Problem

__all__ = ["MAX_BYTES", "parse"]

MAX_BYTES = 5_000_000
_MAX_DEPTH = 100
_PROLOG = re.compile(rb"\A\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*", re.DOTALL)


def parse(xml: bytes, *, source: str) -> etree._Element:
    """The root element. Raises `DefinitionError` for anything that is not harmless, well-formed XML."""
    if len(xml) > MAX_BYTES:
        raise _refusal("xml.too-large", 0, f"The file has more than {MAX_BYTES} bytes.", "Split it.", source)
    bare = xml.replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    prolog = _PROLOG.match(bare)
    if prolog is not None and bare[prolog.end() : prolog.end() + 9].upper() == b"<!DOCTYPE":
        raise _doctype(source)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False, recover=False
    )
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", 0) or 0
        raise _refusal(
            "xml.malformed", line, f"This is not well-formed XML: {error}.", "Save it again from the modeller.", source
        ) from None
    docinfo: Any = root.getroottree().docinfo
    if docinfo.doctype:
        raise _doctype(source)
    if _too_deep(root):
        message = f"Elements are nested more than {_MAX_DEPTH} deep."
        raise _refusal("xml.too-deep", 0, message, "Flatten the subprocesses.", source)
    return root


def _too_deep(root: etree._Element) -> bool:
    level = [(root, 1)]
    while level:
        element, depth = level.pop()
        if depth > _MAX_DEPTH:
            return True
        level.extend((child, depth + 1) for child in element)
    return False


def _doctype(source: str) -> DefinitionError:
    message = "The file declares a document type, which could define entities."
    return _refusal("xml.doctype", 1, message, "Remove the <!DOCTYPE …> declaration.", source)


def _refusal(code: str, line: int, message: str, cure: str, source: str) -> DefinitionError:
    return DefinitionError([Problem(code, "document", "", line, message, cure)], source=source)
