"""`python -m benchmarks [NAME]`: run all benchmarks, or one; each prints a line a figure."""

import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path


def main() -> int:
    """Return 1 when a benchmark is unknown or fails."""
    names = sorted(each.name for each in pkgutil.iter_modules([str(Path(__file__).parent)]) if each.name[0] != "_")
    names = [name for name in names if hasattr(importlib.import_module(f"benchmarks.{name}"), "main")]
    wanted = sys.argv[1:] or names
    if unknown := [name for name in wanted if name not in names]:
        print(f"No benchmark {', '.join(unknown)}. There are: {', '.join(names)}.")
        return 1
    # Each in a process of its own, so that one's memory and settings do not colour the next.
    code = "import sys, importlib; importlib.import_module('benchmarks.' + sys.argv[1]).main()"
    return max(subprocess.run([sys.executable, "-c", code, name], check=False).returncode for name in wanted)


if __name__ == "__main__":
    sys.exit(main())
