"""What the simulated phone says."""

from smartident_cli.sentences import Text

PHONE_TEXTS = {
    "ask_identifier": Text("Zugangsnummer oder E-Mail", "Access number or e-mail"),
    "ask_password": Text("FinanceApp-Passwort", "FinanceApp password"),
    "ask_enrolment_code": Text("Einrichtungscode", "Enrolment code"),
    "ask_code": Text(
        "Bestätigungscode (Eingabetaste allein: neuer Code)", "Confirmation code (Enter alone: a new code)"
    ),
    "ask_transfer_code": Text("Code aus dem Browser", "Code shown in the browser"),
    "ask_fingerprint": Text("Fingerabdruck: freigeben?", "Fingerprint: approve?"),
    "sms_sent": Text(
        "SMS mit dem Bestätigungscode an {phone_hint} gesendet.", "SMS with the confirmation code sent to {phone_hint}."
    ),
    "registered": Text(
        "Der Zugang {access_number} ({display_name}) wurde erfolgreich hinterlegt.",
        "The account {access_number} ({display_name}) was stored successfully.",
    ),
    "no_account": Text(
        "Noch kein Zugang hinterlegt. Neuen Zugang einrichten: smartident phone register",
        "No account stored yet. Set one up: smartident phone register",
    ),
    "which_account": Text(
        "Mehrere Zugänge: bitte mit --account eine Zugangsnummer wählen ({numbers}).",
        "Several accounts: please choose an access number with --account ({numbers}).",
    ),
    "no_approvals": Text("Freigabe: keine offenen Anfragen.", "Approvals: no requests are waiting."),
    "which_login": Text(
        "Mehrere Anfragen passen. Bitte die Kennung angeben, wie „smartident phone approvals“ sie zeigt.",
        "Several requests match. Please give the id that “smartident phone approvals” shows.",
    ),
    "no_such_approval": Text(
        "Keine offene Anfrage passt. „smartident phone approvals“ zeigt, was wartet.",
        "No waiting request matches. “smartident phone approvals” shows what waits.",
    ),
    "approved": Text("Anmeldung abgeschlossen.", "Login completed."),
    "not_approved": Text("Nichts wurde freigegeben.", "Nothing was approved."),
    "denied": Text("Die Anfrage ist abgelehnt.", "The request was declined."),
    "denied_not_me": Text(
        "Die Anfrage ist abgelehnt und gemeldet: Das waren nicht Sie.",
        "The request was declined and reported: that was not you.",
    ),
    "renamed": Text("Das Gerät heißt jetzt {name}.", "The device is now called {name}."),
    "ask_phone_freeze": Text(
        "Zugang {number} sperren? Niemand kann sich mehr anmelden, bis er wieder geöffnet wird",
        "Freeze account {number}? Nobody can log in any more until it is opened again",
    ),
    "phone_not_frozen": Text("Nichts wurde gesperrt.", "Nothing was frozen."),
    "phone_frozen": Text("Der Zugang {number} ist gesperrt.", "Account {number} is frozen."),
    "phone_frozen_since": Text("Gesperrt seit {moment}.", "Frozen since {moment}."),
    "phone_is_open": Text("Der Zugang {number} ist nicht gesperrt.", "Account {number} is not frozen."),
    "phone_still_frozen": Text("Der Zugang bleibt gesperrt.", "The account stays frozen."),
    "phone_opened": Text("Der Zugang {number} ist wieder geöffnet.", "Account {number} is open again."),
    "purpose": Text("Zweck", "Purpose"),
    "purpose_login": Text("Anmeldung bei {client}", "Login to {client}"),
    "purpose_other": Text(
        "Unbekannter Zweck {purpose}: diese App gibt ihn nicht frei.",
        "Unknown purpose {purpose}: this app does not approve it.",
    ),
    "page": Text("Seite", "Page"),
    "asked_with": Text("Browser", "Browser"),
    "asked_from": Text("Herkunft", "From"),
    "told_by_client": Text("{ip} (laut {client})", "{ip} (according to {client})"),
    "message": Text("Nachricht", "Message"),
    "asked_at": Text("Angefragt", "Requested"),
    "time_left": Text("Gültig noch", "Time left"),
    "on": Text("{browser} auf {os}", "{browser} on {os}"),
    "new_country": Text(
        "Aus diesem Land haben Sie sich noch nie angemeldet. Sind Sie nicht dort? Dann lehnen Sie bitte ab.",
        "You have never signed in from this country. You are not there? Then please deny.",
    ),
    "place_unknown": Text("Ort unbekannt", "place unknown"),
    "this_device": Text("aktiv (dieses Gerät)", "active (this device)"),
    "last_used_at": Text("Zuletzt benutzt", "Last used"),
    "purpose_new_device": Text(
        "Ein neues Telefon möchte Anmeldungen für Sie freigeben", "A new phone wants to approve logins for you"
    ),
    "new_device": Text("Telefon", "Phone"),
    "fingerprint": Text("Schlüssel", "Key"),
    "elsewhere": Text(
        "Achtung: Dieses Telefon ist an einem anderen Ort oder in einem anderen Netz: {here}.",
        "Careful: this phone is in another place, or in another network: {here}.",
    ),
    "ask_in_hand": Text(
        "Halten Sie das neue Telefon selbst in der Hand?", "Are you holding the new phone in your own hand?"
    ),
    "ask_pairing": Text(
        "Code des neuen Telefons (QR-Text oder acht Ziffern)", "Code of the new phone (QR text or eight digits)"
    ),
    "pairing_shown": Text(
        "Keine SMS: Ihr bisheriges Telefon gibt dieses frei (smartident phone let-in).\n"
        "QR-Code: {qr} · Ziffern: {digits} · Schlüssel: {fingerprint}",
        "No SMS: your old phone approves this one (smartident phone let-in).\n"
        "QR code: {qr} · digits: {digits} · key: {fingerprint}",
    ),
    "new_device_approved": Text("Das neue Telefon ist freigegeben.", "The new phone is approved."),
    "will_retire": Text(
        "Dieses Telefon wird abgemeldet, sobald Sie sich mit dem neuen zum ersten Mal angemeldet haben.\n"
        "Sperren Sie den Zugang innerhalb von 24 Stunden danach, gilt dieses Telefon wieder.",
        "This phone is signed out once you have logged in with the new one for the first time.\n"
        "If you freeze the account within 24 hours after that, this phone counts again.",
    ),
    "retires": Text(
        "Melden Sie sich jetzt mit dem neuen Telefon „{name}“ an. Danach ist dieses Telefon abgemeldet.",
        'Now log in with the new phone "{name}". After that, this phone is signed out.',
    ),
}
