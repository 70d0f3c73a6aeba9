"""Statuses and sentences of what the service declines that concern requests and the service itself."""

from __future__ import annotations

from smartident.problems.problem import Problem

REQUESTS: dict[str, Problem] = {
    "invalid_request": Problem(
        400,
        "Diese Angaben können wir so nicht verarbeiten. Bitte prüfen Sie Ihre Eingabe.",
        "We cannot work with this input. Please check what you entered.",
    ),
    "origin_refused": Problem(
        403,
        "Diese Seite darf keine Anmeldung starten. Bitte öffnen Sie FinanceApp über die gewohnte Adresse.",
        "This page may not start a login. Please open FinanceApp at its usual address.",
    ),
    "public_url_required": Problem(
        403,
        "Unter dieser Adresse nehmen wir keine Anfragen an. Bitte öffnen Sie FinanceApp über die gewohnte Adresse.",
        "We take no requests at this address. Please open FinanceApp at its usual address.",
    ),
    "proof_invalid": Problem(
        401,
        "Dieser Zugang gilt auf diesem Gerät nicht mehr. Bitte richten Sie ihn neu ein.",
        "This account is no longer valid on this device. Please set it up again.",
    ),
    "proof_stale": Problem(
        401,
        "Die Uhr dieses Geräts geht falsch. Bitte stellen Sie Datum und Uhrzeit auf automatisch.",
        "The clock of this device is wrong. Please set date and time to automatic.",
    ),
    "signing_unavailable": Problem(
        503,
        "Die Anmeldung ist freigegeben, kann aber gerade nicht abgeschlossen werden. "
        "Bitte versuchen Sie es gleich noch einmal.",
        "The login is approved but cannot be completed just now. Please try again in a moment.",
    ),
    "service_unavailable": Problem(
        503,
        "Der Dienst ist gerade nicht erreichbar. Bitte versuchen Sie es gleich noch einmal.",
        "The service cannot be reached just now. Please try again in a moment.",
    ),
    "internal_error": Problem(
        500,
        "Da ist bei uns etwas schiefgegangen. Bitte versuchen Sie es noch einmal.",
        "Something went wrong on our side. Please try once more.",
    ),
}
