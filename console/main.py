"""The `smartident` command."""

import typer

from console import (
    account_commands,
    cost_command,
    doctor_command,
    operator_devices,
    phone_commands,
    receipt_commands,
    story_command,
)

app = typer.Typer(
    help="smartIDENT: accounts and devices for operators, a simulated phone, and the story of a login played for real.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,  # locals hold passwords and keys
)
app.add_typer(phone_commands.app, name="phone")
app.command()(story_command.story)
app.add_typer(account_commands.app, name="account")
app.add_typer(operator_devices.app, name="device")
app.command()(operator_devices.events)
app.add_typer(receipt_commands.app, name="receipts")
app.command()(doctor_command.doctor)
app.command()(cost_command.cost)


if __name__ == "__main__":
    app()
