"""`smartident device …` and `smartident events`: the phones and the history of an account, as an operator sees them."""

import time
from typing import Annotated

import typer

from console.approval_view import UNKNOWN
from console.operator_options import LAPTOP_PORT, OnLaptop, Port, StackName, Who, at_work, the_account
from console.phone_options import SHOWN, Speech, give_up, the_device
from console.voice import Voice, plain
from smartident.devices.device import Device
from smartident.devices.revoke import (
    revoke as revoke_device,
)
from smartident.devices.snapshot import read_snapshot
from smartident.errors import InvalidRequest
from smartident.logins.history import read_page

app = typer.Typer(help="Phones of an account.", no_args_is_help=True)


@app.command("list")
def list_(
    who: Who,
    *,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: Speech = "de",
) -> None:
    """List the phones of an account, the blocked ones included."""
    with at_work(stack, local, port, language) as (_, voice):
        table = voice.table("device", "state", "registered_at", "id")
        for device in _devices(the_account(who, voice).id):
            state = voice.text("active" if device.active else "blocked")
            table.add_row(plain(device.name), state, voice.moment(device.registered_at), device.id[:SHOWN])
        voice.console.print(table)


@app.command()
def revoke(
    who: Who,
    device: Annotated[str, typer.Argument(help="Name of the device, or the start of its id.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: Speech = "de",
) -> None:
    """Take a phone out of use, at once and for good, and with it what it approved and nobody completed yet."""
    with at_work(stack, local, port, language) as (_, voice):
        account = the_account(who, voice)
        meant = _meant(_devices(account.id), device, voice)
        if not yes and not voice.confirm("confirm_revoke", default=False, name=meant.name):
            give_up(voice, "kept")
        revoke_device(account.id, meant.id, by=None, now=int(time.time()))
        voice.say("revoked", name=meant.name)


def events(
    who: Who,
    *,
    before: Annotated[str, typer.Option(help="Where the page before ended.")] = "",
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: Speech = "de",
) -> None:
    """Read the history of an account, newest first: its logins, devices and settings."""
    with at_work(stack, local, port, language) as (_, voice):
        try:
            page = read_page(the_account(who, voice).id, before=before or None, now=int(time.time()))
        except InvalidRequest:
            give_up(voice, "no_page", before=before)
        table = voice.table("when", "what", "why", "where", "device")
        for event in _listed(page["events"]):
            where = (str(event[name]) for name in ("browser", "os", "ip") if event[name] not in {None, UNKNOWN})
            table.add_row(
                voice.moment(int(str(event["at"]))),
                _said(event["type"], voice),
                _said(event["reason"], voice),
                plain(" · ".join(where)),
                plain(str(event["device_id"] or "")[:SHOWN]),
            )
        voice.console.print(table)
        if page["next"]:
            voice.say("more", next=page["next"])


def _listed(events_of_page: object) -> list[dict[str, object]]:
    return events_of_page if isinstance(events_of_page, list) else []


def _said(word: object, voice: Voice) -> str:
    name = "" if word is None else str(word)
    return voice.text(name) if name in voice.texts else plain(name)


def _devices(account_id: str) -> list[Device]:
    snapshot = read_snapshot(account_id, now=int(time.time()))
    return sorted(snapshot.devices.values(), key=lambda device: (device.registered_at, device.id))


def _meant(devices: list[Device], start: str, voice: Voice) -> Device:
    return the_device(devices, start, voice, named=lambda device: (device.name, device.id))
