"""`smartident device …`: the phones of an account, as an operator sees them."""

import typer

from smartident.devices.device import Device, read_devices
from smartident.devices.revoke import (
    revoke as revoke_device,
)
from smartident.logins.login import COMPLETED
from smartident.logins.reading import latest_logins
from smartident_cli.deployment_options import LAPTOP_PORT, OnLaptop, Port, StackName, Who, open_deployment, the_account
from smartident_cli.options import (
    ID_SHOWN,
    NAMES_MAY_BEGIN_WITH_A_DASH,
    AsJson,
    DeviceName,
    LanguageOption,
    Yes,
    the_device,
)
from smartident_cli.terminal import Terminal, plain

# A phone that replaced another one is looked for among so many of the latest logins.
MAX_LOGINS_READ = 50

app = typer.Typer(help="Phones of an account.", no_args_is_help=True)


@app.command("list")
def list_(
    who: Who,
    *,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """List the phones of an account, the blocked ones included."""
    with open_deployment(stack, local, port, language, as_json) as (terminal, clock, _):
        table = terminal.table("device", "state", "registered_at", "id")
        account = the_account(who, terminal)
        devices = _devices(account.id)
        left = _left(account.id, devices, now=clock.now())
        for device in devices:
            state = terminal.text("device_left" if device.id in left else "active" if device.active else "blocked")
            table.add_row(plain(device.name), state, terminal.moment(device.registered_at), device.id[:ID_SHOWN])
        terminal.console.print(table)
        terminal.answer(devices=[_members(device, left) for device in devices])


@app.command(context_settings=NAMES_MAY_BEGIN_WITH_A_DASH)
def revoke(
    who: Who,
    device: DeviceName,
    *,
    yes: Yes = False,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Take a phone out of use, at once and for good, and with it what it approved and nobody completed yet."""
    with open_deployment(stack, local, port, language, as_json) as (terminal, clock, _):
        account = the_account(who, terminal)
        meant = _meant(_devices(account.id), device, terminal)
        if not yes and not terminal.confirm("confirm_revoke", default=False, name=meant.name):
            terminal.give_up("kept")
        revoke_device(account.id, meant.id, by=None, now=clock.now())
        terminal.say("revoked", name=meant.name)
        terminal.answer(access_number=account.number, device_id=meant.id, state="revoked")


def _left(account_id: str, devices: list[Device], *, now: int) -> set[str]:
    """The phones that left for a new one, also where nobody has written it down yet. A helpdesk has no pepper."""
    active = {device.id for device in devices if device.active}
    left = {device.id for device in devices if not device.active and device.retired_by}
    for new in devices:
        cooled_off = (new.cool_off_until or 0) <= now
        if new.active and new.retires in active and cooled_off and _has_logged_in(account_id, new):
            left.add(new.retires)
    return left


def _has_logged_in(account_id: str, new: Device) -> bool:
    logins = latest_logins(account_id, after="", limit=MAX_LOGINS_READ)
    return any((login.state, login.decided_by) == (COMPLETED, new.id) for login in logins)


def _members(device: Device, left: set[str]) -> dict[str, object]:
    return {
        "device_id": device.id,
        "name": device.name,
        "platform": device.platform,
        "state": "active" if device.active and device.id not in left else "revoked",
        "retired": device.id in left,
        "registered_at": device.registered_at,
    }


def _devices(account_id: str) -> list[Device]:
    return sorted(read_devices(account_id), key=lambda device: (device.registered_at, device.id))


def _meant(devices: list[Device], start: str, terminal: Terminal) -> Device:
    return the_device(devices, start, terminal, named=lambda device: (device.name, device.id))
