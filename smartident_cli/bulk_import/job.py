"""One sitting of an import job: in parallel, with flat memory, and broken off anywhere without harm."""

import itertools
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, partial
from typing import NamedTuple, TypeGuard, TypeVar

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from smartident.admin.bulk_import import AccountToImport, Imported, import_accounts
from smartident_cli.bulk_import.naming import Naming
from smartident_cli.bulk_import.note import ImportJob
from smartident_cli.bulk_import.reader import Record
from smartident_cli.bulk_import.workers import Workers
from smartident_cli.invalid_field import InvalidField
from smartident_cli.service_clock import ServiceClock
from smartident_cli.validation import ValidAccount

BATCH, THREADS = 100, 4
PAUSES = (1, 2, 4, 8, 16)
"""Seconds before a batch that AWS refused is tried again."""
SAVED_EVERY = 1.0
PATIENCE = 0.5
"""Seconds that what is being written may take once the job ends before its time."""
Thing = TypeVar("Thing")
BadLine = Callable[[Record, InvalidField], None]
"""Is told of each line that cannot be imported."""


class Outcome(NamedTuple):
    """What became of a batch: its accounts, and the lines whose account stands without its name."""

    imported: Imported
    unnamed: frozenset[int]


class JobStopped(Exception):  # noqa: N818  what is the matter is named
    """The person stopped the job while a batch was on its way."""


@dataclass
class ImportProgress:
    """How far one sitting of a job has come, and what became of its lines."""

    read: int = 0
    imported: int = 0
    there: int = 0
    bad: int = 0


@dataclass
class Sitting:
    """One run of the command on a job: its clock, who hears of lines and of Ctrl-C, and whether it was stopped."""

    job: ImportJob
    save: Callable[[], None]
    clock: ServiceClock
    bad: BadLine
    by_number_only: Callable[[int], None]
    stops: Callable[[], None]
    naming: Naming | None = None
    stopped: threading.Event = field(default_factory=threading.Event)
    progress: ImportProgress = field(default_factory=ImportProgress)


def import_records(records: Iterable[Record], sitting: Sitting) -> Iterator[ImportProgress]:
    """Import every line that is not done, with the progress after each batch; raises what AWS answers in the end."""
    saved = time.monotonic()
    waiting: deque[tuple[list[Record], Future[Outcome]]] = deque()
    workers = Workers(THREADS)
    try:
        for batch in _batches(records, BATCH):
            waiting.append((batch, workers.submit(partial(_import, batch, sitting))))
            while len(waiting) > 2 * THREADS:
                yield _settled(*waiting.popleft(), sitting)
            if time.monotonic() - saved > SAVED_EVERY:
                sitting.save()
                saved = time.monotonic()
        while waiting:
            yield _settled(*waiting.popleft(), sitting)
    except KeyboardInterrupt:
        sitting.stops()
        raise
    finally:
        # Whatever ended it: an import may be broken off anywhere, so nobody waits for long.
        sitting.stopped.set()
        workers.close(PATIENCE)
        with suppress(ValueError):
            sitting.save()


def check_records(records: Iterable[Record], bad: BadLine) -> Iterator[ImportProgress]:
    """Look at every line and import none."""
    progress = ImportProgress()
    for batch in _batches(records, BATCH):
        _count(batch, progress, bad)
        yield progress


def _import(batch: list[Record], sitting: Sitting) -> Outcome:
    people = [_to_import(record.content, record.line, sitting) for record in batch if is_valid(record.content)]
    if not people:
        return Outcome(Imported({}, frozenset()), frozenset())
    for pause in PAUSES:
        try:
            return _imported(batch, people, sitting)
        except (PynamoDBException, ClientError, BotoCoreError):
            if sitting.stopped.wait(pause):
                raise
    return _imported(batch, people, sitting)


def _imported(batch: list[Record], people: list[AccountToImport], sitting: Sitting) -> Outcome:
    now = sitting.clock.now()
    imported = import_accounts(people, run=sitting.job.id, now=now)
    return Outcome(imported, sitting.naming.name(batch, imported, now=now) if sitting.naming else frozenset())


def _to_import(account: ValidAccount, line: int, sitting: Sitting) -> AccountToImport:
    """The account as it is imported; its password is hashed once, and not at all if it is there already."""

    @cache
    def make_password_hash() -> str:
        if sitting.stopped.is_set():
            raise JobStopped
        return account.make_password_hash()

    return AccountToImport(
        line,
        account.number,
        account.display_name,
        account.email,
        account.phone,
        account.two_factor,
        make_password_hash,
        account.language,
    )


def _settled(batch: list[Record], future: Future[Outcome], sitting: Sitting) -> ImportProgress:
    (imported, unnamed), progress = future.result(), sitting.progress
    _count(batch, progress, sitting.bad)
    for record in batch:
        if record.line in unnamed:
            sitting.bad(record, InvalidField("external_id", "external_id_of_another"))
            progress.bad += 1
    if sitting.naming is not None:
        sitting.naming.write(batch, imported, unnamed)
    for line in sorted(imported.by_number_only):
        sitting.by_number_only(line)
    progress.imported += len(imported.places)
    progress.there += sum(is_valid(record.content) for record in batch) - len(imported.places)
    sitting.job.done = batch[-1].line
    return progress


def is_valid(content: ValidAccount | InvalidField) -> TypeGuard[ValidAccount]:
    """Whether a line holds an account."""
    return isinstance(content, ValidAccount)


def _count(batch: list[Record], progress: ImportProgress, bad: BadLine) -> None:
    for record in batch:
        if isinstance(record.content, InvalidField):
            bad(record, record.content)
            progress.bad += 1
    progress.read = batch[-1].read


def _batches(things: Iterable[Thing], size: int) -> Iterator[list[Thing]]:
    rest = iter(things)
    while batch := list(itertools.islice(rest, size)):
        yield batch
