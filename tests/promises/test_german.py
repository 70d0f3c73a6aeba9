"""The German that people stumbled over stays away, and what reads better stands in its place."""

from __future__ import annotations

import pytest

from smartident.http.problems import PROBLEMS
from smartident_laptop.template import ROOT
from tests.browser.modules import module_says

APP, DESK, SHARED = "app/language/de.js", "financeapp/language/de.js", "language/de.js"
SHARED_EMAIL = (
    "Sie nutzen dieselbe E\u2011Mail-Adresse für mehrere Zugänge? Dann verwenden Sie bitte Ihre Zugangsnummer."
)
OFFLINE = (
    "Keine Verbindung. Sie können trotzdem auf dem Telefon freigeben. "
    "Hier geht es weiter, sobald das Internet zurück ist."
)
PAGES = [path for path in (ROOT / "web").rglob("*") if path.suffix in {".js", ".html"} and "vendor" not in path.parts]


@pytest.mark.parametrize(
    ("page", "text", "reads"),
    [
        (APP, "request.notMeHint(60)", "Lehnt ab und sperrt diesen Internetanschluss für eine Stunde."),
        (APP, "request.notMeHint(90)", "Lehnt ab und sperrt diesen Internetanschluss für 90 Minuten."),
        (
            APP,
            "code.resent",
            "Eine neue SMS ist unterwegs. Bitte verwenden Sie nur noch den Code aus dieser SMS.",
        ),
        *(
            (
                page,
                text,
                SHARED_EMAIL,
            )
            for page, text in ((APP, "enrol.identifierHint"), (DESK, "login.hint"))
        ),
        (DESK, "waiting.polling", "Wir warten auf Ihre Freigabe. Danach geht es hier automatisch weiter."),
        (APP, "request.place", "Ort"),
        (APP, "request.at", "Uhrzeit"),
        (
            DESK,
            "waiting.offline",
            OFFLINE,
        ),
        (SHARED, "refusals.network_unavailable", "Keine Verbindung. Bitte prüfen Sie das Internet."),
        (
            DESK,
            "install.steps[1]",
            "Geben Sie den Bestätigungscode aus der SMS ein. Danach melden Sie sich hier noch einmal an.",
        ),
        (APP, "newPhone.question", "Halten Sie das neue Telefon selbst in der Hand?"),
        (
            APP,
            "newPhone.noHint(60)",
            "„Nein“ lehnt das neue Telefon ab und sperrt den Internetanschluss, von dem es anfragt, für eine Stunde.",
        ),
        (APP, "pairing.steps[0]", "Öffnen Sie smartIDENT auf Ihrem bisherigen Telefon."),
        (APP, "pairing.noOldPhone", "Bisheriges Telefon nicht mehr da?"),
        (APP, "enrol.devices.Android", "Mein Android-Handy"),
        (APP, "account.keep", "Abbrechen"),
        (APP, "account.reasons.not_me", "von Ihnen gemeldet"),
    ],
)
def test_a_text_reads_as_it_was_found_to_read_better(page: str, text: str, reads: str) -> None:
    assert module_says(page, f"it.de.{text}") == reads


def test_the_service_says_it_so_too() -> None:
    assert PROBLEMS["invalid_credentials"].de.startswith(
        "Diese Anmeldedaten passen nicht zusammen. Bitte prüfen Sie Zugangsnummer (oder E-Mail-Adresse) und Passwort."
    )
    assert (
        PROBLEMS["proof_invalid"].de == "Dieser Zugang gilt auf diesem Gerät nicht mehr. Bitte richten Sie ihn neu ein."
    )


@pytest.mark.parametrize(
    "stumbled_over",
    [
        "stimmen nicht", "vorerst", "Nur ihr Code", "nicht ausweisen", "steht für mehrere Zugänge", "Wir fragen nach",
        "Von wo", "geht trotzdem", "Ihre Eingaben bleiben erhalten", "hier neu anmelden", "Mein Gerät (", "Behalten",
        "(nicht ich)", "E-Mail",
    ],
)  # fmt: skip
def test_no_page_says_what_people_stumbled_over(stumbled_over: str) -> None:
    assert [page.name for page in PAGES if stumbled_over in page.read_text(encoding="utf-8")] == []
    said = [problem.de for problem in PROBLEMS.values() if stumbled_over != "E-Mail"]
    assert [sentence for sentence in said if stumbled_over in sentence] == []
