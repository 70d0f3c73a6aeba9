"""Options that more than one command takes, and what a person means by a name or the start of an id."""

from collections.abc import Callable
from typing import Annotated, TypeVar

import typer

from smartident_cli.terminal import Terminal
from smartident_client.wire import Language

LanguageOption = Annotated[
    Language, typer.Option("--language", envvar="SMARTIDENT_LANGUAGE", help="Deutsch (de) or English.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Answer with one JSON document.")]
DeviceName = Annotated[str, typer.Argument(help="Name of the device, or the start of its id.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]

ID_SHOWN = 12
"""Signs of a device's id that a table shows: enough to name it by."""
NAMES_MAY_BEGIN_WITH_A_DASH = {"ignore_unknown_options": True}
"""Settings of a command that takes a device: one id in sixty-four begins with a dash."""
UNKNOWN = "?"
"""How the service says that it could not tell."""

Device = TypeVar("Device")


def the_device(
    devices: list[Device], start: str, terminal: Terminal, *, named: Callable[[Device], tuple[str, str]]
) -> Device:
    """Find the device that is meant, by its name or the start of its id; gives up on none and on several."""
    told = [(device, *named(device)) for device in devices]
    # A phone may name another one as its own id begins: what fits two ways is not guessed.
    fitting = [device for device, name, device_id in told if name == start or device_id.startswith(start)]
    return fitting[0] if len(fitting) == 1 else terminal.give_up("which_device", device=start)
