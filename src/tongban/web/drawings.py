"""The line icons, the illustrations and the seal, read once from the static folder and written into the page.

They are inlined, so that a page needs no second request for them and shows them without a script.
"""

from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree as ET

__all__ = ["icon_names", "illustration_names", "shapes_of"]

_FOLDER = Path(__file__).resolve().parent / "static" / "tongban"
_SVG = "{http://www.w3.org/2000/svg}"


@lru_cache(maxsize=2)
def _symbols(sheet: str) -> dict[str, tuple[str, str]]:
    """Name of each symbol in a sheet, with its view box and its shapes as markup."""
    ET.register_namespace("", _SVG[1:-1])
    root = ET.parse(_FOLDER / sheet).getroot()  # noqa: S314 - our own file, part of the program
    found = {}
    for symbol in root.iter(f"{_SVG}symbol"):
        markup = "".join(ET.tostring(shape, encoding="unicode") for shape in symbol)
        found[symbol.attrib["id"]] = (
            symbol.attrib["viewBox"],
            markup.replace(f' xmlns="{_SVG[1:-1]}"', "").replace(" />", "/>").strip(),
        )
    return found


def icon_names() -> tuple[str, ...]:
    """Every icon that a page may ask for."""
    return tuple(_symbols("icons.svg"))


def illustration_names() -> tuple[str, ...]:
    """Every illustration that a page may ask for."""
    return tuple(_symbols("illustrations.svg"))


def shapes_of(*, sheet: str, name: str) -> tuple[str, str]:
    """The view box and the shapes of one symbol; a name that is not there is a mistake in a template: KeyError."""
    return _symbols(f"{sheet}.svg")[name]
