"""A notice as a message: what happened, when, from where, and how to object, as text and as plain HTML."""

from __future__ import annotations

import re
from email.headerregistry import Address
from email.message import EmailMessage
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from smartident.notices import texts
from smartident.notices.freeze_link import freeze_token
from smartident.notices.outbox import OPERATOR
from smartident.notices.times import local_time
from smartident.settings import notice_settings, settings

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from smartident.notices.outbox import Notice

# The name that somebody gives a phone must not become a message in our name: no address of a page survives.
_UNSPOKEN = re.compile(r"[^\w \-'\u2019()]+|_")
MAX_NAME = 40
DIGITS = 3
CONTACT_SCHEMES = ("mailto:", "tel:")
# The page beside the app's that freezes at the press of a button. What stands behind `#` no browser sends to a server.
FREEZE_PAGE = "/freeze/"


def email_of(notice: Notice, account: Account, address: str) -> EmailMessage:
    """The e-mail that tells a notice, in the language of the account."""
    language, client = account.language, settings().client_name
    message = EmailMessage()
    message["From"] = Address(client, addr_spec=notice_settings().notice_sender)
    message["To"] = address
    message["Subject"] = f"{client}: {texts.TITLES[language][notice.event]}"
    # RFC 3834: no reply by a machine, please.
    message["Auto-Submitted"] = "auto-generated"
    paragraphs, link = _paragraphs(notice, account), freeze_link(notice)
    message.set_content("\n\n".join(paragraphs) + "\n")
    message.add_alternative(_html(paragraphs, language, link), subtype="html")
    # Set before, it would move to the first part.
    message["Content-Language"] = language
    return message


def sms_of(notice: Notice, account: Account) -> str:
    """The SMS that tells a notice: what happened, and what to do."""
    title = texts.TITLES[account.language][notice.event]
    return texts.SMS[account.language].format(client=settings().client_name, title=title)


def spoken(name: str) -> str:
    """A name that somebody gave a device, with nothing in it that a mail program makes a link of."""
    return " ".join(_UNSPOKEN.sub(" ", name).split())[:MAX_NAME].strip()


def freeze_link(notice: Notice) -> str:
    """Where the reader of a notice freezes the account; empty where the operator serves no page of the app."""
    page = settings().app_web_url
    return f"{urljoin(page, FREEZE_PAGE)}#{freeze_token(notice)}" if page else ""


def contact(language: str) -> str:
    """How people reach the operator."""
    given = notice_settings().notice_contact
    if not given:
        return texts.NO_CONTACT[language].format(client=settings().client_name)
    return given.removeprefix(CONTACT_SCHEMES[0]).removeprefix(CONTACT_SCHEMES[1])


def _paragraphs(notice: Notice, account: Account) -> list[str]:
    language, client = account.language, settings().client_name
    facts = [f"{texts.LABELS[language][name]}: {value}" for name, value in _facts(notice, account).items() if value]
    link = freeze_link(notice)
    return [
        texts.GREETINGS[language].format(name=account.display_name),
        "\n".join(facts),
        texts.SENTENCES[language][notice.event],
        texts.OBJECTIONS[language].format(contact=contact(language)),
        *([texts.LINKS[language].format(link=link)] if link else []),
        texts.FOOTERS[language].format(client=client),
    ]


def _facts(notice: Notice, account: Account) -> dict[str, str]:
    language, client = account.language, settings().client_name
    operator = texts.OPERATORS[language].format(client=client)
    return {
        "account": f"{client}, {texts.ACCOUNTS[language].format(digits=account.number[-DIGITS:])}",
        "what": texts.TITLES[language][notice.event],
        "device": spoken(notice.device_name or ""),
        "when": local_time(notice.at, language),
        "where": notice.origin or ("" if notice.by == OPERATOR else texts.UNKNOWN[language]),
        "by": operator if notice.by == OPERATOR else spoken(notice.by or ""),
    }


def _html(paragraphs: list[str], language: str, link: str) -> str:
    body = "\n".join(f"<p>{escape(one).replace(chr(10), '<br>')}</p>" for one in paragraphs)
    if link:
        body = body.replace(escape(link), f'<a href="{escape(link)}">{escape(link)}</a>')
    return f'<!doctype html>\n<html lang="{language}"><body>\n{body}\n</body></html>\n'
