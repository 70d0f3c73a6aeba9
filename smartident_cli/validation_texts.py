"""What does not fit in a field of an account."""

from smartident_cli.sentences import Text

VALIDATION_TEXTS = {
    "moment_unfit": Text(
        "kein Zeitpunkt: etwa 14:05, 28.11.2026 14:05, 2026-11-28T14:05 oder 2h",
        "no moment: such as 14:05, 28.11.2026 14:05, 2026-11-28T14:05 or 2h",
    ),
    "one_of_them": Text("nur eines davon", "only one of them"),
    "field_unknown": Text("dieses Feld gibt es nicht", "there is no such field"),
    "not_text": Text("kein Text", "no text"),
    "password_or_hash": Text(
        "entweder password oder password_hash, genau eines", "either password or password_hash, exactly one"
    ),
    "half_character": Text("enthält ein halbes Zeichen", "contains half a character"),
    "lost_character": Text(
        "enthält ein Zeichen, das früher verloren ging (\N{REPLACEMENT CHARACTER})",
        "contains a character that was lost earlier (\N{REPLACEMENT CHARACTER})",
    ),
    "number_unfit": Text("fehlt oder ist keine Zugangsnummer", "is missing or no access number"),
    "number_of_spreadsheet": Text(
        "von einer Tabellenkalkulation verändert (Zahl oder Datum): bitte die Spalte als Text ausgeben",
        "changed by a spreadsheet (a number or date): please write the column as text",
    ),
    "name_unfit": Text("fehlt oder ist kein Name", "is missing or no name"),
    "email_unfit": Text("keine E-Mail-Adresse", "no e-mail address"),
    "phone_unfit": Text("keine gültige Telefonnummer", "no valid phone number"),
    "phone_doubtful": Text(
        "keine eindeutige Telefonnummer: bitte mit + und Landesvorwahl schreiben",
        "no clear phone number: please write it with + and the country code",
    ),
    "phone_not_mobile": Text("keine Mobilfunknummer: sie bekäme keine SMS", "no mobile number: it would get no SMS"),
    "region_unknown": Text(
        "kein Land: bitte zwei Buchstaben nach ISO 3166-1, etwa DE", "no country: two letters of ISO 3166-1, such as DE"
    ),
    "answer_unfit": Text("weder ja noch nein", "neither yes nor no"),
    "password_unfit": Text("zu lang", "too long"),
    "password_short": Text(
        "zu kurz: mindestens 8 Zeichen, ohne Telefon mindestens 15",
        "too short: at least 8 characters, without a phone at least 15",
    ),
    "hash_unknown": Text("kein bekannter Passwort-Hash", "no known password hash"),
    "hash_costly": Text("dieser Hash ist zu teuer für eine Anmeldung", "this hash costs too much for a login to check"),
}
