"""Matters as data: reading and checking a city's folder. Pure: no Django, no database, no clock."""

from .compiled import Compiled, compile_matter
from .folder import MatterFiles, read_folder
from .form import Choice, Field, FieldError, Form, FormResult, FormStep
from .model import (
    TOPICS,
    Article,
    Example,
    ExampleStep,
    Faq,
    Fee,
    MaterialSpec,
    MatterDefinition,
    Phones,
    ResultField,
    ResultSpec,
    SpecialProcedure,
)
from .problems import Problem
from .text import Text

__all__ = [
    "TOPICS",
    "Article",
    "Choice",
    "Compiled",
    "Example",
    "ExampleStep",
    "Faq",
    "Fee",
    "Field",
    "FieldError",
    "Form",
    "FormResult",
    "FormStep",
    "MaterialSpec",
    "MatterDefinition",
    "MatterFiles",
    "Phones",
    "Problem",
    "ResultField",
    "ResultSpec",
    "SpecialProcedure",
    "Text",
    "compile_matter",
    "read_folder",
]
