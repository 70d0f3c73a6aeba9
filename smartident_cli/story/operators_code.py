"""The operator's part of the story: an account without a phone number, and the code that lets its first phone in."""

import json
import subprocess
import sys

import typer

from smartident_client.phone import Phone
from smartident_client.wire import Refused

COMMAND = [sys.executable, "-m", "smartident_cli", "account"]
NUMBER, PASSWORD, NAME = "100200399", "Birkenblatt-63", "Karla Sommer"
"""Somebody whom the laptop's stack does not know yet."""


def issue_code(port: int) -> str:
    """Create the account and issue its code, as an operator does it; raises Exit if the command ends otherwise."""
    deployment = ["--local", "--port", str(port), "--json"]
    _run("create", NUMBER, "--name", NAME, *deployment, typed=f"{PASSWORD}\n")
    return str(json.loads(_run("enrolment-code", NUMBER, *deployment))["enrolment_code"])


def is_used_up(code: str, identifier: str, phone: Phone) -> bool:
    """Whether the code lets no further phone in."""
    try:
        phone.register(identifier, enrolment_code=code, device_name="?")
    except Refused as refused:
        return refused.code == "enrolment_code_invalid"
    return False


def _run(*arguments: str, typed: str = "") -> str:
    """What the command answers; what goes wrong it says itself, on standard error."""
    done = subprocess.run([*COMMAND, *arguments], input=typed, stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603  our own
    if done.returncode:
        raise typer.Exit(1)
    return done.stdout
