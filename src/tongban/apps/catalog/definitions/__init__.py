"""Matters as data: reading and checking a city's folder. Pure: no Django, no database, no clock."""

from .checklists import Checklist, Finding, Item, Lack
from .compiled import Compiled, compile_matter
from .folder import MatterFiles, read_folder
from .form import Choice, Field, FieldError, Form, FormResult, FormStep, Readers
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
    Pledge,
    Rectify,
    Repair,
    ResultField,
    ResultSpec,
    Retention,
    SpecialProcedure,
)
from .origins import Need, Origin, needs_of
from .problems import Problem
from .text import Text

__all__ = [
    "TOPICS",
    "Article",
    "Checklist",
    "Choice",
    "Compiled",
    "Example",
    "ExampleStep",
    "Faq",
    "Fee",
    "Field",
    "FieldError",
    "Finding",
    "Form",
    "FormResult",
    "FormStep",
    "Item",
    "Lack",
    "MaterialSpec",
    "MatterDefinition",
    "MatterFiles",
    "Need",
    "Origin",
    "Phones",
    "Pledge",
    "Problem",
    "Readers",
    "Rectify",
    "Repair",
    "ResultField",
    "ResultSpec",
    "Retention",
    "SpecialProcedure",
    "Text",
    "compile_matter",
    "needs_of",
    "read_folder",
]
