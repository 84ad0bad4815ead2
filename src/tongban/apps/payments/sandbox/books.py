"""The sandbox's books: checkouts and refunds in a small SQLite file of its own, as a bank keeps its own."""

import secrets
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

__all__ = ["Books"]

_TABLES = """
CREATE TABLE IF NOT EXISTS checkout (
    reference TEXT PRIMARY KEY, token TEXT UNIQUE, amount INTEGER, subject TEXT, return_url TEXT, notify_url TEXT,
    expires_at TEXT, language TEXT, state TEXT DEFAULT 'open', no TEXT, at TEXT, paid INTEGER);
CREATE TABLE IF NOT EXISTS refund (
    reference TEXT PRIMARY KEY, payment TEXT, amount INTEGER, no TEXT, at TEXT);
"""


class Books:
    """What was asked for, paid and paid back. One lock: a sandbox is in no hurry."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        with self._open() as base:
            base.executescript(_TABLES)

    def _open(self) -> "closing[sqlite3.Connection]":
        base = sqlite3.connect(self._path, isolation_level=None)
        base.row_factory = sqlite3.Row
        return closing(base)

    def checkout(self, asked: dict[str, Any]) -> str:
        """Prepare a checkout, or find the one of that reference; return the token of its page."""
        with self._lock, self._open() as base:
            base.execute(
                "INSERT OR IGNORE INTO checkout (reference, token, amount, subject, return_url, notify_url, expires_at,"
                " language) VALUES (:reference, :token, :amount, :subject, :return_url, :notify_url, :expires_at,"
                " :language)",
                {**asked, "token": secrets.token_urlsafe(24)},
            )
            return str(
                base.execute("SELECT token FROM checkout WHERE reference = ?", [asked["reference"]]).fetchone()[0]
            )

    def by_token(self, token: str) -> dict[str, Any] | None:
        """The checkout of a page."""
        with self._open() as base:
            row = base.execute("SELECT * FROM checkout WHERE token = ?", [token]).fetchone()
        return dict(row) if row else None

    def pay(self, token: str, *, at: datetime, amount: int | None = None) -> dict[str, Any] | None:
        """Take the money, once, in time; ``amount`` is another than asked for only to try what happens then."""
        with self._lock, self._open() as base:
            base.execute(
                "UPDATE checkout SET state = 'paid', no = ?, at = ?, paid = coalesce(?, amount)"
                " WHERE token = ? AND state = 'open' AND expires_at > ?",
                (_number(), at.isoformat(), amount, token, at.astimezone(UTC).isoformat()),
            )
        return self.by_token(token)

    def seen(self, reference: str, *, close: bool = False) -> dict[str, Any]:
        """What became of a payment."""
        with self._lock, self._open() as base:
            if close:
                base.execute("UPDATE checkout SET state = 'closed' WHERE reference = ? AND state = 'open'", [reference])
            row = base.execute("SELECT * FROM checkout WHERE reference = ?", [reference]).fetchone()
        said: dict[str, Any] = {"type": "payment", "reference": reference, "state": row["state"] if row else "unknown"}
        if row and row["state"] == "paid":
            said |= {"amount": row["paid"], "provider_no": row["no"], "at": row["at"]}
        return said

    def refund(self, asked: dict[str, Any], *, at: datetime) -> dict[str, Any]:
        """Pay back, once for each reference and no more than was paid."""
        said = {"type": "refund", "reference": asked["reference"], "state": "failed"}
        with self._lock, self._open() as base:
            found = base.execute("SELECT * FROM refund WHERE reference = ?", [asked["reference"]]).fetchone()
            if found is None:
                paid = base.execute(
                    "SELECT paid - coalesce((SELECT sum(amount) FROM refund WHERE payment = checkout.reference), 0)"
                    " FROM checkout WHERE reference = ? AND state = 'paid'",
                    [asked["payment"]],
                ).fetchone()
                if paid is None or not 0 < asked["amount"] <= paid[0]:
                    return said
                row = (asked["reference"], asked["payment"], asked["amount"], _number(), at.isoformat())
                base.execute("INSERT INTO refund VALUES (?, ?, ?, ?, ?)", row)
                found = base.execute("SELECT * FROM refund WHERE reference = ?", [asked["reference"]]).fetchone()
        return {**said, "state": "refunded", "amount": found["amount"], "provider_no": found["no"], "at": found["at"]}

    def statement(self, day: date, zone: ZoneInfo) -> list[dict[str, Any]]:
        """All movements of a day."""
        start = datetime(day.year, day.month, day.day, tzinfo=zone)
        span = [each.astimezone(UTC).isoformat() for each in (start, start + timedelta(days=1))]
        with self._open() as base:
            rows = base.execute(
                "SELECT 'payment' AS type, reference, paid AS amount, no AS provider_no, at FROM checkout"
                " WHERE state = 'paid' AND at >= ? AND at < ? UNION ALL"
                " SELECT 'refund', reference, amount, no, at FROM refund WHERE at >= ? AND at < ? ORDER BY at",
                [*span, *span],
            ).fetchall()
        return [dict(row) for row in rows]


def _number() -> str:
    return f"SB{secrets.randbelow(10**18):018d}"
