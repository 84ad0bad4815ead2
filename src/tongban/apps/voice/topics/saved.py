"""Topics as bytes and back: arrays and JSON, no pickle. What is read back goes on as if it had never been away."""

import io
import json
import re
from array import array
from typing import Any

import numpy as np

from tongban.apps.voice.topics.clustering import Topics
from tongban.apps.voice.topics.spread import Column

__all__ = ["dump", "load"]

VERSION = 1


def dump(topics: Topics) -> bytes:
    """All that is known, without text and names; a compressed numpy archive."""
    rows, words = topics.rows, dict(topics.vocabulary.words.items())
    known = {
        "version": VERSION,
        "districts": topics.districts.pattern if topics.districts else None,
        "read": topics.vocabulary.read,
        "words": [list(words), list(words.values())],
        "keys": list(rows.keys),
        "places": list(rows.places),
        "named": list(rows.districts),
        "supports": {row: sorted(held) for row, held in rows.supports.items()},
        "departments": list(topics.departments),
        "strands": len(topics.strands),
        "machine": {one: sorted(others) for one, others in topics.links.machine.items()},
        "merges": {number: sorted(held) for number, held in topics.links.merges.items()},
        "apart": {number: [new, sorted(old)] for number, (new, old) in topics.links.apart.items()},
        "splits": {number: list(held.items()) for number, held in topics.splits.items()},
        "hands": topics.hands,
    }
    marks = topics.copies.known()
    file = io.BytesIO()
    np.savez_compressed(
        file,
        known=np.frombuffer(json.dumps(known, ensure_ascii=True).encode(), dtype=np.uint8),
        counts=topics.vocabulary.counts,
        seconds=np.array(rows.seconds),
        persons=np.array(rows.persons, dtype=np.uint64),
        where=np.array(rows.strands, dtype=np.int32),
        origins=np.array(rows.origins, dtype=np.int32),
        offices=np.array(rows.departments, dtype=np.int32),
        marked=np.array(list(marks), dtype=np.int32),
        marks=np.array(list(marks.values()), dtype=np.uint32),
        **topics.kept.arrays(),
    )
    return file.getvalue()


def load(data: bytes) -> Topics:
    """What `dump` wrote. Raises ValueError where it is something else or of another version."""
    with np.load(io.BytesIO(data), allow_pickle=False) as held:
        if "known" not in held:
            raise ValueError("these are no saved topics")
        known = json.loads(held["known"].tobytes())
        if known.get("version") != VERSION:
            raise ValueError(f"topics were saved in version {known.get('version')}, not {VERSION}")
        topics = Topics(districts=re.compile(known["districts"]) if known["districts"] else None)
        topics.vocabulary.read, topics.vocabulary.counts = known["read"], held["counts"]
        for term, word in zip(*known["words"], strict=True):
            topics.vocabulary.words[term] = word
        _rows(topics, known, held)
        topics.restore({name: held[name] for name in ("terms", "weights", "flags")}, strands=known["strands"])
        topics.copies.restore(dict(zip(held["marked"].tolist(), held["marks"], strict=True)), following=len(topics))
    links = topics.links
    links.machine = {int(one): set(others) for one, others in known["machine"].items()}
    links.merges = {int(number): frozenset(each) for number, each in known["merges"].items()}
    links.apart = {int(number): (new, frozenset(old)) for number, (new, old) in known["apart"].items()}
    links.rebuild(range(known["strands"]))
    topics.splits = {int(number): dict(each) for number, each in known["splits"].items()}
    topics.hands = known["hands"]
    return topics


def _rows(topics: Topics, known: dict[str, Any], held: Any) -> None:
    rows = topics.rows
    rows.keys = Column(known["keys"])
    for row, key in enumerate(rows.keys):
        rows.row[key] = row
    for names, held_names in ((rows.places, known["places"]), (rows.districts, known["named"])):
        for each in held_names:
            names.append(each)
    rows.supports = {int(row): set(each) for row, each in known["supports"].items()}
    rows.seconds, rows.persons = array("d", held["seconds"].tolist()), array("Q", held["persons"].tolist())
    rows.strands, rows.origins = array("i", held["where"].tolist()), array("i", held["origins"].tolist())
    rows.departments = array("i", held["offices"].tolist())
    topics.departments = {name: number for number, name in enumerate(known["departments"])}
