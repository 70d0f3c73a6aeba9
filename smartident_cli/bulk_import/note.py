"""The note of an import job: by it the same command goes on where the import of a file was broken off."""

import fcntl
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from smartident.crypto.random import random_id

NOTE_BEGINS = '{"id": "'


class JobRunning(Exception):  # noqa: N818  what is the matter is named
    """Another import of this file is running."""


class NotANote(Exception):  # noqa: N818  the same
    """The file that should hold the note holds something else, which stays."""


@dataclass
class ImportJob:
    """How far the import of one file has come; `id` makes what a broken sitting left behind its own again."""

    id: str
    size: int
    changed: int
    done: int = 0


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
