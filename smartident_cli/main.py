"""The `smartident` command."""

from importlib.metadata import version as version_of
from typing import Annotated

import typer

from smartident_cli.account.app import app as account
from smartident_cli.client.command import app as client
from smartident_cli.device.command import app as device
from smartident_cli.doctor.command import doctor
from smartident_cli.events.command import events
from smartident_cli.key.command import app as key
from smartident_cli.notices.command import app as notices
from smartident_cli.phone.command import app as phone
from smartident_cli.receipts.command import app as receipts
from smartident_cli.sender.command import app as sender
from smartident_cli.story.command import story

app = typer.Typer(
    help="smartIDENT: accounts and devices for operators, a simulated phone, and the story of a login played for real.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,  # locals hold passwords and keys
)
app.add_typer(phone, name="phone")
app.command()(story)
app.add_typer(account, name="account")
app.add_typer(client, name="client")
app.add_typer(device, name="device")
app.add_typer(key, name="key")
app.add_typer(sender, name="sender")
app.add_typer(notices, name="notices")
app.command()(events)
app.add_typer(receipts, name="receipts")
app.command()(doctor)


def _tell_version(asked: bool) -> None:  # noqa: FBT001  as Typer hands it on
    if asked:
        print(f"smartident {version_of('smartident')}")
        raise typer.Exit


@app.callback()
def main(
    *,
    version: Annotated[
        bool, typer.Option("--version", help="Tell the version and end.", callback=_tell_version, is_eager=True)
    ] = False,
) -> None:
    """Take what is said before a command."""
