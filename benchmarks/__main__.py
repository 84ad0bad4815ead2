"""`python -m benchmarks [NAME]`: run all benchmarks, or one; each prints a line a figure."""

import importlib
import pkgutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

TOGETHER = {"evidence": ("evidence", "exchange", "papers")}
"""What a name stands for besides itself: what government knows already comes from certificates and from others."""


def together(name: str, names: Sequence[str]) -> list[str]:
    """The benchmarks that a name stands for; itself where it stands for nothing else."""
    return [each for each in TOGETHER.get(name, ()) if each in names] or [name]


def main() -> int:
    """Return 1 when a benchmark is unknown or fails."""
    names = sorted(each.name for each in pkgutil.iter_modules([str(Path(__file__).parent)]) if each.name[0] != "_")
    names = [name for name in names if hasattr(importlib.import_module(f"benchmarks.{name}"), "main")]
    wanted = [each for name in sys.argv[1:] for each in together(name, names)] or names
    if unknown := [name for name in wanted if name not in names]:
        print(f"No benchmark {', '.join(unknown)}. There are: {', '.join(names)}.")
        return 1
    # Each in a process of its own, so that one's memory and settings do not colour the next.
    code = "import sys, importlib; importlib.import_module('benchmarks.' + sys.argv[1]).main()"
    return max(subprocess.run([sys.executable, "-c", code, name], check=False).returncode for name in wanted)


if __name__ == "__main__":
    sys.exit(main())
