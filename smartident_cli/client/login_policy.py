"""What people may log in to a client with, as an option of the commands."""

from typing import Annotated

import typer

from smartident_cli.login_policy import Policy

LoginPolicy = Annotated[
    Policy, typer.Option("--login-policy", help="What its people log in with; the stricter of this and theirs.")
]
OtherLoginPolicy = Annotated[
    Policy | None, typer.Option("--login-policy", help="What its people log in with; the stricter of this and theirs.")
]
