"""When two writings are one name."""

__all__ = ["is_same_name"]


def is_same_name(typed: str, *known: str) -> bool:
    """Whether what was typed is one of the names: spaces, capitals and brackets of two widths make no other name."""
    return bool(typed.strip()) and _plain(typed) in {_plain(name) for name in known if name}


def _plain(name: str) -> str:
    return "".join(name.split()).casefold().translate(str.maketrans("（）", "()"))
