"""How case numbers stand in addresses: 16 digits, without spaces."""

from django.urls import register_converter

__all__ = ["CaseNumber"]


class CaseNumber:
    """A case number. Its check digit is the domain's matter: a number that cannot be right is an unknown case."""

    regex = "[0-9]{16}"

    def to_python(self, value: str) -> int:
        """The number of the case."""
        return int(value)

    def to_url(self, value: int) -> str:
        """The number as it stands in an address."""
        return f"{value:016d}"


register_converter(CaseNumber, "case")
