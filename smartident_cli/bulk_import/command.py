"""`smartident account import`: accounts from another system, with the passwords that people already know."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn

from smartident_cli.bulk_import.job import (
    ImportProgress,
    JobRunning,
    NotANote,
    Sitting,
    check_records,
    import_records,
    open_job,
)
from smartident_cli.bulk_import.lines import Encoding
from smartident_cli.bulk_import.reader import Record, records
from smartident_cli.deployment_options import LAPTOP_PORT, OnLaptop, Port, StackName, open_deployment
from smartident_cli.invalid_field import InvalidField
from smartident_cli.options import LanguageOption
from smartident_cli.phone_numbers import REGION, valid_region
from smartident_cli.service_clock import ServiceClock
from smartident_cli.terminal import Terminal

STOPPED = 130
"""The exit code of what was stopped by Ctrl-C."""

Source = Annotated[
    Path, typer.Argument(help="CSV with a head line, or JSON Lines.", exists=True, dir_okay=False, readable=True)
]
Note = Annotated[Path | None, typer.Option(help="Where a broken import is noted; beside the file without it.")]
WrittenIn = Annotated[Encoding | None, typer.Option("--encoding", help="How the file is written; UTF-8 without it.")]


@dataclass
class Display:
    """What the person sees while it runs: a bar, the counts, and each bad line as it comes."""

    terminal: Terminal
    bar: Progress
    task: TaskID

    def bad(self, record: Record, invalid: InvalidField) -> None:
        """Tell a bad line and what is wrong with it, never what it says."""
        what = self.terminal.text(invalid.sentence, **invalid.values)
        if invalid.field:
            what = f"{invalid.field}: {what}"
        said = self.terminal.text("bad_line", line=record.line, what=what)
        self.bar.console.print(said, markup=False, soft_wrap=True)

    def follow(self, steps: Iterator[ImportProgress]) -> ImportProgress:
        """Show how it goes; the last progress."""
        progress = ImportProgress()
        for progress in steps:
            counts = self.terminal.text("counts", imported=progress.imported, there=progress.there, bad=progress.bad)
            self.bar.update(self.task, completed=progress.read, counts=counts)
        return progress

    def stops(self) -> None:
        """Say that Ctrl-C was heard."""
        self.terminal.complain("import_stops")


def import_(
    file: Source,
    *,
    check: Annotated[bool, typer.Option("--check", help="Read every line, write nothing.")] = False,
    region: Annotated[str, typer.Option(help="Country of phone numbers without country code.")] = REGION,
    encoding: WrittenIn = None,
    note: Note = None,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: LanguageOption = "de",
) -> None:
    """Import accounts; what is there already stays. Run again after a break: it goes on. Exit code 1 for bad lines."""
    with open_deployment(stack, local, port, language) as (terminal, clock, _), _display(file, terminal) as display:
        country = valid_region(region)
        written = note or file.with_name(file.name + ".import")
        try:
            if check:
                progress = display.follow(check_records(records(file, region=country, encoding=encoding), display.bad))
            else:
                progress = _imported(file, written, display, clock, region=country, encoding=encoding)
        except InvalidField as invalid:
            terminal.give_up(invalid.sentence)
        except JobRunning:
            terminal.give_up("import_busy")
        except NotANote:
            terminal.give_up("not_a_note", note=written)
        except KeyboardInterrupt:
            raise typer.Exit(STOPPED) from None
    said = "import_checked" if check else "import_done"
    terminal.say(said, imported=progress.imported, there=progress.there, bad=progress.bad)
    if progress.bad:
        raise typer.Exit(1)


def _imported(
    file: Path, note: Path, display: Display, clock: ServiceClock, *, region: str, encoding: Encoding | None
) -> ImportProgress:
    with open_job(file, note) as (job, save):
        if job.done:
            display.terminal.complain("import_goes_on", line=job.done)
        read = records(file, region=region, encoding=encoding, after=job.done)
        return display.follow(import_records(read, Sitting(job, save, clock, display.bad, display.stops)))


@contextmanager
def _display(file: Path, terminal: Terminal) -> Iterator[Display]:
    columns = (BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[counts]}"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True, highlight=False), transient=True) as bar:
        yield Display(terminal, bar, bar.add_task("", total=file.stat().st_size, counts=""))
