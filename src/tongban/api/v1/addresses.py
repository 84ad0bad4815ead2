"""Addresses of things, relative to the host."""

__all__ = ["ROOT", "case_href", "matter_href"]

ROOT = "/api/v1"


def case_href(number: int) -> str:
    """Where a case is."""
    return f"{ROOT}/cases/{number:016d}"


def matter_href(code: str) -> str:
    """Where a matter's guide is."""
    return f"{ROOT}/matters/{code}"
