"""Several matters for one event of life: reading, checking and planning a bundle. Pure, as all of ``definitions``."""

from .checks import check_bundle, ways
from .model import (
    Bundle,
    BundleExample,
    BundleVisits,
    Dependency,
    GuideChoice,
    Part,
    Question,
    SharedAnswer,
)
from .plan import Paper, Plan, PlannedPart, plan, plan_all, same_papers
from .reader import FILE, BundleFiles, ReadBundle, compile_bundle, read_bundle_folder
from .rehearsal import BundleRehearsal, rehearse_bundle

__all__ = [
    "FILE",
    "Bundle",
    "BundleExample",
    "BundleFiles",
    "BundleRehearsal",
    "BundleVisits",
    "Dependency",
    "GuideChoice",
    "Paper",
    "Part",
    "Plan",
    "PlannedPart",
    "Question",
    "ReadBundle",
    "SharedAnswer",
    "check_bundle",
    "compile_bundle",
    "plan",
    "plan_all",
    "read_bundle_folder",
    "rehearse_bundle",
    "same_papers",
    "ways",
]
