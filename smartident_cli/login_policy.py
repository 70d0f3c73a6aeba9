"""Login policies as the command line spells them."""

from enum import StrEnum

from smartident.clients import login_policy


class Policy(StrEnum):
    """What people may log in with."""

    PHONE_OR_PASSKEY = login_policy.PHONE_OR_PASSKEY
    PHONE = login_policy.PHONE
    PASSKEY_ONLY = login_policy.PASSKEY_ONLY
