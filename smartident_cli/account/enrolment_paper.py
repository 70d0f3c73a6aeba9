"""An enrolment code as a QR code: in the terminal, as a picture, or as a letter to print."""

import io
import os
from collections.abc import Iterator
from html import escape
from pathlib import Path
from urllib.parse import quote

import segno

from smartident.accounts.account import Account
from smartident.enrolment.issue import IssuedCode
from smartident.enrolment.spelling import grouped
from smartident.settings import settings
from smartident_cli.export_file import MINE_ALONE

SCALE, BORDER = 6, 4
LETTERS = {
    "de": (
        "Guten Tag {name},",
        "mit diesem Code richten Sie die App smartIDENT ein, ohne Passwort und ohne SMS:",
        "Zugangsnummer",
        "Einrichtungscode",
        (
            "Öffnen Sie die App, tippen Sie oben rechts auf das Plus und dann auf „Mit Einrichtungscode“. "
            "Scannen Sie das Bild, oder tippen Sie Zugangsnummer und Code ab."
        ),
        "Der Code gilt einmal, bis {until}. Geben Sie ihn niemandem weiter, auch nicht am Telefon.",
    ),
    "en": (
        "Hello {name},",
        "with this code you set up the smartIDENT app, without a password and without a text message:",
        "Access number",
        "Enrolment code",
        (
            "Open the app, tap the plus at the top right, and then “With an enrolment code”. "
            "Scan the picture, or type access number and code."
        ),
        "The code is valid once, until {until}. Do not pass it on to anybody, on the phone neither.",
    ),
}


def app_link(issued: IssuedCode) -> str:
    """Make the link that opens the app with the code; what stands behind # leaves the phone in no request."""
    app = settings().app_web_url
    return f"{app}#/enrolment-code/{issued.code}.{quote(issued.access_number, safe='')}" if app else ""


def qr_lines(link: str) -> Iterator[str]:
    """Draw the link for a terminal, or nothing without one."""
    if link:
        drawn = io.StringIO()
        segno.make(link, error="m", micro=False).terminal(drawn, border=2, compact=True)
        yield from drawn.getvalue().splitlines()


def is_paper(file: Path) -> bool:
    """Tell whether a code may be written there."""
    return file.suffix in {".svg", ".png", ".html"} and not file.exists()


def write_paper(file: Path, issued: IssuedCode, link: str, account: Account, until: str) -> None:
    """Write the picture or the letter; only its owner may read it."""
    qr = segno.make(link or issued.code, error="m", micro=False)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MINE_ALONE)
    with os.fdopen(descriptor, "wb") as paper:
        if file.suffix == ".html":
            paper.write(_letter(qr, issued, account, until).encode())
        else:
            qr.save(paper, kind=file.suffix.removeprefix("."), scale=SCALE, border=BORDER)


def _letter(qr: segno.QRCode, issued: IssuedCode, account: Account, until: str) -> str:
    greeting, lead, number, code, how, warning = (
        escape(one.format(name=account.display_name, until=until)) for one in LETTERS[account.language]
    )
    told = (
        f"{number}: <strong>{escape(issued.access_number)}</strong><br>{code}: <strong>{grouped(issued.code)}</strong>"
    )
    body = "\n".join(f"<p>{one}</p>" for one in (greeting, lead, told, qr.svg_inline(scale=SCALE), how, warning))
    client = escape(settings().client_name)
    head = f'<meta charset="utf-8"><title>{client}</title><style>body{{font:12pt/1.5 sans-serif;margin:25mm}}</style>'
    return f'<!doctype html>\n<html lang="{account.language}"><head>{head}</head><body>\n{body}\n</body></html>\n'
