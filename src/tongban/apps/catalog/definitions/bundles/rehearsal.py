"""Examples of a bundle: what the guide says to these answers, held to what must come of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from tongban.apps.catalog.definitions.model import MatterDefinition

from .model import Bundle, BundleExample
from .plan import plan

__all__ = ["BundleRehearsal", "rehearse_bundle"]


@dataclass(slots=True)
class BundleRehearsal:
    """What came of one example. ``differences`` is empty when all is as expected."""

    file: str
    example: BundleExample
    differences: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether everything came as the example says."""
        return not self.differences


def rehearse_bundle(
    *, bundle: Bundle, example: BundleExample, definitions: Mapping[str, MatterDefinition], file: str
) -> BundleRehearsal:
    """Walk the guide with the example's answers and compare."""
    found = plan(bundle=bundle, answers=example.answers, definitions=definitions)
    parts = [each.matter for each in found.parts]
    papers = [paper.name for paper in found.to_bring]
    result = BundleRehearsal(f"{file}:{example.line}", example)

    def compare(what: str, wanted: object, got: object) -> None:
        if wanted != got:
            result.differences.append(f"{what}: expected {_said(wanted)}, found {_said(got)}")

    compare("parts", list(example.parts), parts)
    if example.materials is not None:
        compare("materials", sorted(example.materials), sorted(papers))
    if example.fee is not None:
        compare("fee", example.fee, found.fee)
    if example.visits is not None:
        compare("visits", example.visits, found.visits)
    return result


def _said(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(each) for each in value) or "none"
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
