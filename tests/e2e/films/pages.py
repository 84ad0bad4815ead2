"""Writes what was filmed: a strip of pictures a story, the counts as data, and the pages that show both."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from PIL import Image
from tests.e2e.films.camera import Film, Frame
from tests.e2e.running import ROOT

__all__ = ["FOLDER", "index_page", "kept", "story_page", "write"]

FOLDER = ROOT / "docs" / "walk-throughs"
TODAY = Path(__file__).with_name("today.yaml")
PER_ROW, WIDE, GAP = 6, 240, 16
PAPER = (226, 230, 226)


def write(films: Mapping[str, Film], told: Mapping[str, str]) -> None:
    """Write strips, counts and pages; ``told`` has a sentence on each story."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    counts = kept() | {name: {"told": told[name], **_counted(film)} for name, film in films.items()}
    for name, film in films.items():
        _strip(film.frames).save(FOLDER / f"{name}.webp", quality=60, method=6)
    _as_data().write_text(json.dumps(counts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    for name, count in counts.items():
        (FOLDER / f"{name}.md").write_text(story_page(name, count), encoding="utf-8")
    (FOLDER / "README.md").write_text(index_page(counts), encoding="utf-8")


def kept() -> dict[str, Any]:
    """The counts of the last filming, by story."""
    return dict(json.loads(_as_data().read_text(encoding="utf-8"))) if _as_data().exists() else {}


def _as_data() -> Path:
    return FOLDER / "films.json"


def _counted(film: Film) -> dict[str, Any]:
    effort = film.effort
    return {
        "screens": effort.screens,
        "taps": effort.taps,
        "typed": effort.typed,
        "chosen": effort.chosen,
        "known": effort.known,
        "papers": effort.papers,
        "by_hand": effort.by_hand,
        "reading_all": effort.reading_all,
        "waited": round(effort.waited, 1),
        "captions": [frame.caption for frame in film.frames],
    }


def _strip(frames: Sequence[Frame]) -> Image.Image:
    """All pictures on one sheet, some in a row, each row as high as its highest."""
    small = [frame.picture.resize((WIDE, frame.picture.height * WIDE // frame.picture.width)) for frame in frames]
    rows = [small[start : start + PER_ROW] for start in range(0, len(small), PER_ROW)]
    high = sum(max(each.height for each in row) + GAP for row in rows) + GAP
    sheet = Image.new("RGB", (PER_ROW * (WIDE + GAP) + GAP, high), PAPER)
    top = GAP
    for row in rows:
        for place, each in enumerate(row):
            sheet.paste(each, (GAP + place * (WIDE + GAP), top))
        top += max(each.height for each in row) + GAP
    return sheet


def story_page(name: str, count: Mapping[str, Any]) -> str:
    """The page of one story."""
    screens = "\n".join(f"{place}. {caption}" for place, caption in enumerate(count["captions"], start=1))
    today = yaml.safe_load(TODAY.read_text(encoding="utf-8"))[name]
    beside = "\n".join(f"- {each['said'].strip()} ([source]({each['where']}))" for each in today)
    return f"""# {_title(name)}

{count["told"]}

{_table({name: count}, linked=False)}
Filmed by `python -m tests.e2e.films`; what the columns mean stands in the [overview](README.md).

**On paper, or in the systems of today**

{beside or "Not found: no public page with the steps of the same task, and figures that can be cited, was found."}

**The screens**

{screens}

![All screens, in order]({name}.webp)
"""


def index_page(counts: Mapping[str, Mapping[str, Any]]) -> str:
    """The overview, with the table of all stories."""
    return f"""# Five first uses

Each story is played in a real browser against a running demo city, on a phone (390 points wide), in Chinese, by
somebody who has never used it: from the start page, through the search and signing in, to the receipt and to what
becomes of it. `python -m tests.e2e.films` films them all again.

{_table(counts, linked=True)}
**Counted:** a *screen* is a page that had to be opened, signing in and coming back to look among them; a *field* is a
question typed or chosen, the search, user name and password among them; *known* are questions that were filled in
already; *papers* are files handed in.

**Estimated:** *by hand* is a keystroke-level model (Card, Moran and Newell, 1980):
{_model()}
It is somebody who knows what to answer. *Reading all* adds every word on every screen, read at 260 words a minute
(Brysbaert, 2019): nobody reads all, so the truth lies between the two. Nobody was timed with a watch.

**Measured:** *waiting* is from each tap that leads to another page until that page stood, in seconds, on the machine
of the filming, browser, server and worker together on two busy cores.

What officers do in between is done for the film at once; real days pass there. The amounts and times that a page
promises are the demo city's. Birth, restaurant and retirement end with the inbox right after filing: parts that wait
for their turn go in by themselves then, or ask for what only the part before can tell (the child's number), and that
is not in the count.
"""


def _model() -> str:
    return (
        "1.1 s for a tap, 1.35 s to make up one's mind once a screen and once a field, a third of a second for each\n"
        "touch of the keyboard (36 words a minute on phones: Palin and others, 2019), three touches for a Chinese "
        "character."
    )


def _table(counts: Mapping[str, Mapping[str, Any]], *, linked: bool) -> str:
    lines = [
        "| story | screens | fields | known | papers | taps | by hand, s | reading all, s | waiting, s |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for name, count in counts.items():
        title = f"[{_title(name)}]({name}.md)" if linked else _title(name)
        fields = count["typed"] + count["chosen"]
        rest = (count[each] for each in ("known", "papers", "taps", "by_hand", "reading_all", "waited"))
        lines.append(f"| {title} | {count['screens']} | {fields} | " + " | ".join(str(each) for each in rest) + " |")
    return "\n".join(lines) + "\n"


def _title(name: str) -> str:
    return {
        "newborn": "A child is born",
        "restaurant": "Opening a restaurant",
        "retirement": "Retiring",
        "lost-card": "A lost identity card",
        "complaint": "Complaining of noise",
    }[name]
