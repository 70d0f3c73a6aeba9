"""What does not fit in a field of an account."""

from smartident_cli.sentences import Text

VALIDATION_TEXTS = {
    "moment_unfit": Text(
        "kein Zeitpunkt: bitte so schreiben: 14:05, 28.11.2026 14:05, 2026-11-28T14:05 oder 2h",
        "not a time: write it like 14:05, 28.11.2026 14:05, 2026-11-28T14:05 or 2h",
    ),
    "one_of_them": Text("nur eines davon", "only one of them"),
    "field_unknown": Text("dieses Feld gibt es nicht", "there is no such field"),
    "not_text": Text("kein Text", "not text"),
    "password_or_hash": Text(
        "entweder password oder password_hash, genau eines", "either password or password_hash, exactly one"
    ),
    "half_character": Text("enthält ein halbes Zeichen", "contains half a character"),
    "lost_character": Text(
        "enthält ein Zeichen, das früher verloren ging (\N{REPLACEMENT CHARACTER})",
        "contains a character that was lost earlier (\N{REPLACEMENT CHARACTER})",
    ),
    "number_unfit": Text("fehlt oder ist keine Zugangsnummer", "is missing or is not an access number"),
    "number_of_spreadsheet": Text(
        "von einem Programm verändert (Zahl, Datum, Formel, NULL): bitte die Spalte als Text ausgeben",
        "changed by a program (into a number, date, formula or NULL): please export the column as text",
    ),
    "name_unfit": Text("fehlt oder ist kein Name", "is missing or is not a name"),
    "language_unfit": Text(
        "keine Sprache, die der Dienst spricht: de oder en", "not a language of the service: de or en"
    ),
    "external_id_unfit": Text(
        "keine Kennung: 1 bis 128 druckbare Zeichen, ohne Leerzeichen an den Enden, je Anwendung eine",
        "not an external id: 1 to 128 printable characters, no blanks at its ends, one for each client",
    ),
    "client_unknown": Text("diese Anwendung gibt es nicht", "there is no such client"),
    "email_unfit": Text("keine E-Mail-Adresse", "not an e-mail address"),
    "phone_unfit": Text("keine gültige Telefonnummer", "not a valid phone number"),
    "phone_doubtful": Text(
        "keine eindeutige Telefonnummer: bitte mit + und Landesvorwahl schreiben",
        "an ambiguous phone number: please write it with + and the country code",
    ),
    "phone_not_mobile": Text("keine Mobilfunknummer: sie bekäme keine SMS", "not a mobile number: it would get no SMS"),
    "region_unknown": Text(
        "kein Land: bitte zwei Buchstaben nach ISO 3166-1, etwa DE",
        "not a country: please use two letters of ISO 3166-1, such as DE",
    ),
    "answer_unfit": Text("weder ja noch nein", "neither yes nor no"),
    "password_unfit": Text("zu lang", "too long"),
    "password_short": Text(
        "zu kurz: mindestens 8 Zeichen, ohne Telefon mindestens 15",
        "too short: at least 8 characters, without a phone at least 15",
    ),
    "hash_unknown": Text("kein bekannter Passwort-Hash", "not a known password hash"),
    "hash_costly": Text(
        "dieser Hash ist zu teuer für eine Anmeldung", "this hash is too expensive to check at a login"
    ),
}
