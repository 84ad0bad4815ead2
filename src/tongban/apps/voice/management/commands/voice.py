"""``tongban voice train | evaluate``: teach the classifier of messages, and tell how good it is."""

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tongban.apps.catalog.definitions.dispatch import Dispatch, read_dispatch
from tongban.apps.voice.correcting import iterate_examples
from tongban.apps.voice.errors import VoiceError
from tongban.apps.voice.sorting import model_file
from tongban.apps.voice.text.bulk import sort_messages
from tongban.apps.voice.text.model import Model, save
from tongban.apps.voice.text.sorting import families_of, seed_examples
from tongban.apps.voice.text.tables import Table, read_table
from tongban.apps.voice.text.teaching import learn_from
from tongban.apps.voice.text.training import learn, macro_f1, weighted_f1

__all__ = ["Command"]

_MEASURED = 20_000
"""Messages sorted to measure the speed: the rows of the file over and over, from the text as written."""


class Command(BaseCommand):
    """Neither subcommand needs a database, unless the city's own history teaches."""

    help = "Teach the classifier of messages, or tell how well one taught with a file sorts another."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="subcommand", required=True)
        train_ = commands.add_parser("train", help="teach with messages whose category is known, and keep the model")
        train_.add_argument("--train", type=Path, help="a CSV of texts and categories; none: the directory alone")
        train_.add_argument(
            "--history", action="store_true", help="also with the city's own: inquiries that were put right or closed"
        )
        train_.add_argument("--model", type=Path, help="where it is kept; voice/classifier.npz below TONGBAN_VAR")
        evaluate = commands.add_parser("evaluate", help="teach with one file, sort another, and tell how well")
        evaluate.add_argument("--train", type=Path, required=True, help="a CSV to teach with")
        evaluate.add_argument("--test", type=Path, required=True, help="a CSV to sort, with the right categories")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["subcommand"] == "train":
                self._train(options["train"], options["model"] or model_file(), history=options["history"])
            else:
                self._evaluate(options["train"], options["test"])
        except VoiceError as failed:
            raise CommandError(str(failed)) from failed

    def _train(self, source: Path | None, kept: Path, *, history: bool) -> None:
        dispatch = _directory()
        own = [*self._read(source).examples] if source else []
        own += iterate_examples() if history else ()
        self.stdout.write(f"{len(seed_examples(dispatch))} examples of the directory beside {len(own)} messages")
        begun = time.perf_counter()
        model = learn_from(own, dispatch=dispatch, at=timezone.now())
        save(model, path=kept)
        for name, value in model.record.items():
            self.stdout.write(f"{name}: {value}")
        self.stdout.write(f"{kept.name} kept: {len(model.labels)} categories, {time.perf_counter() - begun:.1f} s.")

    def _evaluate(self, taught_with: Path, asked: Path) -> None:
        teaching = self._read(taught_with)
        test = self._read(asked, known=teaching)
        begun = time.perf_counter()
        model = learn(teaching.examples, families=families_of(_directory()))
        self.stdout.write(f"taught in {time.perf_counter() - begun:.1f} s, {len(model.labels)} categories")
        right = [each.label for each in test.examples]
        guessed = sort_messages(model, [each.written for each in test.examples])
        self._by_category(model, right, guessed)
        speed = _speed(model, test)
        self.stdout.write(
            f"macro_f1={macro_f1(right, guessed):.4f} weighted_f1={weighted_f1(right, guessed):.4f} "
            f"messages_per_second={speed:.0f}"
        )

    def _read(self, path: Path, *, known: Table | None = None) -> Table:
        table = read_table(path, known={each.label for each in known.examples} if known else ())
        columns = ", ".join(f"{name} from `{column}`" for name, column in table.columns.items())
        self.stdout.write(f"{path.name}: {len(table.examples)} messages, {table.skipped} rows left out; {columns}")
        return table

    def _by_category(self, model: Model, right: list[str], guessed: list[str]) -> None:
        for label in sorted({*right, *guessed}):
            hits = sum(a == b == label for a, b in zip(right, guessed, strict=True))
            said, meant = guessed.count(label), right.count(label)
            self.stdout.write(
                f"  {label}: {meant} messages, precision {hits / max(1, said):.3f}, recall {hits / max(1, meant):.3f}"
            )
        if unknown := sorted({*right} - {*model.labels}):
            self.stdout.write(f"  not taught: {', '.join(unknown)}")


def _directory() -> Dispatch:
    found = read_dispatch(Path(settings.CITY))
    if isinstance(found, list):
        raise CommandError("\n".join(map(str, found)))
    return found


def _speed(model: Model, test: Table) -> float:
    written = [each.written for each in test.examples]
    many = (written * (_MEASURED // len(written) + 1))[:_MEASURED]
    begun = time.perf_counter()
    sort_messages(model, many)
    return len(many) / (time.perf_counter() - begun)
