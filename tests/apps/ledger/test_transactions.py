"""The transaction of a command is Django's: what is in it, what follows it, and what is left on the connection."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tongban.apps.ledger.models import Checkpoint, CheckpointHead
from tongban.apps.ledger.transactions import whole

BLOCKS = [pytest.param(whole, id="ours"), pytest.param(transaction.atomic, id="django's")]
Block = Callable[[], Any]

pytestmark = pytest.mark.parametrize("block", BLOCKS)


def head(seq: int = 1) -> None:
    CheckpointHead.objects.create(case=1, seq=seq, day=f"2026-03-{seq:02}", hash=b"\x01" * 33)


def left() -> dict[str, Any]:
    """What a block leaves on the connection."""
    names = ("autocommit", "in_atomic_block", "needs_rollback", "closed_in_transaction", "errors_occurred")
    lists = ("atomic_blocks", "savepoint_ids", "run_on_commit")
    found = {name: getattr(connection, name) for name in names} | {
        name: list(getattr(connection, name)) for name in lists
    }
    driver: Any = connection.connection
    return found | {"open": driver.in_transaction if connection.vendor == "sqlite" else driver.info.transaction_status}


def run(block: Block, *steps: Callable[[], object]) -> None:
    with block():
        for step in steps:
            step()


def fail() -> None:
    raise RuntimeError


@pytest.fixture
def before(transactional_db: None) -> dict[str, Any]:
    connection.ensure_connection()
    return left()


def test_it_works(block: Block, before: dict[str, Any]) -> None:
    with block():
        assert connection.in_atomic_block
        assert not connection.get_autocommit()
        head()
    assert CheckpointHead.objects.count() == 1
    assert left() == before


def test_what_fails_leaves_nothing(block: Block, before: dict[str, Any]) -> None:
    with pytest.raises(RuntimeError):
        run(block, head, fail)
    assert CheckpointHead.objects.count() == 0
    assert left() == before


def test_a_statement_that_fails_leaves_nothing(block: Block, before: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        run(block, head, head)
    assert CheckpointHead.objects.count() == 0
    assert left() == before


def test_a_commit_that_fails_leaves_nothing(block: Block, before: dict[str, Any]) -> None:
    """Foreign keys are looked at as the transaction ends: nobody has the key that signed."""
    given: dict[str, Any] = {"day": "2026-03-02", "cases": 1, "root": b"r", "signed_at": "2026-03-03T00:00Z"}
    with pytest.raises(IntegrityError):
        run(block, head, lambda: Checkpoint.objects.create(**given, key_id="nobody"))
    assert (CheckpointHead.objects.count(), Checkpoint.objects.count()) == (0, 0)
    assert left() == before


def test_what_waits_for_the_commit_comes_after_it_and_once(block: Block, before: dict[str, Any]) -> None:
    seen: list[tuple[int, bool]] = []
    with block():
        transaction.on_commit(lambda: seen.append((CheckpointHead.objects.count(), connection.in_atomic_block)))
        head()
        assert seen == []
    assert seen == [(1, False)]
    with block():
        pass
    assert len(seen) == 1
    assert left() == before


def test_what_waits_for_a_commit_that_does_not_come_is_forgotten(block: Block, before: dict[str, Any]) -> None:
    seen: list[int] = []
    with pytest.raises(RuntimeError):
        run(block, lambda: transaction.on_commit(lambda: seen.append(1)), fail)
    with block():
        pass
    assert seen == []
    assert left() == before


def test_a_block_within_is_a_savepoint(block: Block, before: dict[str, Any]) -> None:
    with block():
        head(1)
        with pytest.raises(RuntimeError):
            run(block, lambda: head(2), fail)
        with block():
            head(3)
    assert sorted(CheckpointHead.objects.values_list("seq", flat=True)) == [1, 3]
    assert left() == before


def test_a_block_that_is_to_be_undone_is_undone(block: Block, before: dict[str, Any]) -> None:
    with block():
        head()
        transaction.set_rollback(True)
    assert CheckpointHead.objects.count() == 0
    assert left() == before


def test_who_looks_on_sees_it_begin_and_end(block: Block, before: dict[str, Any]) -> None:
    with CaptureQueriesContext(connection) as seen, block():
        head()
    texts = [query["sql"] for query in seen]
    assert texts[0].startswith("BEGIN")
    assert texts[-1] == "COMMIT"
    assert left() == before


def test_a_connection_that_was_closed_is_opened(block: Block, before: dict[str, Any]) -> None:
    connection.close()
    with block():
        head()
    assert CheckpointHead.objects.count() == 1
    assert left() == before
