"""The import job: it can be broken off anywhere and goes on where it was, in parallel and with flat memory."""

import fcntl
import itertools
import json
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, TypeVar

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from smartident.admin.bulk_import import import_accounts
from smartident.crypto.random import random_id
from smartident_cli.bulk_import.reader import Record, records
from smartident_cli.service_clock import ServiceClock
from smartident_cli.validation import InvalidField, ValidAccount

BATCH, THREADS = 100, 4
PAUSES = (1, 2, 4, 8, 16)
"""Seconds before a batch that AWS refused is tried again."""
SAVED_EVERY = 1.0
Thing = TypeVar("Thing")
BadLine = Callable[[Record, InvalidField], None]
"""Is told of each line that cannot be imported."""


class JobRunning(Exception):  # noqa: N818  what is the matter is named
    """Another import of this file is running."""


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


@contextmanager
def open_job(file: Path, note: Path) -> Iterator[tuple[ImportJob, Callable[[], None]]]:
    """Open the job of a file, gone on with from its note if the file is still the same; raises JobRunning.

    With it comes a function that writes the note again. A job that ends well leaves no note.
    """
    with note.open("a+", encoding="utf-8") as paper:
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


def import_file(
    file: Path,
    job: ImportJob,
    save: Callable[[], None],
    *,
    region: str,
    bad: BadLine,
    clock: ServiceClock,
) -> Iterator[ImportProgress]:
    """Import every line that is not done, with the progress after each batch; raises what AWS answers in the end."""
    progress, saved = ImportProgress(), time.monotonic()
    waiting: deque[tuple[list[Record], Future[set[int]]]] = deque()
    with ThreadPoolExecutor(THREADS) as threads:
        try:
            for batch in _batches(records(file, region=region, after=job.done), BATCH):
                waiting.append((batch, threads.submit(_import, batch, job.id, clock)))
                while len(waiting) > 2 * THREADS:
                    yield _settled(*waiting.popleft(), job, progress, bad)
                if time.monotonic() - saved > SAVED_EVERY:
                    save()
                    saved = time.monotonic()
            while waiting:
                yield _settled(*waiting.popleft(), job, progress, bad)
        finally:
            threads.shutdown(wait=True, cancel_futures=True)
            with suppress(ValueError):
                save()


def check_file(file: Path, *, region: str, bad: BadLine) -> Iterator[ImportProgress]:
    """Read every line and import none."""
    progress = ImportProgress()
    for batch in _batches(records(file, region=region), BATCH):
        for record in batch:
            if isinstance(record.content, InvalidField):
                bad(record, record.content)
                progress.bad += 1
        progress.read = batch[-1].read
        yield progress


def _noted(paper: IO[str], file: Path) -> ImportJob:
    now = file.stat()
    paper.seek(0)
    with suppress(ValueError, TypeError):
        job = ImportJob(**json.load(paper))
        if (job.size, job.changed) == (now.st_size, now.st_mtime_ns):
            return job
    return ImportJob(random_id(), now.st_size, now.st_mtime_ns)


def _import(batch: list[Record], job_id: str, clock: ServiceClock) -> set[int]:
    people = [record.content.to_import(record.line) for record in batch if isinstance(record.content, ValidAccount)]
    if not people:
        return set()
    for pause in PAUSES:
        try:
            return import_accounts(people, run=job_id, now=clock.now())
        except (PynamoDBException, ClientError, BotoCoreError):
            time.sleep(pause)
    return import_accounts(people, run=job_id, now=clock.now())


def _settled(
    batch: list[Record],
    future: Future[set[int]],
    job: ImportJob,
    progress: ImportProgress,
    bad: BadLine,
) -> ImportProgress:
    imported = future.result()
    for record in batch:
        if isinstance(record.content, InvalidField):
            bad(record, record.content)
            progress.bad += 1
    progress.imported += len(imported)
    progress.there += sum(isinstance(record.content, ValidAccount) for record in batch) - len(imported)
    progress.read = batch[-1].read
    job.done = batch[-1].line
    return progress


def _batches(things: Iterable[Thing], size: int) -> Iterator[list[Thing]]:
    rest = iter(things)
    while batch := list(itertools.islice(rest, size)):
        yield batch
