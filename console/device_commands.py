"""`smartident phone devices|rename|revoke|events`: what an account tells about itself."""

from typing import Annotated

import typer

from console.answers import Device
from console.approval_view import UNKNOWN
from console.phone_options import (
    DEFAULT_FILE,
    SHOWN,
    File,
    Number,
    Speech,
    Url,
    chosen_account,
    phone_in_hand,
    the_device,
)
from console.voice import Voice, plain


def devices(account: Number = "", url: Url = "", file: File = DEFAULT_FILE, language: Speech = "de") -> None:
    """List the phones of an account."""
    with phone_in_hand(url, file, language) as (phone, voice):
        table = voice.table("device", "state", "registered_at", "last_used_at", "id")
        for device in phone.devices(chosen_account(phone, account, voice)):
            times = voice.moment(device.registered_at), voice.moment(device.last_used_at)
            table.add_row(plain(device.name), voice.text(_state(device)), *times, device.device_id[:SHOWN])
        voice.console.print(table)


def rename(
    device: Annotated[str, typer.Argument(help="Name of the device, or the start of its id.")],
    name: Annotated[str, typer.Argument(help="Its new name.")],
    *,
    account: Number = "",
    url: Url = "",
    file: File = DEFAULT_FILE,
    language: Speech = "de",
) -> None:
    """Give a phone another name."""
    with phone_in_hand(url, file, language) as (phone, voice):
        holder = chosen_account(phone, account, voice)
        meant = _meant(phone.devices(holder), device, voice)
        voice.say("renamed", name=phone.rename(holder, meant.device_id, name).name)


def revoke(
    device: Annotated[str, typer.Argument(help="Name of the device, or the start of its id.")],
    account: Number = "",
    url: Url = "",
    file: File = DEFAULT_FILE,
    language: Speech = "de",
) -> None:
    """Take a phone out of use, at once and for good."""
    with phone_in_hand(url, file, language) as (phone, voice):
        holder = chosen_account(phone, account, voice)
        meant = _meant(phone.devices(holder), device, voice)
        phone.revoke(holder, meant.device_id)
        voice.say("revoked", name=meant.name)


def events(
    before: Annotated[str, typer.Option(help="Where the page before ended.")] = "",
    account: Number = "",
    url: Url = "",
    file: File = DEFAULT_FILE,
    language: Speech = "de",
) -> None:
    """Read the account's history, newest first."""
    with phone_in_hand(url, file, language) as (phone, voice):
        page = phone.events(chosen_account(phone, account, voice), before=before or None)
        table = voice.table("when", "what", "where")
        for event in page.events:
            what = voice.text(event.type) if event.type in voice.texts else plain(event.type)
            where = " · ".join(part for part in (event.browser, event.os, event.ip) if part and part != UNKNOWN)
            table.add_row(voice.moment(event.at), what, plain(where))
        voice.console.print(table)
        if page.next:
            voice.say("more", next=page.next)


def _state(device: Device) -> str:
    if device.state == "revoked":
        return "blocked"
    return "this_device" if device.current else "active"


def _meant(devices: list[Device], start: str, voice: Voice) -> Device:
    return the_device(devices, start, voice, named=lambda device: (device.name, device.device_id))
