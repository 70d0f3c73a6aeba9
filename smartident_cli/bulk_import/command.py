"""`smartident account import`: accounts from another system, with the passwords that people already know."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn

from smartident_cli.bulk_import.job import ImportProgress, Sitting, check_records, import_records
from smartident_cli.bulk_import.lines import Encoding
from smartident_cli.bulk_import.naming import Naming, open_naming
from smartident_cli.bulk_import.note import JobRunning, NotANote, open_job
from smartident_cli.bulk_import.reader import Record, records
from smartident_cli.client.validation import known_client
from smartident_cli.deployment_options import LAPTOP_PORT, OnLaptop, Port, StackName, open_deployment
from smartident_cli.invalid_field import InvalidField
from smartident_cli.options import AsJson, LanguageOption
from smartident_cli.phone_numbers import REGION, valid_region
from smartident_cli.service_clock import ServiceClock
from smartident_cli.terminal import Terminal
from smartident_cli.validation import ValidAccount

STOPPED = 130
"""The exit code of what was stopped by Ctrl-C."""

Source = Annotated[
    Path, typer.Argument(help="CSV with a head line, or JSON Lines.", exists=True, dir_okay=False, readable=True)
]
Note = Annotated[Path | None, typer.Option(help="Where a broken import is noted; beside the file without it.")]
NamingClient = Annotated[str, typer.Option(help="Whose names the column external_id has.")]
Mapping = Annotated[
    Path | None,
    typer.Option(help="Which account each line became, with --client: a CSV file, beside FILE without it."),
]
WrittenIn = Annotated[Encoding | None, typer.Option("--encoding", help="How the file is written; UTF-8 without it.")]


@dataclass
class Display:
    """What the person sees while it runs: a bar, the counts, and each bad line as it comes."""

    terminal: Terminal
    bar: Progress
    task: TaskID
    bad_lines: list[dict[str, object]] = field(default_factory=list)
    lines_by_number_only: list[int] = field(default_factory=list)

    def bad(self, record: Record, invalid: InvalidField) -> None:
        """Tell a bad line and what is wrong with it, never what it says."""
        what = self.terminal.text(invalid.sentence, **invalid.values)
        if self.terminal.as_json:
            self.bad_lines.append({"line": record.line, "field": invalid.field or None, "what": what})
        if invalid.field:
            what = f"{invalid.field}: {what}"
        said = self.terminal.text("bad_line", line=record.line, what=what)
        self.bar.console.print(said, markup=False, soft_wrap=True)

    def by_number_only(self, line: int) -> None:
        """Tell an account that goes by its number only, because others have its e-mail too."""
        if self.terminal.as_json:
            self.lines_by_number_only.append(line)
        said = self.terminal.text("line_by_number_only", line=line)
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
    client: NamingClient = "",
    mapping: Mapping = None,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Import accounts; what is there already stays. Run again after a break: it goes on. Exit code 1 for bad lines."""
    with (
        open_deployment(stack, local, port, language, as_json) as (terminal, clock, _),
        _display(file, terminal) as display,
        _refusals(terminal),
    ):
        named_by = known_client(client) if client else None
        read = Reading(file, valid_region(region), encoding, named_by)
        with open_naming(None if check else named_by, mapping or file.with_name(file.name + ".mapping.csv")) as naming:
            progress = _checked(read, display) if check else _imported(read, note, display, clock, naming)
    said = "import_checked" if check else "import_done"
    terminal.say(said, imported=progress.imported, there=progress.there, bad=progress.bad)
    counts = {"imported": progress.imported, "there_already": progress.there, "bad": progress.bad}
    noted = {"bad_lines": display.bad_lines, "lines_by_number_only": display.lines_by_number_only}
    terminal.answer(written=not check, **counts, **noted)
    if progress.bad:
        raise typer.Exit(1)


@dataclass(frozen=True)
class Reading:
    """The file, and how it is to be read."""

    file: Path
    region: str
    encoding: Encoding | None
    client: str | None = None

    def records(self, after: int = 0) -> Iterator[Record]:
        """Its records from after a line on; a name is bad where nobody says which client has it."""
        for one in records(self.file, region=self.region, encoding=self.encoding, after=after):
            named = isinstance(one.content, ValidAccount) and one.content.external_id is not None
            unnamed = named and self.client is None
            yield replace(one, content=InvalidField("external_id", "client_unnamed")) if unnamed else one


@contextmanager
def _refusals(terminal: Terminal) -> Iterator[None]:
    """Say in one sentence why the file is not imported."""
    try:
        yield
    except InvalidField as invalid:
        what = terminal.text(invalid.sentence, **invalid.values)
        terminal.give_up("invalid_field", field=invalid.field or terminal.text("file"), what=what)
    except JobRunning:
        terminal.give_up("import_busy")
    except NotANote as other:
        terminal.give_up("not_a_note", note=other)
    except KeyboardInterrupt:
        raise typer.Exit(STOPPED) from None


def _checked(reading: Reading, display: Display) -> ImportProgress:
    return display.follow(check_records(reading.records(), display.bad))


def _imported(
    reading: Reading, note: Path | None, display: Display, clock: ServiceClock, naming: Naming | None
) -> ImportProgress:
    with open_job(reading.file, note or reading.file.with_name(reading.file.name + ".import")) as (job, save):
        if job.done:
            display.terminal.complain("import_goes_on", line=job.done)
        sitting = Sitting(job, save, clock, display.bad, display.by_number_only, display.stops, naming)
        return display.follow(import_records(reading.records(after=job.done), sitting))


@contextmanager
def _display(file: Path, terminal: Terminal) -> Iterator[Display]:
    columns = (BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[counts]}"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True, highlight=False), transient=True) as bar:
        yield Display(terminal, bar, bar.add_task("", total=file.stat().st_size, counts=""))
