"""Runs: an import that can be broken off anywhere and goes on where it was, in parallel and with flat memory."""

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

from console.candidates import Candidate, Unfit
from console.intake import Record, records
from smartident.admin.bulk_import import import_accounts
from smartident.crypto.random import random_id

BATCH, THREADS = 100, 4
PAUSES = (1, 2, 4, 8, 16)
"""Seconds before a batch that AWS refused is tried again."""
SAVED_EVERY = 1.0
Thing = TypeVar("Thing")


class Busy(Exception):  # noqa: N818  what is the matter is named
    """Another import of this file is running."""


@dataclass
class Run:
    """How far the import of one file has come; `id` makes what a broken run left behind its own again."""

    id: str
    size: int
    changed: int
    done: int = 0


@dataclass
class Tally:
    """What became of the lines of one sitting."""

    read: int = 0
    imported: int = 0
    there: int = 0
    bad: int = 0


@contextmanager
def begun(file: Path, note: Path) -> Iterator[tuple[Run, Callable[[], None]]]:
    """The run of a file, gone on with from its note if the file is still the same; raises Busy.

    With it a function that writes the note anew. A run that ends well leaves no note.
    """
    with note.open("a+", encoding="utf-8") as paper:
        try:
            fcntl.flock(paper, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy from None
        run = _noted(paper, file)

        def save() -> None:
            paper.truncate(0)
            paper.write(json.dumps(asdict(run)))
            paper.flush()

        save()
        yield run, save
        note.unlink()


def import_file(
    file: Path, run: Run, save: Callable[[], None], *, region: str, bad: Callable[[Record, Unfit], None]
) -> Iterator[Tally]:
    """Import every line that is not done, the tally after each batch; raises what AWS answers once patience is over."""
    tally, saved = Tally(), time.monotonic()
    waiting: deque[tuple[list[Record], Future[set[int]]]] = deque()
    with ThreadPoolExecutor(THREADS) as threads:
        try:
            for batch in _batches(records(file, region=region, after=run.done), BATCH):
                waiting.append((batch, threads.submit(_import, batch, run.id)))
                while len(waiting) > 2 * THREADS:
                    yield _settled(*waiting.popleft(), run, tally, bad)
                if time.monotonic() - saved > SAVED_EVERY:
                    save()
                    saved = time.monotonic()
            while waiting:
                yield _settled(*waiting.popleft(), run, tally, bad)
        finally:
            threads.shutdown(wait=True, cancel_futures=True)
            with suppress(ValueError):
                save()


def check_file(file: Path, *, region: str, bad: Callable[[Record, Unfit], None]) -> Iterator[Tally]:
    """Read every line and import none."""
    tally = Tally()
    for batch in _batches(records(file, region=region), BATCH):
        for record in batch:
            if isinstance(record.content, Unfit):
                bad(record, record.content)
                tally.bad += 1
        tally.read = batch[-1].read
        yield tally


def _noted(paper: IO[str], file: Path) -> Run:
    now = file.stat()
    paper.seek(0)
    with suppress(ValueError, TypeError):
        run = Run(**json.load(paper))
        if (run.size, run.changed) == (now.st_size, now.st_mtime_ns):
            return run
    return Run(random_id(), now.st_size, now.st_mtime_ns)


def _import(batch: list[Record], run: str) -> set[int]:
    people = [record.content.newcomer(record.line) for record in batch if isinstance(record.content, Candidate)]
    if not people:
        return set()
    for pause in PAUSES:
        try:
            return import_accounts(people, run=run, now=int(time.time()))
        except (PynamoDBException, ClientError, BotoCoreError):
            time.sleep(pause)
    return import_accounts(people, run=run, now=int(time.time()))


def _settled(
    batch: list[Record], future: Future[set[int]], run: Run, tally: Tally, bad: Callable[[Record, Unfit], None]
) -> Tally:
    imported = future.result()
    for record in batch:
        if isinstance(record.content, Unfit):
            bad(record, record.content)
            tally.bad += 1
    tally.imported += len(imported)
    tally.there += sum(isinstance(record.content, Candidate) for record in batch) - len(imported)
    tally.read = batch[-1].read
    run.done = batch[-1].line
    return tally


def _batches(things: Iterable[Thing], size: int) -> Iterator[list[Thing]]:
    rest = iter(things)
    while batch := list(itertools.islice(rest, size)):
        yield batch
