"""The statement of a removal."""

from __future__ import annotations

from typing import Literal

from smartident.statements.by_phone import PhoneStatement


class RevocationStatement(PhoneStatement, forbid_unknown_fields=True):
    """Which device of which account is to be removed, under which name it was shown."""

    v: Literal[2]
    purpose: Literal["smartident-revoke-device"]
    device_id: str
    device_name: str
