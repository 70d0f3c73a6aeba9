"""The words of an account's history."""

from smartident_cli.sentences import Text

EVENT_TEXTS = {
    "when": Text("Wann", "When"),
    "what": Text("Was", "What"),
    "where": Text("Wo", "Where"),
    "more": Text("Ältere: --before {next}", "Older ones: --before {next}"),
    "why": Text("Warum", "Why"),
    "reason_not_me": Text("das war ich nicht", "that was not me"),
    "reason_changed_my_mind": Text("anders überlegt", "changed my mind"),
    "reason_transfer_code": Text("falscher Code", "wrong code"),
    "reason_device_revoked": Text("Gerät gesperrt", "device blocked"),
    "no_events": Text("Nichts verzeichnet.", "Nothing on record."),
    "no_page": Text("{before} ist keine Stelle im Verlauf.", "{before} is not a place in the history."),
    "event_login": Text("Anmeldung", "login"),
    "event_login_approved": Text("Anmeldung freigegeben", "Login approved"),
    "event_login_completed": Text("Anmeldung abgeschlossen", "Login completed"),
    "event_login_denied": Text("Anmeldung abgelehnt", "Login declined"),
    "event_login_cancelled": Text("Anmeldung abgebrochen", "Login cancelled"),
    "event_login_expired": Text("Anmeldung abgelaufen", "Login expired"),
    "event_device_registered": Text("Gerät registriert", "Device registered"),
    "event_device_renamed": Text("Gerät umbenannt", "Device renamed"),
    "event_device_revoked": Text("Gerät gesperrt", "Device blocked"),
    "event_two_factor_changed": Text("Zwei-Faktor-Anmeldung geändert", "Two-factor login changed"),
    "event_password_changed": Text("Passwort geändert", "Password changed"),
    "event_phone_changed": Text("Telefonnummer geändert", "Phone number changed"),
    "event_email_changed": Text("E-Mail geändert", "E-mail changed"),
    "event_account_unlocked": Text("Zugang entsperrt", "Account unlocked"),
}
