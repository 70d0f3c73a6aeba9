"""The one table from a refusal to its status and its sentences (RFC 9457), German first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smartident.errors import Refusal

LANGUAGES = ("de", "en")
TYPE = "urn:smartident:problem:"


@dataclass(frozen=True)
class Problem:
    """What the caller gets to see of a refusal: the status and what to do now."""

    status: int
    de: str
    en: str


PROBLEMS: dict[str, Problem] = {
    "invalid_request": Problem(
        400,
        "Die Anfrage ist unvollständig oder fehlerhaft. Bitte prüfen Sie Ihre Eingabe.",
        "The request is incomplete or malformed. Please check what you entered.",
    ),
    "origin_refused": Problem(
        403,
        "Diese Seite darf keine Anmeldung starten. Bitte öffnen Sie FinanceApp über die gewohnte Adresse.",
        "This page may not start a login. Please open FinanceApp at its usual address.",
    ),
    "invalid_credentials": Problem(
        401,
        "Zugangsnummer, E-Mail oder Passwort stimmt nicht. Bitte prüfen Sie Ihre Eingabe.",
        "Account number, e-mail or password is not right. Please check what you entered.",
    ),
    "access_number_required": Problem(
        409,
        "Diese E-Mail gehört zu mehreren Zugängen. Bitte verwenden Sie Ihre Zugangsnummer.",
        "This e-mail belongs to several accounts. Please use your access number.",
    ),
    "key_registration_required": Problem(
        403,
        "Bitte richten Sie zuerst die smartIDENT-App ein: App installieren, Zugang hinzufügen, Schlüssel registrieren.",
        "Please set up the smartIDENT app first: install it, add your account, register your key.",
    ),
    "too_many_attempts": Problem(
        429,
        "Zu viele Versuche. Bitte warten Sie und versuchen Sie es dann erneut.",
        "Too many attempts. Please wait and then try again.",
    ),
    "registration_not_found": Problem(
        404,
        "Diese Schlüsselregistrierung gibt es nicht. Bitte beginnen Sie sie in der App von vorn.",
        "There is no such key registration. Please start again in the app.",
    ),
    "registration_expired": Problem(
        410,
        "Die Schlüsselregistrierung ist abgelaufen. Bitte beginnen Sie sie in der App von vorn.",
        "The key registration has expired. Please start again in the app.",
    ),
    "code_wrong": Problem(
        422,
        "Der Bestätigungscode stimmt nicht. Bitte prüfen Sie die SMS und geben Sie den Code erneut ein.",
        "The confirmation code is not right. Please check the SMS and enter the code again.",
    ),
    "code_exhausted": Problem(
        410,
        "Der Bestätigungscode wurde zu oft falsch eingegeben. Bitte registrieren Sie den Schlüssel von vorn.",
        "The confirmation code was entered wrongly too often. Please register the key again from the start.",
    ),
    "sms_unavailable": Problem(
        503,
        "Die SMS konnte nicht versendet werden. Bitte versuchen Sie es in einem Moment erneut.",
        "The SMS could not be sent. Please try again in a moment.",
    ),
    "proof_invalid": Problem(
        401,
        "Diese App konnte sich nicht ausweisen. Bitte öffnen Sie die App neu oder richten Sie den Zugang neu ein.",
        "This app could not prove itself. Please reopen the app or set up the account again.",
    ),
    "proof_stale": Problem(
        401,
        "Die Uhr dieses Geräts geht falsch. Bitte versuchen Sie es erneut oder stellen Sie die Uhr.",
        "The clock of this device is off. Please try again or set the clock.",
    ),
    "device_revoked": Problem(
        401,
        "Dieses Gerät ist gesperrt. Bitte richten Sie den Zugang auf diesem Gerät neu ein.",
        "This device is blocked. Please set up the account on this device again.",
    ),
    "device_not_found": Problem(
        404,
        "Dieses Gerät gibt es in Ihrem Zugang nicht. Bitte laden Sie die Liste der Geräte neu.",
        "There is no such device in your account. Please reload the list of devices.",
    ),
    "device_limit_reached": Problem(
        409,
        "Für Ihren Zugang sind schon so viele Geräte eingerichtet wie erlaubt. Bitte sperren Sie zuerst eines davon.",
        "Your account already has as many devices as it may have. Please block one of them first.",
    ),
    "login_not_found": Problem(
        404,
        "Diese Anmeldung gibt es nicht. Bitte melden Sie sich auf der Webseite neu an.",
        "There is no such login. Please log in on the web page again.",
    ),
    "login_expired": Problem(
        410,
        "Diese Anmeldung ist abgelaufen. Bitte melden Sie sich auf der Webseite neu an.",
        "This login has expired. Please log in on the web page again.",
    ),
    "login_decided": Problem(
        409,
        "Über diese Anmeldung ist schon entschieden. Bitte laden Sie die Freigaben neu.",
        "This login is decided already. Please reload the approvals.",
    ),
    "transfer_code_wrong": Problem(
        422,
        "Der Code stimmt nicht, die Anmeldung wurde abgelehnt. Bitte melden Sie sich auf der Webseite neu an.",
        "The code is not right and the login was denied. Please log in on the web page again.",
    ),
    "approval_invalid": Problem(
        422,
        "Die Freigabe konnte nicht geprüft werden. Bitte bestätigen Sie erneut mit Face ID oder Fingerabdruck.",
        "The approval could not be verified. Please confirm again with Face ID or fingerprint.",
    ),
    "login_pending": Problem(
        409,
        "Die Anmeldung wartet noch. Bitte geben Sie sie in der smartIDENT-App frei.",
        "The login still waits. Please approve it in the smartIDENT app.",
    ),
    "login_denied": Problem(
        403,
        "Die Anmeldung wurde abgelehnt. Waren Sie das nicht, ändern Sie bitte Ihr Passwort.",
        "The login was denied. If that was not you, please change your password.",
    ),
    "signing_unavailable": Problem(
        503,
        "Die Anmeldung ist bestätigt, konnte aber nicht abgeschlossen werden. Bitte versuchen Sie es sofort erneut.",
        "The login is confirmed but could not be completed. Please try again at once.",
    ),
    "service_unavailable": Problem(
        503,
        "Der Dienst ist gerade nicht erreichbar. Bitte versuchen Sie es in einem Moment erneut.",
        "The service cannot be reached right now. Please try again in a moment.",
    ),
    "internal_error": Problem(
        500,
        "Da ist bei uns etwas schiefgegangen. Bitte versuchen Sie es erneut.",
        "Something went wrong on our side. Please try again.",
    ),
}


def language(accept_language: str) -> str:
    """The first of our languages that an Accept-Language header (RFC 9110 12.5.4) prefers; German if none."""
    ranked: list[tuple[float, int, str]] = []
    for place, part in enumerate(accept_language[:200].lower().split(",")):
        tag, _, quality = "".join(part.split()).partition(";q=")
        primary, wish = tag.partition("-")[0], _quality(quality)
        if primary in LANGUAGES and wish > 0:
            ranked.append((-wish, place, primary))
    return min(ranked)[2] if ranked else LANGUAGES[0]


def _quality(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0


def body(refusal: Refusal, *, accept_language: str, request_id: str) -> dict[str, object]:
    """The problem document of a refusal: its code, its sentence and its details, nothing else of it."""
    problem = PROBLEMS[refusal.code]
    title = problem.en if language(accept_language) == "en" else problem.de
    return {
        "type": TYPE + refusal.code,
        "title": title,
        "status": problem.status,
        "code": refusal.code,
        "request_id": request_id,
        **refusal.details,
    }
