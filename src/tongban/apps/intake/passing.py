"""How far a draft is: the steps that are done, and of a step asked one question a page, the questions passed so far.

Both stand in ``Draft.steps_done``: a step by its id, a question as ``step/question``. A step that is done needs no
questions beside it.
"""

from collections.abc import Collection, Iterable, Sequence

from tongban.apps.catalog.definitions import Field, FormStep

__all__ = ["has_passed", "passed_on", "passing"]


def has_passed(done: Collection[str], *, step: str, question: str) -> bool:
    """Whether somebody has gone on from this question, with its step or by itself."""
    return step in done or _mark(step, question) in done


def passed_on(done: Collection[str], step: FormStep, asked: Iterable[Field]) -> frozenset[str]:
    """The questions of a step that were gone on from; of a step that is done, all that it ``asked``."""
    if step.id in done:
        return frozenset(each.name for each in asked)
    return frozenset(each.name for each in step.fields if _mark(step.id, each.name) in done)


def passing(done: Iterable[str], step: FormStep, *, is_done: bool, passed: Collection[str] = ()) -> Sequence[str]:
    """What to keep after a page of a step: the step when it is done, else which of its questions were ``passed``."""
    others = [each for each in done if each.partition("/")[0] != step.id]
    if is_done:
        return [*others, step.id]
    return [*others, *(_mark(step.id, each.name) for each in step.fields if each.name in passed)]


def _mark(step: str, question: str) -> str:
    return f"{step}/{question}"
