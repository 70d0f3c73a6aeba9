"""`smartident account import`: accounts from another system, with the passwords that people already know."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn

from console.candidates import REGION, Unfit
from console.intake import Record
from console.operator_options import LAPTOP_PORT, OnLaptop, Port, StackName, at_work
from console.phone_options import Speech, give_up
from console.run import Busy, Tally, begun, check_file, import_file
from console.voice import Voice

Source = Annotated[
    Path, typer.Argument(help="CSV with a head line, or JSON Lines; UTF-8.", exists=True, dir_okay=False, readable=True)
]
Note = Annotated[Path | None, typer.Option(help="Where a broken import is noted; beside the file without it.")]


@dataclass
class Display:
    """What the person sees while it runs: a bar, the counts, and each bad line as it comes."""

    voice: Voice
    bar: Progress
    task: TaskID

    def bad(self, record: Record, unfit: Unfit) -> None:
        """Tell a bad line and what is wrong with it, never what it says."""
        what = f"{unfit.field}: {self.voice.text(unfit.sentence)}" if unfit.field else self.voice.text(unfit.sentence)
        said = self.voice.text("bad_line", line=record.line, what=what)
        self.bar.console.print(said, markup=False, soft_wrap=True)

    def follow(self, tallies: Iterator[Tally]) -> Tally:
        """Show how it goes; the last tally."""
        tally = Tally()
        for tally in tallies:
            counts = self.voice.text("counts", imported=tally.imported, there=tally.there, bad=tally.bad)
            self.bar.update(self.task, completed=tally.read, counts=counts)
        return tally


def import_(
    file: Source,
    *,
    check: Annotated[bool, typer.Option("--check", help="Read every line, write nothing.")] = False,
    region: Annotated[str, typer.Option(help="Country of phone numbers without country code.")] = REGION,
    note: Note = None,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: Speech = "de",
) -> None:
    """Import accounts; what is there already stays. Run again after a break: it goes on. Exit code 1 for bad lines."""
    with at_work(stack, local, port, language) as (_, voice), _display(file, voice) as display:
        try:
            tally = _checked(file, region, display) if check else _imported(file, note, region, display)
        except Unfit as unfit:
            give_up(voice, unfit.sentence)
        except Busy:
            give_up(voice, "import_busy")
    said = "import_checked" if check else "import_done"
    voice.say(said, imported=tally.imported, there=tally.there, bad=tally.bad)
    if tally.bad:
        raise typer.Exit(1)


def _imported(file: Path, note: Path | None, region: str, display: Display) -> Tally:
    with begun(file, note or file.with_name(file.name + ".import")) as (run, save):
        if run.done:
            display.voice.complain("import_goes_on", line=run.done)
        return display.follow(import_file(file, run, save, region=region, bad=display.bad))


def _checked(file: Path, region: str, display: Display) -> Tally:
    return display.follow(check_file(file, region=region, bad=display.bad))


@contextmanager
def _display(file: Path, voice: Voice) -> Iterator[Display]:
    columns = (BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[counts]}"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True, highlight=False), transient=True) as bar:
        yield Display(voice, bar, bar.add_task("", total=file.stat().st_size, counts=""))
