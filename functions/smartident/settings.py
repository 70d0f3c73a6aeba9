"""The settings: every environment variable of the service. Only this module reads them, once."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from functools import cache
from typing import TypeVar

Kind = TypeVar("Kind")


class SettingMissing(Exception):  # noqa: N818  named like a refusal
    """An environment variable is missing or malformed; the message says where to correct it."""


@dataclass(frozen=True)
class Settings:
    """One container's settings. Defaults live in template.yaml (Parameters), never here."""

    table_name: str
    pepper_secret_arn: str
    signing_keys: tuple[str, ...]
    api_url: str
    websocket_url: str
    origin_secrets: tuple[str, ...]
    connections_url: str
    allowed_origins: tuple[str, ...]
    client_id: str
    client_name: str
    client_redirect_uri: str
    client_origins: tuple[str, ...]
    webauthn_rp_id: str
    webauthn_origins: tuple[str, ...]
    app_store_url: str
    play_store_url: str
    app_web_url: str
    sms_sender_id: str
    sms_senders: tuple[str, ...]
    sms_countries: tuple[str, ...]
    sms_origin_host: str
    login_lifetime: int
    completion_window: int
    transfer_code_digits: int
    pending_logins: int
    password_tries: int
    failures_per_hour: int
    address_failures: int
    unanswered_logins: int
    uniform_login: str
    failed_answer_ms: int
    sms_code_lifetime: int
    sms_code_tries: int
    sms_resend_after: int
    sms_per_registration: int
    sms_per_account_day: int
    sms_per_phone_day: int
    sms_per_prefix_day: int
    sms_daily_budget: int
    sms_reserve_percent: int
    address_block: int
    cool_off_hours: int
    devices_per_account: int
    retention_days: int
    argon2_memory_kib: int
    argon2_time: int
    argon2_lanes: int
    strict_transport_security: str

    def app_links(self) -> dict[str, str]:
        """Where people get the app."""
        return {"app_store": self.app_store_url, "play_store": self.play_store_url, "web": self.app_web_url}


@dataclass(frozen=True)
class NoticeSettings:
    """What only the function that tells notices knows: its own variables in template.yaml."""

    notice_sender: str
    notice_contact: str
    notice_configuration_set: str
    event_bus: str


@dataclass(frozen=True)
class PasskeySettings:
    """What only the function of the login pages' passkeys knows."""

    passkey_rp_id: str
    synced_passkeys: str


@dataclass(frozen=True)
class LoginPolicySettings:
    """What only the functions know in which a login begins or is completed."""

    login_policy: str


@dataclass(frozen=True)
class RsaSettings:
    """What only the functions know that sign id_tokens for clients, or tell how."""

    rsa_signing_keys: tuple[str, ...]


@dataclass(frozen=True)
class EnrolmentSettings:
    """What only the function that registers keys knows."""

    enrolment_code_operators: int


@dataclass(frozen=True)
class PushSettings:
    """What only the functions of push messages know."""

    push_secret_arn: str
    push_hosts: tuple[str, ...]


@dataclass(frozen=True)
class DispatchSettings:
    """What only the function knows that hands on what is in the outboxes: the addresses of its queues."""

    notices_queue: str
    pings_queue: str
    logouts_queue: str


@dataclass(frozen=True)
class SessionSettings:
    """What only the functions know in which a browser stays signed in: for how many seconds, used or not."""

    session_lifetime: int
    session_idle: int


@dataclass(frozen=True)
class LostPhoneSettings:
    """What only the functions that let a new phone in know."""

    lost_phone_delay: int


def _read(name: str, kind: str) -> object:
    text = os.environ.get(variable := name.upper())
    if text is None:
        message = f"{variable} is not set: add it to Globals.Function.Environment in template.yaml"
        raise SettingMissing(message)
    if kind == "int":
        try:
            return int(text)
        except ValueError:
            message = f"{variable} must be a whole number: correct its parameter in template.yaml"
            raise SettingMissing(message) from None
    return text if kind == "str" else tuple(part.strip() for part in text.split(",") if part.strip())


@cache
def settings() -> Settings:
    """The settings of this container; raises SettingMissing on the first use if one is missing."""
    return Settings(**{field.name: _read(field.name, str(field.type)) for field in fields(Settings)})  # type: ignore[arg-type]  # _read returns each field's own type


@cache
def notice_settings() -> NoticeSettings:
    """The settings of the notices; raises SettingMissing on the first use if one is missing."""
    return NoticeSettings(**{field.name: str(_read(field.name, "str")) for field in fields(NoticeSettings)})


@cache
def login_policy_settings() -> LoginPolicySettings:
    """The login policy of the template's own client; raises SettingMissing on the first use if it is missing."""
    return LoginPolicySettings(str(_read("login_policy", "str")))


@cache
def rsa_settings() -> RsaSettings:
    """The RSA keys, of which the first signs; raises SettingMissing on the first use if the variable is missing."""
    return RsaSettings(tuple(str(_read("rsa_signing_keys", "str")).replace(",", " ").split()))


@cache
def settings_of(kind: type[Kind]) -> Kind:
    """The settings that only some functions know; raises SettingMissing on the first use if one is missing."""
    return kind(**{one.name: _read(one.name, str(one.type)) for one in fields(kind)})  # type: ignore[arg-type]  # as below


@cache
def session_settings() -> SessionSettings:
    """The settings of sessions; raises SettingMissing on the first use if one is missing."""
    return SessionSettings(**{field.name: int(str(_read(field.name, "int"))) for field in fields(SessionSettings)})


@cache
def lost_phone_settings() -> LostPhoneSettings:
    """How long a phone in place of a lost one waits; raises SettingMissing on the first use if it is missing."""
    return LostPhoneSettings(int(str(_read("lost_phone_delay", "str"))))
