"""What the API answers, typed. Members that a later version adds are ignored, as every good client does."""

from typing import Any, Literal

import msgspec

LoginStatus = Literal["pending", "approved", "denied", "expired"]


class Registration(msgspec.Struct):
    """A started key registration: the SMS is on its way, or a device of the account lets the phone in."""

    registration_id: str
    challenge: str
    expires_at: int
    webauthn: dict[str, Any]
    confirm_by: str = "sms"
    phone_hint: str = ""  # by SMS: where the code went
    resend_at: int = 0
    pairing: str = ""  # by device: what this phone shows
    pairing_digits: str = ""
    fingerprint: str = ""


class NewAccount(msgspec.Struct):
    """The account that the phone now holds."""

    account_id: str
    access_number: str
    device_id: str
    display_name: str


class Whereabouts(msgspec.Struct):
    """Where a phone is, as far as the service can tell."""

    place: str | None = None
    asn: int | None = None


class ApprovalRequest(msgspec.Struct):
    """A login or a new phone that waits for a decision; `statement` is what gets shown and signed, byte for byte."""

    statement: str
    expires_at: int
    # Of a login.
    login_id: str = ""
    transfer_code_digits: int = 0
    # Of a new phone; `here` is where this one is.
    registration_id: str = ""
    here: Whereabouts | None = None
    differs: bool = False

    @property
    def id(self) -> str:
        """The name under which it is decided."""
        return self.login_id or self.registration_id


class Frozen(msgspec.Struct):
    """Since when the account is frozen, and whether this phone may open it."""

    frozen_at: int
    may_open: bool


class ApprovalRequests(msgspec.Struct):
    """All that waits under "Freigabe"."""

    approvals: list[ApprovalRequest]
    frozen: Frozen | None = None


class Statement(msgspec.Struct):
    """What the person decides about, decoded from the signed bytes."""

    v: int
    purpose: str
    login_id: str
    client: str
    origin: str | None
    access_number: str
    ip: str
    place: str | None
    browser: str
    os: str
    requested_at: int
    expires_at: int
    audit_log: str
    nonce: str
    asn: int | None = None
    new_country: bool = False
    client_name: str | None = None
    client_host: str | None = None
    told_by_client: bool = False
    binding_message: str | None = None


class Decided(msgspec.Struct):
    """What became of a decision."""

    status: Literal["approved", "denied"]


class Device(msgspec.Struct):
    """A phone of the account."""

    device_id: str
    name: str
    platform: str
    state: Literal["active", "revoked"]
    registered_at: int
    last_used_at: int | None
    current: bool
    approval_key: Literal["jwk", "webauthn"]


class Devices(msgspec.Struct):
    """All phones of the account."""

    devices: list[Device]


class Event(msgspec.Struct):
    """One line of the account's own history."""

    event_id: str
    type: str
    at: int
    device_id: str | None
    login_id: str | None
    browser: str | None
    os: str | None
    ip: str | None
    origin: str | None
    reason: str | None
    by: str | None = None
    detail: str | None = None


class Events(msgspec.Struct):
    """A page of the history, newest first; `next` asks for the page after it."""

    events: list[Event]
    next: str | None


class Socket(msgspec.Struct):
    """Where the page waits; the second protocol carries its first ticket."""

    url: str
    protocols: list[str]

    def __repr__(self) -> str:
        """Tell where, not the ticket."""
        return f"Socket(url={self.url!r})"


class Login(msgspec.Struct):
    """A started login; the token is the browser's only proof."""

    login_id: str
    login_token: str
    status: LoginStatus
    transfer_code: str | None
    expires_at: int
    socket: Socket | None

    def __repr__(self) -> str:
        """Tell which, not the token."""
        return f"Login(login_id={self.login_id!r}, status={self.status!r})"


class LoginState(msgspec.Struct):
    """How a login stands: the fallback poll's answer."""

    login_id: str
    status: LoginStatus
    expires_at: int


class Hint(msgspec.Struct):
    """What the WebSocket says: how the login stands, never a secret."""

    login_id: str
    status: LoginStatus


class Completion(msgspec.Struct):
    """The session's proof for FinanceApp."""

    id_token: str
    token_type: str
    expires_at: int
    redirect_to: str
    trusted_browser: str | None = None

    def __repr__(self) -> str:
        """Tell where it goes on, not the token."""
        return f"Completion(redirect_to={self.redirect_to!r})"
