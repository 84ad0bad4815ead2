"""Values that occur everywhere."""

from typing import Annotated
from uuid import UUID

from ninja import Path
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from tongban.apps.catalog.definitions import Text
from tongban.apps.people.queries import DepartmentName

__all__ = [
    "Answers",
    "CaseNumber",
    "Code",
    "Given",
    "Item",
    "Key",
    "Line",
    "Name",
    "Number",
    "Paragraph",
    "Phone",
    "Reason",
    "Received",
    "Said",
    "StepNo",
    "Words",
    "words",
]


def _printable(text: str) -> str:
    """NUL and other control characters are stored nowhere; line breaks and tabs may stand in a paragraph."""
    if any((char < " " and char not in "\n\r\t") or char == "\x7f" for char in text):
        raise PydanticCustomError("control_characters", "contains control characters")
    return text.strip()


Line = Annotated[str, Field(max_length=200), AfterValidator(_printable)]
Name = Annotated[str, Field(min_length=1, max_length=80), AfterValidator(_printable)]
Number = Annotated[str, Field(min_length=1, max_length=30), AfterValidator(_printable)]
Phone = Annotated[str, Field(max_length=30), AfterValidator(_printable)]
Item = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_printable)]
Paragraph = Annotated[str, Field(max_length=2000), AfterValidator(_printable)]
Reason = Annotated[str, Field(min_length=1, max_length=2000), AfterValidator(_printable)]
Key = Annotated[str, Field(min_length=1, max_length=64), AfterValidator(_printable)]
Said = bool | Annotated[int, Field(ge=-(2**53) + 1, le=2**53 - 1)] | Paragraph | None
"""What may be said under a name: the log takes no fractions, so they are sent as text."""
Code = Annotated[str, Field(max_length=64, pattern=r"^[a-z0-9][a-z0-9_-]*$")]
CaseNumber = Annotated[str, Field(description="16 digits.", examples=["2611220483917722"])]
StepNo = Annotated[int, Path(ge=1, le=100_000, description="`no` in the case: of a step, or of a material.")]
Answers = Annotated[dict[str, object], Field(description="By name of the field; see `form` of the matter.")]
Given = Annotated[
    dict[Annotated[str, Field(max_length=64)], Annotated[list[UUID], Field(max_length=20)]],
    Field(description="File ids from `POST /files`, by code of the material."),
]


class Received(BaseModel):
    """The common root of what callers send: a name that nobody knows is an error, not silence."""

    model_config = ConfigDict(extra="forbid")


class Words(BaseModel):
    """The same words in Chinese and in English."""

    zh: str
    en: str


def words(text: Text | DepartmentName) -> Words:
    """A bilingual text, or the name of a department."""
    if isinstance(text, Text):
        return Words(zh=text.zh, en=text.en)
    return Words(zh=text.name_zh, en=text.name_en)
