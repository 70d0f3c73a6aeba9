"""The `smartident` command."""

import typer

from console import phone_commands, story_command

app = typer.Typer(
    help="smartIDENT: a simulated phone, and the story of a login played for real.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,  # locals hold passwords and keys
)
app.add_typer(phone_commands.app, name="phone")
app.command()(story_command.story)


if __name__ == "__main__":
    app()
