"""The SMS, as a port: it costs money, and tests must read it. Amazon SNS sends it."""

from __future__ import annotations

from typing import Protocol

from smartident.aws import client
from smartident.errors import PhoneNumberUnusable, Refusal, SmsUnavailable
from smartident.rate_limiting.sms_limits import give_back
from smartident.settings import SettingMissing, settings
from smartident.telemetry import log_event, log_if_denied

# ITU-T E.164 calling codes of the countries that an operator may allow.
CALLING_CODES = {
    "AT": "43", "BE": "32", "BG": "359", "CH": "41", "CY": "357", "CZ": "420", "DE": "49", "DK": "45", "EE": "372",
    "ES": "34", "FI": "358", "FR": "33", "GB": "44", "GR": "30", "HR": "385", "HU": "36", "IE": "353", "IS": "354",
    "IT": "39", "LI": "423", "LT": "370", "LU": "352", "LV": "371", "MT": "356", "NL": "31", "NO": "47", "PL": "48",
    "PT": "351", "RO": "40", "SE": "46", "SI": "386", "SK": "421",
}  # fmt: skip
HINT_DIGITS = 4


class Sms(Protocol):
    """Sends one text to one phone, once."""

    def send(self, phone: str, text: str) -> None:
        """Send it, or raise SmsUnavailable if the provider refused it or did not answer."""


class SnsSms:
    """SMS by Amazon SNS, as a transactional message under the sender ID of the phone's country."""

    def send(self, phone: str, text: str) -> None:
        """Publish once. A repeat after a lost answer could cost money and confuse; the person asks again instead."""
        kinds = {"AWS.SNS.SMS.SMSType": "Transactional", "AWS.SNS.SMS.SenderID": sender_of(country_of(phone))}
        attributes = {name: {"DataType": "String", "StringValue": value} for name, value in kinds.items() if value}
        sns = client("sns", attempts=1)
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  the client loads it anyway

        try:
            sns.publish(PhoneNumber=phone, Message=text, MessageAttributes=attributes)
        except (ClientError, BotoCoreError) as error:
            log_if_denied(error)
            raise SmsUnavailable(type(error).__name__) from None


# By language, in GSM-7 letters only, so that one message of 160 characters suffices.
TEXTS = {
    "de": "{code} ist Ihr smartIDENT-Bestätigungscode für die Schlüsselregistrierung. Geben Sie ihn nie weiter.",
    "en": "{code} is your smartIDENT confirmation code for registering the key. Never pass it on.",
}


def code_text(code: str, language: str = "de") -> str:
    """The SMS of a code: purpose, warning, and the origin-bound last line from which browsers fill in the code."""
    text = TEXTS[language].format(code=code)
    host = settings().sms_origin_host
    return f"{text}\n\n@{host} #{code}" if host else text


def phone_hint(phone: str) -> str:
    """Enough of a phone number for its owner to recognise it, too little for anybody else."""
    return f"•••• {phone[-HINT_DIGITS:]}"


def country_of(phone: str) -> str:
    """The country whose calling code a phone number begins with, or an empty text; no code begins with another."""
    return next((country for country, code in CALLING_CODES.items() if phone.startswith(f"+{code}")), "")


def sender_of(country: str) -> str:
    """The sender ID for a country: its own if the operator names one, else that of all; empty sends without any."""
    own = dict(entry.partition("=")[::2] for entry in settings().sms_senders)
    return own.get(country, settings().sms_sender_id)


def check_country(phone: str | None) -> str:
    """The phone number if the operator sends to its country; raises PhoneNumberUnusable otherwise."""
    try:
        prefixes = tuple("+" + CALLING_CODES[country] for country in settings().sms_countries)
    except KeyError as unknown:
        message = f"SMS_COUNTRIES holds {unknown}: use the two letters of a country that notify/sms.py lists"
        raise SettingMissing(message) from None
    if phone is None or not phone.startswith(prefixes):
        raise PhoneNumberUnusable("none, or not in an allowed country")
    return phone


def send_counted(sms: Sms, *, phone: str, text: str, account_id: str, used: int, now: int) -> None:
    """Send a counted text, the `used`th SMS of the day. A failure takes its counts back and reaches the caller."""
    try:
        sms.send(phone, text)
    except Refusal as refusal:
        log_event("sms_failed", reason=str(refusal))
        give_back(account_id, phone, now=now)
        raise
    budget = settings().sms_daily_budget
    log_event("sms_sent", budget_left=budget - used, budget_percent=100 * used // budget)
