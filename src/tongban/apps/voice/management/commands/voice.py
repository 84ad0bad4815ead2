"""``tongban voice train | evaluate | replies``: teach the classifier, tell how good it is, look replies over."""

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tongban.apps.catalog.definitions.calendars import read_calendar
from tongban.apps.catalog.definitions.dispatch import Dispatch, read_dispatch
from tongban.apps.voice.correcting import iterate_examples
from tongban.apps.voice.errors import VoiceError
from tongban.apps.voice.replies.checking import Checked, Reason, check
from tongban.apps.voice.replies.shares import shares
from tongban.apps.voice.replies.tables import Answered, read_answered
from tongban.apps.voice.sorting import model_file
from tongban.apps.voice.text.bulk import sort_messages
from tongban.apps.voice.text.masking import mask
from tongban.apps.voice.text.model import Model, save
from tongban.apps.voice.text.sorting import families_of, seed_examples
from tongban.apps.voice.text.tables import Table, read_table
from tongban.apps.voice.text.teaching import learn_from
from tongban.apps.voice.text.training import learn, macro_f1, weighted_f1

__all__ = ["Command"]

_MEASURED = 20_000
"""Messages sorted to measure the speed: the rows of the file over and over, from the text as written."""


_SHOWN = 60
"""So much of a subject and of a reply is printed, masked; never a whole text."""


class Command(BaseCommand):
    """No subcommand needs a database, unless the city's own history teaches."""

    help = "Teach the classifier of messages, tell how well one taught with a file sorts another, or look replies over."
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
        replies = commands.add_parser(
            "replies", help="look over the replies of a file and tell which are worst and best"
        )
        replies.add_argument("file", type=Path, help="a CSV of messages, replies and both times")
        replies.add_argument("--worst", type=int, default=10, help="how many of the worst are listed; 10 unless said")
        replies.add_argument("--best", type=int, default=0, help="how many of the best are listed; none unless said")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["subcommand"] == "train":
                self._train(options["train"], options["model"] or model_file(), history=options["history"])
            elif options["subcommand"] == "replies":
                self._replies(options["file"], worst=options["worst"], best=options["best"])
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

    def _replies(self, file: Path, *, worst: int, best: int) -> None:
        calendar = read_calendar(Path(settings.CITY))
        if isinstance(calendar, list):
            raise CommandError("\n".join(map(str, calendar)))
        table = read_answered(file, timezone=calendar.timezone)
        columns = ", ".join(f"{name} from `{column}`" for name, column in table.columns.items())
        self.stdout.write(f"{file.name}: {len(table.rows)} replies, {table.skipped} rows left out; {columns}")
        begun = time.perf_counter()
        found = [
            check(
                subject=row.subject,
                message=row.message,
                reply=row.reply,
                asked_at=row.asked_at,
                replied_at=row.replied_at,
                calendar=calendar,
            )
            for row in table.rows
        ]
        self._shares(found)
        self.stdout.write(f"checked in {time.perf_counter() - begun:.1f} s")
        ranked = sorted(zip(found, table.rows, strict=True), key=lambda each: each[0].score)
        self._listed("worst", ranked[: max(0, worst)])
        self._listed("best", ranked[::-1][: max(0, best)])

    def _shares(self, found: list[Checked]) -> None:
        told = shares(found)
        kinds = ", ".join(f"{kind.value} {amount}" for kind, amount in sorted(told.kinds.items()))
        grades = ", ".join(f"{grade.value} {amount}" for grade, amount in sorted(told.grades.items()))
        self.stdout.write(f"kinds (guessed): {kinds}")
        self.stdout.write(f"grades: {grades}")
        self.stdout.write(
            f"forwarded={told.forwarded:.3f} acknowledged={told.acknowledged:.3f} "
            f"want_basis={told.want_basis:.3f} of_those_without={told.without_basis:.3f} "
            f"timed={told.timed} late={told.late:.3f} late_by_strictest={told.late_by_strictest:.3f} "
            f"late_by_loosest={told.late_by_loosest:.3f} promises={told.promises:.3f} dated={told.promises_dated:.3f} "
            f"undated={told.promises_undated:.3f} personal={told.personal:.3f} left_open={told.left_open:.3f}"
        )

    def _listed(self, name: str, rows: list[tuple[Checked, Answered]]) -> None:
        if rows:
            self.stdout.write(f"{name}:")
        for each, row in rows:
            reasons = ", ".join(_reason(reason) for reason in each.reasons)
            self.stdout.write(f"  {row.number} {each.grade.value} {each.score}: {reasons}")
            self.stdout.write(f"    {_shortened(row.subject)} | {_shortened(row.reply)}")

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


def _reason(reason: Reason) -> str:
    figures = " ".join(f"{name}={value}" for name, value in reason.params.items())
    return f"{reason.code}{f' ({figures})' if figures else ''}"


def _shortened(text: str) -> str:
    covered = " ".join(mask(text[: 4 * _SHOWN]).split())
    return covered[:_SHOWN] + ("…" if len(covered) > _SHOWN or len(text) > 4 * _SHOWN else "")


def _speed(model: Model, test: Table) -> float:
    written = [each.written for each in test.examples]
    many = (written * (_MEASURED // len(written) + 1))[:_MEASURED]
    begun = time.perf_counter()
    sort_messages(model, many)
    return len(many) / (time.perf_counter() - begun)
