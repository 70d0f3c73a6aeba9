"""`smartident phone devices|rename|revoke|events`: what an account tells about itself."""

from typing import Annotated

import msgspec
import typer

from smartident_cli.options import ID_SHOWN, UNKNOWN, AsJson, DeviceName, LanguageOption, the_device
from smartident_cli.phone.options import DEFAULT_FILE, File, Number, Url, chosen_account, phone_in_hand
from smartident_cli.terminal import Terminal, plain
from smartident_client.answers import Device


def devices(
    *,
    account: Number = "",
    url: Url = "",
    file: File = DEFAULT_FILE,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """List the phones of an account."""
    with phone_in_hand(url, file, language, as_json=as_json) as (phone, terminal):
        table = terminal.table("device", "state", "registered_at", "last_used_at", "id")
        devices = phone.devices(chosen_account(phone, account, terminal))
        for device in devices:
            times = terminal.moment(device.registered_at), terminal.moment(device.last_used_at)
            table.add_row(plain(device.name), terminal.text(_state(device)), *times, device.device_id[:ID_SHOWN])
        terminal.console.print(table)
        terminal.answer(devices=msgspec.to_builtins(devices))


def rename(
    device: DeviceName,
    name: Annotated[str, typer.Argument(help="Its new name.")],
    *,
    account: Number = "",
    url: Url = "",
    file: File = DEFAULT_FILE,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Give a phone another name."""
    with phone_in_hand(url, file, language, as_json=as_json) as (phone, terminal):
        holder = chosen_account(phone, account, terminal)
        meant = _meant(phone.devices(holder), device, terminal)
        renamed = phone.rename(holder, meant.device_id, name)
        terminal.say("renamed", name=renamed.name)
        terminal.answer(device_id=renamed.device_id, name=renamed.name)


def revoke(
    device: DeviceName,
    *,
    account: Number = "",
    url: Url = "",
    file: File = DEFAULT_FILE,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Take a phone out of use, at once and for good."""
    with phone_in_hand(url, file, language, as_json=as_json) as (phone, terminal):
        holder = chosen_account(phone, account, terminal)
        meant = _meant(phone.devices(holder), device, terminal)
        if meant.current:
            phone.sign_out(holder)
        else:
            phone.revoke(holder, meant)
        terminal.say("revoked", name=meant.name)
        terminal.answer(device_id=meant.device_id, state="revoked")


def events(
    before: Annotated[str, typer.Option(help="Where the page before ended.")] = "",
    *,
    account: Number = "",
    url: Url = "",
    file: File = DEFAULT_FILE,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Read the account's history, newest first."""
    with phone_in_hand(url, file, language, as_json=as_json) as (phone, terminal):
        page = phone.events(chosen_account(phone, account, terminal), before=before or None)
        table = terminal.table("when", "what", "where")
        for event in page.events:
            where = " · ".join(part for part in (event.browser, event.os, event.ip) if part and part != UNKNOWN)
            table.add_row(terminal.moment(event.at), plain(terminal.event(event.type)), plain(where))
        terminal.console.print(table)
        if page.next:
            terminal.say("more", next=page.next)
        terminal.answer(**msgspec.to_builtins(page))


def _state(device: Device) -> str:
    if device.state == "revoked":
        return "blocked"
    return "this_device" if device.current else "active"


def _meant(devices: list[Device], start: str, terminal: Terminal) -> Device:
    return the_device(devices, start, terminal, named=lambda device: (device.name, device.device_id))
