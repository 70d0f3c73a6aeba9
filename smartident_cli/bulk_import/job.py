"""The import job: it can be broken off anywhere and goes on where it was, in parallel and with flat memory."""

import fcntl
import itertools
import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, TypeVar

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from smartident.admin.bulk_import import import_accounts
from smartident.crypto.random import random_id
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
NOTE_BEGINS = '{"id": "'
Thing = TypeVar("Thing")
BadLine = Callable[[Record, InvalidField], None]
"""Is told of each line that cannot be imported."""


class JobRunning(Exception):  # noqa: N818  what is the matter is named
    """Another import of this file is running."""


class NotANote(Exception):  # noqa: N818  the same
    """The file that should hold the note holds something else, which stays."""


class JobStopped(Exception):  # noqa: N818  the same
    """The person stopped the job while a batch was on its way."""


@dataclass
class ImportJob:
    """How far the import of one file has come; `id` makes what a broken sitting left behind its own again."""

    id: str
    size: int
    changed: int
    done: int = 0


@dataclass
class ImportProgress:
    """How far one sitting of a job has come, and what became of its lines."""

    read: int = 0
    imported: int = 0
    there: int = 0
    bad: int = 0


@dataclass
class Sitting:
    """One run of the command on a job: its clock, who hears of bad lines and of Ctrl-C, and whether it was stopped."""

    job: ImportJob
    save: Callable[[], None]
    clock: ServiceClock
    bad: BadLine
    stops: Callable[[], None]
    stopped: threading.Event = field(default_factory=threading.Event)
    progress: ImportProgress = field(default_factory=ImportProgress)


@contextmanager
def open_job(file: Path, note: Path) -> Iterator[tuple[ImportJob, Callable[[], None]]]:
    """Open the job of a file, gone on with from its note if the file is still the same; raises JobRunning, NotANote.

    With it comes a function that writes the note again. A job that ends well leaves no note.
    """
    with note.open("a+", encoding="utf-8", errors="replace") as paper:
        try:
            fcntl.flock(paper, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise JobRunning from None
        job = _noted(paper, file)

        def save() -> None:
            paper.truncate(0)
            paper.write(json.dumps(asdict(job)))
            paper.flush()

        save()
        yield job, save
        note.unlink()


def import_records(records: Iterable[Record], sitting: Sitting) -> Iterator[ImportProgress]:
    """Import every line that is not done, with the progress after each batch; raises what AWS answers in the end."""
    saved = time.monotonic()
    waiting: deque[tuple[list[Record], Future[set[int]]]] = deque()
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


def _noted(paper: IO[str], file: Path) -> ImportJob:
    now = file.stat()
    paper.seek(0)
    told = paper.read(4096)
    # Broken off while it was written it is empty, or its beginning.
    if told[: len(NOTE_BEGINS)] != NOTE_BEGINS[: len(told)]:
        raise NotANote(paper.name)
    with suppress(ValueError, TypeError):
        job = ImportJob(**json.loads(told))
        if (job.size, job.changed) == (now.st_size, now.st_mtime_ns):
            return job
    return ImportJob(random_id(), now.st_size, now.st_mtime_ns)


def _import(batch: list[Record], sitting: Sitting) -> set[int]:
    people = []
    for record in batch:
        if sitting.stopped.is_set():
            raise JobStopped
        if isinstance(record.content, ValidAccount):
            people.append(record.content.to_import(record.line))
    if not people:
        return set()
    for pause in PAUSES:
        try:
            return import_accounts(people, run=sitting.job.id, now=sitting.clock.now())
        except (PynamoDBException, ClientError, BotoCoreError):
            if sitting.stopped.wait(pause):
                raise
    return import_accounts(people, run=sitting.job.id, now=sitting.clock.now())


def _settled(batch: list[Record], future: Future[set[int]], sitting: Sitting) -> ImportProgress:
    imported, progress = future.result(), sitting.progress
    _count(batch, progress, sitting.bad)
    progress.imported += len(imported)
    progress.there += sum(isinstance(record.content, ValidAccount) for record in batch) - len(imported)
    sitting.job.done = batch[-1].line
    return progress


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
