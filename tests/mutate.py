"""Mutate a part of the kernel and see whether its tests notice: `python tests/mutate.py clock [AMOUNT] [SEED]`.

`make mutate NAME=clock` calls it. Works on a copy in a temporary folder, with mutmut; the source is never touched. With
an amount, so many mutants are drawn at random by the seed, for parts whose tests take long; `flow/drawing` draws from
one module alone. Of each mutant the quickest tests are tried first, and how far it has come is told while it runs.
Hypothesis begins each run at the same place, so that the figures can be repeated; the share of survivors is told with
the interval in which that of all mutants lies with 95 % certainty (Wilson's).
"""

import contextlib
import json
import math
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHOWN = 60
EVERY = 60  # seconds
_CONFIGURATION = """
[tool.mutmut]
source_paths = ["src"]
only_mutate = ["src/tongban/kernel/{name}/*"]
also_copy = ["benchmarks", "cities", "docs", "tests", "anew.py"]
pytest_add_cli_args = ["-p", "no:cacheprovider", "-p", "no:xdist", "-p", "anew", "--hypothesis-seed=0", "-W", "ignore"]
pytest_add_cli_args_test_selection = ["tests/kernel/{name}"]
"""
# Mutants are tried in forks of a process in which all tests have run: what that one has kept would hide them.
_ANEW = """
import functools, gc, json, sys
from pathlib import Path
from hypothesis import Phase, settings

def pytest_sessionstart(session):
    # To find that a mutant is noticed takes one example; which is the smallest does not matter, nor which was the last.
    before = settings.get_profile("tongban")
    settings.register_profile("mutants", before, phases=(Phase.explicit, Phase.generate), database=None)
    settings.load_profile("mutants")
    for name in [name for name in sys.modules if name.startswith("tests.kernel.")]:
        del sys.modules[name]
    for each in gc.get_objects():
        if type(each) is functools._lru_cache_wrapper and str(each.__module__).startswith("tongban."):
            each.cache_clear()

def pytest_collection_modifyitems(items):
    stats = Path("mutmut-stats.json")
    took = json.loads(stats.read_text())["duration_by_test"] if stats.exists() else {}
    items.sort(key=lambda item: took.get(item.nodeid, 0))
"""


def main() -> int:
    """Return 1 when nothing could be mutated."""
    name, _, module = (sys.argv[1] if len(sys.argv) > 1 else "").partition("/")
    if not (ROOT / "tests/kernel" / name).is_dir() or not name:
        print(f"No tests of the kernel's part {name!r}; there are: {', '.join(_parts())}")
        return 1
    amount = int(sys.argv[2]) if len(sys.argv) > 2 and sys.argv[2] else 0
    seed = int(sys.argv[3]) if len(sys.argv) > 3 and sys.argv[3] else 20260302
    with tempfile.TemporaryDirectory(prefix="tongban-mutate-") as folder:
        return _mutate(Path(folder), name, module, amount, seed)


def _parts() -> list[str]:
    return sorted(each.name for each in (ROOT / "tests/kernel").iterdir() if each.is_dir() and each.name[0] != "_")


def _mutate(folder: Path, name: str, module: str, amount: int, seed: int) -> int:
    for each in ("src", "tests", "cities", "docs", "benchmarks"):
        shutil.copytree(ROOT / each, folder / each, ignore=shutil.ignore_patterns("__pycache__", "static"))
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    (folder / "pyproject.toml").write_text(text + _CONFIGURATION.format(name=name), "utf-8")
    if (ROOT.parent / "shared").exists():  # where tests look for what is not in the repository
        (folder / "shared").symlink_to(ROOT.parent / "shared")
    (folder / "anew.py").write_text(_ANEW, "utf-8")
    chosen: list[str] = []
    if amount or module:
        # A run that tests nothing writes all mutants down, from which some are drawn.
        _run(folder, "run", "nothing.at.all")
        within = f"tongban.kernel.{name}.{module}." if module else ""
        names = sorted(key for key in _statuses(folder) if key.startswith(within))
        chosen = random.Random(seed).sample(names, min(amount or len(names), len(names)))
        print(f"{len(chosen)} of {len(names)} mutants of {name}{f'/{module}' if module else ''}", flush=True)
        if not chosen:
            return 1
    said = _watch(folder, chosen)
    found = {key: status for key, status in _statuses(folder).items() if not chosen or key in chosen}
    if not found or "not checked" in found.values():
        print(f"{said[-3000:]}\nNot all mutants were tried: see above why.")
        return 1
    _tell(folder, name, found)
    return 0


def _tell(folder: Path, name: str, found: dict[str, str]) -> None:
    counts = Counter(found.values())
    survivors = sorted(key for key, status in found.items() if status in ("survived", "no tests", "suspicious"))
    for key in survivors[:SHOWN]:
        print(f"\n== {found[key]}: {key}")
        print(_run(folder, "show", key))
    if len(survivors) > SHOWN:
        print(f"… and {len(survivors) - SHOWN} more")
    said = " ".join(f"{status.replace(' ', '_')}={count}" for status, count in sorted(counts.items()))
    low, high = (f"{100 * share:.1f}" for share in _interval(len(survivors), len(found)))
    share = f"{100 * len(survivors) / len(found):.1f}%"
    print(f"mutate.{name} mutants={len(found)} {said} survivors={share} between={low}%..{high}%")


def _interval(count: int, total: int) -> tuple[float, float]:
    """Between which shares the true one lies with 95 % certainty (Wilson's score interval)."""
    z = 1.96
    share, square = count / total, z * z / total
    spread = z * math.sqrt(share * (1 - share) / total + square / (4 * total))
    return (share + square / 2 - spread) / (1 + square), (share + square / 2 + spread) / (1 + square)


def _statuses(folder: Path) -> dict[str, str]:
    told = _run(folder, "results", "--all", "true")
    return dict(re.findall(r"^\s*(\S+): (\w[\w ]*)$", told, re.M))


def _watch(folder: Path, chosen: list[str]) -> str:
    """Try the mutants, and tell every minute how far it has come."""
    with (folder / "said.txt").open("w+") as said:
        running = subprocess.Popen(
            _command("run", *chosen), cwd=folder, env=_environment(folder), stdout=said, stderr=said
        )
        while running.poll() is None:
            try:
                running.wait(timeout=EVERY)
            except subprocess.TimeoutExpired:
                tried = _codes(folder, chosen)
                print(f"{len(tried)} tried, {tried.count(0)} survive", flush=True)
        said.seek(0)
        return said.read()


def _codes(folder: Path, chosen: list[str]) -> list[int]:
    """The exit codes so far: 0 is one that no test noticed."""
    found: dict[str, int | None] = {}
    for path in folder.glob("mutants/src/tongban/kernel/*/*.meta"):
        with contextlib.suppress(ValueError):  # being written
            found |= json.loads(path.read_text("utf-8"))["exit_code_by_key"]
    return [code for key, code in found.items() if code is not None and (not chosen or key in chosen)]


def _run(folder: Path, *words: str) -> str:
    done = subprocess.run(
        _command(*words), cwd=folder, env=_environment(folder), capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", "mutmut", *words]


def _environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": "", "TONGBAN_VAR": str(folder / "var"), "COLUMNS": "200"}


if __name__ == "__main__":
    sys.exit(main())
