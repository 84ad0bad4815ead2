"""Why a call is not answered with what was asked for. Codes are stable; words come with the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as fresh
from typing import Any

__all__ = ["ApiError", "Invalid", "Wrong"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """One value of the call that cannot be taken.

    ``label`` is what people call it, ``control`` how a page asks for it.
    """

    field: str
    code: str
    params: Mapping[str, Any] = fresh(default_factory=dict)
    label: str = ""
    control: str = "text"


class ApiError(Exception):
    """Something that only the API can say. ``headers`` go with the answer."""

    def __init__(
        self,
        code: str,
        *,
        status: int,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.code, self.status = code, status
        self.params, self.headers = dict(params or {}), dict(headers or {})
        super().__init__(code)


class Invalid(ApiError):
    """Values that cannot be taken, all of them at once."""

    def __init__(self, wrong: Sequence[Wrong], *, status: int = 422) -> None:
        self.wrong = tuple(wrong)
        super().__init__("api.invalid", status=status)
