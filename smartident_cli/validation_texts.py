"""What does not fit in a field of an account."""

from smartident_cli.sentences import Text

VALIDATION_TEXTS = {
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
    "hash_costly": Text("dieser Hash ist zu teuer für eine Anmeldung", "this hash costs too much for a login to check"),
}
