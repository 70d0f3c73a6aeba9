"""What the operator's commands say, in German and English."""

from console.voice import Text

OPERATOR_TEXTS = {
    "which_deployment": Text(
        "Bitte mit --stack NAME einen Stack nennen, oder --local für den auf dem Laptop.",
        "Please name a stack with --stack NAME, or --local for the one on the laptop.",
    ),
    "no_laptop": Text(
        "Auf Port {port} läuft hier kein Stack: erst make run (und --port, wenn es nicht 8080 ist).",
        "No stack runs here on port {port}: make run first (and --port if it is not 8080).",
    ),
    "no_stack": Text("Der Stack {name} lässt sich nicht lesen: {error}", "The stack {name} cannot be read: {error}"),
    "aws_failed": Text("AWS hat abgelehnt oder nicht geantwortet: {error}", "AWS refused or did not answer: {error}"),
    "setting_missing": Text("Dem Stack fehlt eine Einstellung: {error}", "The stack lacks a setting: {error}"),
    "in_the_way": Text(
        "Jemand hat zugleich etwas geändert; bitte noch einmal.", "Somebody changed something meanwhile; please repeat."
    ),
    "no_file": Text("Die Datei lässt sich nicht schreiben oder lesen: {error}", "The file cannot be used: {error}"),
    "nobody": Text("Kein Zugang passt auf {who}.", "No account matches {who}."),
    "several": Text(
        "Mehrere Zugänge teilen {who}: bitte eine Zugangsnummer nennen ({numbers}).",
        "Several accounts share {who}: please name an access number ({numbers}).",
    ),
    "new_password": Text("Passwort für den neuen Zugang", "Password of the new account"),
    "changed_password": Text("Neues Passwort", "New password"),
    "password_set": Text(
        "Zugang {number} hat ein neues Passwort; was mit dem alten begonnen war, ist beendet.",
        "Account {number} has a new password; what was begun with the old one has ended.",
    ),
    "phone_set": Text("SMS für {number} gehen jetzt an {phone}.", "SMS of {number} go to {phone} now."),
    "email_set": Text("E-Mail von {number}: {email}.", "E-mail of {number}: {email}."),
    "password_again": Text("Noch einmal", "Once more"),
    "passwords_differ": Text("Die beiden Eingaben sind verschieden.", "The two differ."),
    "created": Text("Zugang {number} ist angelegt.", "Account {number} is created."),
    "taken": Text("Die Zugangsnummer {number} ist vergeben.", "The access number {number} is taken."),
    "sms_country": Text(
        "Hinweis: An diese Telefonnummer sendet der Dienst keine SMS (SmsCountries).",
        "Note: the service sends no SMS to this phone number (SmsCountries).",
    ),
    "unfit": Text("{field}: {what}", "{field}: {what}"),
    "number": Text("Zugangsnummer", "Account number"),
    "name": Text("Name", "Name"),
    "email": Text("E-Mail", "E-mail"),
    "phone": Text("Telefon", "Phone"),
    "two_factor": Text("Zwei-Faktor-Anmeldung", "Two-factor login"),
    "devices": Text("Aktive Geräte", "Active devices"),
    "on_": Text("an", "on"),
    "off_": Text("aus", "off"),
    "none": Text("-", "-"),
    "switched": Text("Zwei-Faktor-Anmeldung für {number}: {state}.", "Two-factor login of {number}: {state}."),
    "unlocked": Text(
        "Zugang {number} ist entsperrt: alle Fehlversuche und Sperren sind vergessen.",
        "Account {number} is unlocked: all failed tries and holds are forgotten.",
    ),
    "confirm_delete": Text(
        "Zugang {number} ({name}) mit Geräten, Anmeldungen und Belegen endgültig löschen?",
        "Delete account {number} ({name}) with devices, logins and receipts for good?",
    ),
    "kept": Text("Es bleibt, wie es war.", "Everything stays as it was."),
    "deleted": Text("Zugang {number} ist gelöscht, {rows} Einträge.", "Account {number} is deleted, {rows} rows."),
    "exported": Text(
        "{rows} Einträge über {number} stehen in {file}.", "{rows} rows about {number} are in {file}."
    ),
    "confirm_revoke": Text("Das Gerät {name} endgültig sperren?", "Block the device {name} for good?"),
    "why": Text("Warum", "Why"),
    "not_me": Text("das war ich nicht", "that was not me"),
    "changed_my_mind": Text("anders überlegt", "changed my mind"),
    "transfer_code": Text("falscher Code", "wrong code"),
    "no_page": Text("{before} ist keine Stelle im Verlauf.", "{before} is no place in the history."),
    "bad_line": Text("Zeile {line}: {what}", "Line {line}: {what}"),
    "counts": Text(
        "{imported} neu, {there} schon da, {bad} schlecht", "{imported} new, {there} there already, {bad} bad"
    ),
    "import_done": Text(
        "Importiert: {imported} neu, {there} schon da, schlechte Zeilen: {bad}.",
        "Imported: {imported} new, {there} there already, bad lines: {bad}.",
    ),
    "import_checked": Text(
        "Geprüft, nichts geschrieben: schlechte Zeilen: {bad}.", "Checked, nothing written: bad lines: {bad}."
    ),
    "import_goes_on": Text("Weiter nach Zeile {line}.", "Going on after line {line}."),
    "import_busy": Text("Ein Import dieser Datei läuft schon.", "An import of this file is running already."),
    "field_unknown": Text("dieses Feld gibt es nicht", "there is no such field"),
    "not_text": Text("kein Text", "no text"),
    "password_or_hash": Text(
        "entweder password oder password_hash, genau eines", "either password or password_hash, exactly one"
    ),
    "number_unfit": Text("fehlt oder ist keine Zugangsnummer", "is missing or no access number"),
    "name_unfit": Text("fehlt oder ist kein Name", "is missing or no name"),
    "email_unfit": Text("keine E-Mail-Adresse", "no e-mail address"),
    "phone_unfit": Text("keine gültige Telefonnummer", "no valid phone number"),
    "answer_unfit": Text("weder ja noch nein", "neither yes nor no"),
    "password_unfit": Text("zu lang", "too long"),
    "password_short": Text(
        "zu kurz: mindestens 8 Zeichen, ohne Telefon mindestens 15",
        "too short: at least 8 characters, without a phone at least 15",
    ),
    "hash_unknown": Text("kein bekannter Passwort-Hash", "no known password hash"),
    "hash_costly": Text(
        "dieser Hash ist zu teuer für eine Anmeldung", "this hash costs too much for a login to check"
    ),
    "not_utf8": Text("kein UTF-8, oder viel zu lang", "no UTF-8, or much too long"),
    "not_json": Text("kein JSON-Objekt", "no JSON object"),
    "not_csv": Text("kein CSV", "no CSV"),
    "cells_differ": Text("mehr oder weniger Felder als die Kopfzeile", "more or fewer fields than the head line"),
    "head_unfit": Text(
        "Die Kopfzeile nennt unbekannte oder doppelte Felder, oder access_number fehlt.",
        "The head line names unknown or doubled fields, or access_number is missing.",
    ),
    "no_export": Text(
        "{file} ist keine vollständige Auskunft von smartident account export.",
        "{file} is no complete export of smartident account export.",
    ),
    "receipts_proved": Text(
        "{number}: {proved} Freigaben bewiesen, {password_only} Anmeldungen nur mit Passwort, {faults} ohne Beweis.",
        "{number}: {proved} logins with a proven approval, {password_only} by password alone, {faults} without proof.",
    ),
    "receipt_fault": Text("{login_id} ({at}): {what}", "{login_id} ({at}): {what}"),
    "receipt_password": Text(
        "{login_id} ({at}): nur mit Passwort", "{login_id} ({at}): by password alone"
    ),
    "password_though": Text(
        "nur mit Passwort, obwohl die Zwei-Faktor-Anmeldung an war",
        "by password alone although two-factor login was on",
    ),
    "no_receipt": Text("keine Freigabe aufbewahrt", "no approval is kept"),
    "no_device": Text("das freigebende Gerät fehlt in der Auskunft", "the approving device is not in the export"),
    "bad_signature": Text("die Unterschrift gilt nicht für diese Anfrage", "the signature is not over this request"),
    "other_login": Text(
        "die Anfrage gehört zu einer anderen Anmeldung oder einem anderen Zugang",
        "the request belongs to another login or account",
    ),
    "wrong_times": Text("die Zeiten passen nicht zueinander", "the times contradict each other"),
    "device_then": Text(
        "das Gerät war damals noch nicht registriert oder schon gesperrt",
        "the device was not registered yet, or blocked already",
    ),
}  # fmt: skip
