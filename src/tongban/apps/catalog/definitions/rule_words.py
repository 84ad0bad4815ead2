"""What decision tables say in words, in English: ``rule-words.yaml``, for whoever reads why a rule decided."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from .folder import read_text
from .model import MatterDefinition
from .problems import Problem
from .schema import check_schema
from .source import Document, read_yaml

__all__ = ["check_rule_words", "read_rule_words", "words_of_rules"]

FILE = "rule-words.yaml"


def read_rule_words(folder: Path) -> Mapping[str, str] | list[Problem]:
    """English by the words of the city's tables, or why its file cannot be used; nothing without a file."""
    found = _read(folder)
    return found if isinstance(found, list) else {} if found is None else dict(found.value["words"])


def check_rule_words(folder: Path) -> list[Problem]:
    """What is wrong in the file. A text that it does not have is shown as the table has it."""
    found = _read(folder)
    return found if isinstance(found, list) else []


def words_of_rules(definitions: Iterable[MatterDefinition]) -> Iterator[tuple[str, str]]:
    """Columns that ask more than one question of the form, and all words beside rows; each with a matter."""
    for definition in definitions:
        for decisions in definition.decisions.values():
            for text, expression in decisions.captions:
                if text and not (expression in definition.form.fields or expression == text):
                    yield text, definition.code


def _read(folder: Path) -> Document | list[Problem] | None:
    if not (folder / FILE).exists():
        return None
    text = read_text(folder / FILE, file=FILE)
    document = text if isinstance(text, Problem) else read_yaml(text, file=FILE)
    if isinstance(document, Problem):
        return [document]
    return check_schema(document, schema="rule-words") or document
