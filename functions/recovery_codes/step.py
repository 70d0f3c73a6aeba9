"""After the story: a phone makes the codes that let its owner back in once the phone is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta, Struct

from smartident.approvals.recovery_codes import confirm_codes, make_codes, verify_recovery_codes
from smartident.devices.authenticate import authenticate_device
from smartident.devices.device import check_cooled_off
from smartident.recovery.code_set import read_valid_codes_of

if TYPE_CHECKING:
    from smartident.crypto.dpop import Request
    from smartident.recovery.code_set import RecoveryCodes


class NewRecoveryCodes(Struct, forbid_unknown_fields=True):
    """The wish for recovery codes: what the person was shown, and what the approval key signed."""

    statement: str
    evidence: dict[str, Any]


class TypedBack(Struct, forbid_unknown_fields=True):
    """One of the new codes, typed back from where the person keeps them."""

    code: Annotated[str, Meta(min_length=1, max_length=64)]


def show(*, request: Request, now: int) -> dict[str, object]:
    """How many recovery codes this phone's account has left, and since when; never the codes."""
    asking, _ = authenticate_device(request, now=now)
    return to_response(read_valid_codes_of(asking.account_id))


def make(ask: NewRecoveryCodes, *, request: Request, now: int) -> dict[str, object]:
    """A new set of codes, shown this once; it counts only once one of them is typed back."""
    asking, _ = authenticate_device(request, now=now)
    check_cooled_off(asking, now=now)
    signed = verify_recovery_codes(ask.statement, ask.evidence, by=asking, now=now)
    made, codes = make_codes(asking, signed, now=now)
    return {"set_id": made.id, "codes": codes, "expires_at": made.expires_at}


def confirm(set_id: str, ask: TypedBack, *, request: Request, origin: str = "", now: int) -> dict[str, object]:
    """The set counts from now on, and the one before no more; the code that was typed is not used up."""
    asking, _ = authenticate_device(request, now=now)
    check_cooled_off(asking, now=now)
    return to_response(confirm_codes(set_id, ask.code, device=asking, origin=origin, now=now))


def to_response(codes: RecoveryCodes | None) -> dict[str, object]:
    """A set of recovery codes as the app shows it."""
    return {"left": 0 if codes is None else len(codes.code_macs), "made_at": None if codes is None else codes.made_at}
