"""BPMN 2.0 diagrams of any modeller or suite: which load, why others do not, and whether each process can end."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from tongban.kernel.flow import DefinitionError
from tongban.kernel.flow.conformance import Judged, Walked, judge_file, process_ids
from tongban.kernel.rules import Decisions, RulesError, load_dmn

__all__ = ["HELP", "report"]

HELP = "load every .bpmn below a folder and tell what is refused, and why"


def report(*, folder: Path, at: datetime, write: Callable[[str], object]) -> None:
    """Load every `.bpmn` below `folder`; the last line has the counts of files.

    Decisions and called processes are looked for in the files beside each. A refusal is written with every reason:
    file, line, element, name, cure. Each process of a file that loads is walked; one that comes to no end is told.
    What stands outside a file and is not beside it is assumed to be there, which is told: the diagram is judged.
    """
    loaded = refused = 0
    for file in sorted(path for path in folder.rglob("*") if path.suffix.lower() == ".bpmn" and path.is_file()):
        place = str(file.relative_to(folder))
        found = _judge(file, place, write)
        if found is None or found.problems:
            refused += 1
            for problem in found.problems if found is not None else ():
                write(f"refused {place}: {problem} [{problem.code}]")
        else:
            loaded += 1
            for walk in found.walks:
                write(f"loaded {place}: {_told(walk)}")
                for problem in walk.assumed:
                    write(f"assumed {place}: {problem} [{problem.code}]")
    write(f"loaded={loaded} refused={refused}")


def _judge(file: Path, place: str, write: Callable[[str], object]) -> Judged | None:
    try:
        xml = file.read_bytes()
    except OSError as error:
        write(f"refused {place}: it cannot be read: {error}")
        return None
    return judge_file(xml, source=place, decisions=dict(_decisions(file)), called=dict(_others(file)))


def _told(walk: Walked) -> str:
    name = f" “{walk.name}”" if walk.name else ""
    kind = "executable" if walk.executable else "not executable"
    if walk.ends:
        way = f"walked to its end ({walk.markings} markings seen)"
    elif walk.all_seen:
        way = f"comes to no end (all {walk.markings} markings seen)"
    else:
        way = f"no end found within {walk.markings} markings"
    return f"process {walk.process}{name}, {kind}: {way}"


def _decisions(file: Path) -> Iterator[tuple[str, Decisions]]:
    """Rules that do not load are passed over here: a process that needs them is refused for it."""
    for beside in sorted(file.parent.glob("*.dmn")):
        try:
            yield beside.name, load_dmn(beside.read_bytes(), source=beside.name)
        except (OSError, RulesError):
            continue


def _others(file: Path) -> Iterator[tuple[str, bytes]]:
    """What a call activity may call: the processes of the files beside, by their ids."""
    for beside in sorted(file.parent.glob("*.bpmn")):
        if beside == file:
            continue
        try:
            xml = beside.read_bytes()
            for process in process_ids(xml):
                yield process, xml
        except (OSError, DefinitionError):
            continue
