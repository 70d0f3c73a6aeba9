"""An account as a program reads it, and what keeps its owner out as a person does."""

from collections.abc import Iterator

from smartident.accounts.account import Account
from smartident.accounts.external_ids import external_ids_of
from smartident.admin.lockout_report import Lockout
from smartident.recovery.code_set import RecoveryCodes
from smartident_cli.terminal import Terminal


def members(account: Account) -> dict[str, object]:
    """The account with the names of the import."""
    return {
        "access_number": account.number,
        "display_name": account.display_name,
        "email": account.email,
        "phone": account.phone,
        "two_factor": account.two_factor,
        "language": account.language,
        "frozen": account.frozen,
        "active_devices": account.active_devices,
        "account_id": account.id,
        "external_ids": external_ids_of(account),
    }


def recovery_members(codes: RecoveryCodes | None) -> dict[str, object]:
    """How many recovery codes are left, and since when; never the codes."""
    return {
        "recovery_codes_left": 0 if codes is None else len(codes.code_macs),
        "recovery_codes_made_at": None if codes is None else codes.made_at,
    }


def recovery_line(codes: RecoveryCodes | None, terminal: Terminal) -> str:
    """The same for a person."""
    if codes is None:
        return terminal.text("none")
    return terminal.text("codes_left", left=len(codes.code_macs), made=terminal.moment(codes.made_at))


def lockout_members(lockout: Lockout) -> dict[str, object]:
    """What keeps its owner out, in epoch seconds."""
    attempts = lockout.attempts
    return {
        "failed_attempts": [one.at for one in attempts.counted],
        "locked_until": attempts.locks_end or None,
        "blocked_until": attempts.blocks_end or None,
        "next_login_at": lockout.next_login_at,
        "next_registration_at": lockout.next_registration_at,
    }


def lockout_lines(lockout: Lockout, terminal: Terminal) -> Iterator[tuple[str, str]]:
    """What keeps its owner out: a label and what it says, line by line."""
    attempts = lockout.attempts
    if attempts.counted:
        last = terminal.moment(attempts.counted[0].at)
        yield "failed_attempts", terminal.text("failed_and_last", number=len(attempts.counted), last=last)
    else:
        yield "failed_attempts", "0"
    if attempts.locks_end:
        yield "locked_until", terminal.moment(attempts.locks_end[0])
    if attempts.blocks_end:
        yield "blocked_until", terminal.moment(attempts.blocks_end[0])
    if lockout.next_login_at:
        yield "next_login_at", terminal.moment(lockout.next_login_at)
    if lockout.next_registration_at:
        yield "next_registration_at", terminal.moment(lockout.next_registration_at)
