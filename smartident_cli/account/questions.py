"""What is asked of whoever creates or changes an account, and what they are told of a phone number."""

from smartident.errors import SmsUnavailable
from smartident.notify.sms import check_country
from smartident_cli.invalid_field import InvalidField
from smartident_cli.terminal import Terminal
from smartident_cli.validation import valid_new_password


def new_password(terminal: Terminal, sentence: str, *, alone: bool) -> str:
    """Ask twice for a password, or read it once from a pipe; raises InvalidField."""
    password = terminal.ask_secret(sentence)
    if not password:
        raise InvalidField("password", "password_or_hash")
    if terminal.is_typed and terminal.ask_secret("password_again") != password:
        terminal.give_up("passwords_differ")
    return valid_new_password(password, alone=alone)


def note_country(phone: str | None, terminal: Terminal) -> None:
    """Complain if the service sends no SMS to this number."""
    if phone is not None:
        try:
            check_country(phone)
        except SmsUnavailable:
            terminal.complain("sms_country")
