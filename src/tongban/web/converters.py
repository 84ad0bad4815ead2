"""How case numbers (16 digits, without spaces), days and hashes stand in addresses."""

from datetime import date

from django.urls import register_converter

__all__ = ["CaseNumber", "Day", "Link"]


class CaseNumber:
    """A case number. Its check digit is the domain's matter: a number that cannot be right is an unknown case."""

    regex = "[0-9]{16}"

    def to_python(self, value: str) -> int:
        """The number of the case."""
        return int(value)

    def to_url(self, value: int) -> str:
        """The number as it stands in an address."""
        return f"{value:016d}"


class Day:
    """A day as in 2026-03-02; one that no calendar has is no address."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        """The day; ``ValueError`` lets the next route be tried."""
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        """The day as it stands in an address."""
        return value.isoformat()


class Link:
    """The hash of an entry of the log, in hexadecimal: with its byte for the algorithm, or of old without."""

    regex = "[0-9a-f]{64}(?:[0-9a-f]{2})?"

    def to_python(self, value: str) -> str:
        """The same."""
        return value

    def to_url(self, value: str) -> str:
        """The same."""
        return value


register_converter(CaseNumber, "case")
register_converter(Day, "day")
register_converter(Link, "link")
