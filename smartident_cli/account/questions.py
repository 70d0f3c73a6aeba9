"""What is asked of whoever creates or changes an account, and what they are told of a phone number."""

from smartident.accounts.names import find_accounts
from smartident.errors import PhoneNumberUnusable
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


def note_shared_email(account_id: str, email: str | None, terminal: Terminal) -> bool:
    """Say whether the account goes by its e-mail; complain if others have it too, since it then stands for none."""
    found = email is not None and find_accounts(email) == [account_id]
    if email is not None and not found:
        terminal.complain("shared_email", email=email)
    return found


def note_country(phone: str | None, terminal: Terminal) -> None:
    """Complain if the service sends no SMS to this number."""
    if phone is not None:
        try:
            check_country(phone)
        except PhoneNumberUnusable:
            terminal.complain("sms_country")
