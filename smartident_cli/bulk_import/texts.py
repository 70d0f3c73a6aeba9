"""What the import says."""

from smartident_cli.sentences import Text
from smartident_cli.validation import FIELDS

IMPORT_TEXTS = {
    "line_by_number_only": Text(
        "Zeile {line}: dieser Zugang geht nur mit seiner Zugangsnummer, wie alle, die dieselbe E-Mail haben",
        "Line {line}: this account goes by its access number only, like all that have the same e-mail",
    ),
    "bad_line": Text("Zeile {line}: {what}", "Line {line}: {what}"),
    "client_unnamed": Text(
        "bitte mit --client nennen, wessen Name das ist", "please name with --client whose name this is"
    ),
    "external_id_of_another": Text(
        "so heißt bei diesem Client schon ein anderer Zugang; dieser ist importiert, ohne den Namen",
        "the client calls another account so; this one was imported without the name",
    ),
    "counts": Text(
        "{imported} neu, {there} schon da, {bad} schlecht", "{imported} new, {there} already there, {bad} bad"
    ),
    "import_done": Text(
        "Importiert: {imported} neu, {there} schon da, schlechte Zeilen: {bad}.",
        "Imported: {imported} new, {there} already there, bad lines: {bad}.",
    ),
    "import_checked": Text(
        "Geprüft, nichts geschrieben: schlechte Zeilen: {bad}.", "Checked, nothing written: bad lines: {bad}."
    ),
    "import_goes_on": Text("Weiter nach Zeile {line}.", "Continuing after line {line}."),
    "import_busy": Text("Ein Import dieser Datei läuft schon.", "An import of this file is already running."),
    "file": Text("Datei", "File"),
    "import_stops": Text(
        "Der Import hält an. Derselbe Befehl setzt ihn später fort.",
        "The import is stopping. The same command continues it later.",
    ),
    "not_a_note": Text(
        "{note} ist keine Notiz eines Imports und bleibt, wie sie ist: bitte mit --note eine andere Datei nennen.",
        "{note} is not a note of an import and was left alone: please name another file with --note.",
    ),
    "file_is_workbook": Text(
        "Das ist eine Arbeitsmappe: bitte als „CSV UTF-8“ speichern.",
        'This is a workbook: please save it as "CSV UTF-8".',
    ),
    "file_is_packed": Text(
        "Die Datei ist gepackt: bitte erst auspacken.", "The file is compressed: please unpack it first."
    ),
    "file_is_no_text": Text("Die Datei ist kein Text.", "The file is not text."),
    "file_is_json_list": Text(
        "Das ist eine JSON-Liste: bitte ein Objekt je Zeile (JSON Lines), etwa mit jq -c '.[]'.",
        "This is a JSON list: please write one object a line (JSON Lines), with jq -c '.[]' for example.",
    ),
    "file_not_utf8": Text(
        "Die Datei ist nicht in UTF-8: bitte als „CSV UTF-8“ speichern, oder --encoding cp1252 nennen.",
        'The file is not in UTF-8: please save it as "CSV UTF-8", or give --encoding cp1252.',
    ),
    "not_utf8": Text("enthält ungültige Zeichen: kein UTF-8?", "contains invalid characters: not in UTF-8?"),
    "line_endless": Text("viel zu lang", "much too long"),
    "not_json": Text("kein JSON-Objekt", "not a JSON object"),
    "field_twice": Text("steht zweimal da", "appears twice"),
    "number_twice": Text("steht schon in Zeile {first}", "is already in line {first}"),
    "not_csv": Text("kein CSV", "not CSV"),
    "cells_differ": Text("mehr oder weniger Felder als die Kopfzeile", "more or fewer fields than the header"),
    "head_unfit": Text(
        f"Die Kopfzeile nennt unbekannte oder doppelte Felder, oder access_number fehlt. Es gibt: {', '.join(FIELDS)}.",
        f"The header names unknown or duplicate fields, or access_number is missing. Known are: {', '.join(FIELDS)}.",
    ),
}
