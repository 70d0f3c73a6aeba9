"""What the simulated phone says, in German and English."""

from console.voice import Text

PHONE_TEXTS = {
    "refused": Text("{title} ({code})", "{title} ({code})"),
    "attempts_left": Text("Verbleibende Versuche: {attempts_left}.", "Tries left: {attempts_left}."),
    "retry_after": Text("Bitte nach {retry_after} s noch einmal.", "Please try again after {retry_after} s."),
    "unreachable": Text("Der Dienst ist nicht erreichbar: {error}", "The service cannot be reached: {error}"),
    "unexpected": Text(
        "Der Dienst hat anders geantwortet als versprochen: {error}", "The service did not answer as promised: {error}"
    ),
    "ask_identifier": Text("Zugangsnummer oder E-Mail", "Account number or e-mail"),
    "ask_password": Text("FinanceApp-Passwort", "FinanceApp password"),
    "ask_code": Text(
        "Bestätigungscode (Eingabetaste allein: neuer Code)", "Confirmation code (Enter alone: a new code)"
    ),
    "ask_transfer_code": Text("Code aus dem Browser", "Code shown in the browser"),
    "ask_fingerprint": Text("Fingerabdruck: freigeben?", "Fingerprint: approve?"),
    "sms_sent": Text(
        "SMS mit dem Bestätigungscode an {phone_hint} gesendet.", "SMS with the confirmation code sent to {phone_hint}."
    ),
    "registered": Text(
        "Schlüsselregistrierung abgeschlossen: Zugang {access_number} ({display_name}) ist gespeichert.",
        "Key registration completed: account {access_number} ({display_name}) is stored.",
    ),
    "no_account": Text(
        "Noch kein Zugang gespeichert. Neuen Zugang einrichten: smartident phone register",
        "No account stored yet. Set one up: smartident phone register",
    ),
    "which_account": Text(
        "Mehrere Zugänge: bitte mit --account eine Zugangsnummer wählen ({numbers}).",
        "Several accounts: please choose an access number with --account ({numbers}).",
    ),
    "no_approvals": Text("Freigabe: nichts wartet.", "Approvals: nothing waits."),
    "which_login": Text(
        "Keine oder mehrere Anfragen passen: bitte die Kennung angeben.",
        "No request or several match: please name its id.",
    ),
    "which_device": Text("Kein Gerät oder mehrere Geräte passen auf {device}.", "No device or several match {device}."),
    "approved": Text("Anmeldung abgeschlossen.", "Login completed."),
    "not_approved": Text("Nichts freigegeben.", "Nothing approved."),
    "denied": Text("Anfrage abgelehnt.", "Request declined."),
    "denied_not_me": Text(
        "Anfrage abgelehnt und gemeldet: Das waren nicht Sie.", "Request declined and reported: that was not you."
    ),
    "renamed": Text("Das Gerät heißt jetzt {name}.", "The device is now called {name}."),
    "revoked": Text(
        "Das Gerät {name} ist gesperrt und kann nichts mehr freigeben.",
        "The device {name} is blocked and can approve nothing any more.",
    ),
    "purpose": Text("Zweck", "Purpose"),
    "purpose_login": Text("Anmeldung bei {client}", "Login to {client}"),
    "purpose_other": Text(
        "Unbekannter Zweck {purpose}: diese App gibt ihn nicht frei.",
        "Unknown purpose {purpose}: this app does not approve it.",
    ),
    "account": Text("Zugang", "Account"),
    "page": Text("Seite", "Page"),
    "asked_with": Text("Browser", "Browser"),
    "asked_from": Text("Herkunft", "From"),
    "asked_at": Text("Angefragt", "Requested"),
    "time_left": Text("Gültig noch", "Time left"),
    "id": Text("Kennung", "Id"),
    "unknown": Text("unbekannt", "unknown"),
    "on": Text("{browser} auf {os}", "{browser} on {os}"),
    "place_unknown": Text("Ort unbekannt", "place unknown"),
    "device": Text("Gerät", "Device"),
    "state": Text("Zustand", "State"),
    "active": Text("aktiv", "active"),
    "this_device": Text("aktiv (dieses Gerät)", "active (this device)"),
    "blocked": Text("gesperrt", "blocked"),
    "registered_at": Text("Registriert", "Registered"),
    "last_used_at": Text("Zuletzt benutzt", "Last used"),
    "when": Text("Wann", "When"),
    "what": Text("Was", "What"),
    "where": Text("Wo", "Where"),
    "more": Text("Ältere: --before {next}", "Older ones: --before {next}"),
    "login_approved": Text("Anmeldung freigegeben", "Login approved"),
    "login_completed": Text("Anmeldung abgeschlossen", "Login completed"),
    "login_denied": Text("Anmeldung abgelehnt", "Login declined"),
    "login_cancelled": Text("Anmeldung abgebrochen", "Login cancelled"),
    "login_expired": Text("Anmeldung abgelaufen", "Login expired"),
    "device_registered": Text("Gerät registriert", "Device registered"),
    "device_renamed": Text("Gerät umbenannt", "Device renamed"),
    "device_revoked": Text("Gerät gesperrt", "Device blocked"),
    "two_factor_changed": Text("Zwei-Faktor-Anmeldung geändert", "Two-factor login changed"),
    "password_changed": Text("Passwort geändert", "Password changed"),
    "phone_changed": Text("Telefonnummer geändert", "Phone number changed"),
    "email_changed": Text("E-Mail geändert", "E-mail changed"),
}
