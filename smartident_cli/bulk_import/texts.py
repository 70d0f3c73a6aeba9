"""What the import says."""

from smartident_cli.sentences import Text

IMPORT_TEXTS = {
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
    "not_utf8": Text("kein UTF-8, oder viel zu lang", "no UTF-8, or much too long"),
    "not_json": Text("kein JSON-Objekt", "no JSON object"),
    "not_csv": Text("kein CSV", "no CSV"),
    "cells_differ": Text("mehr oder weniger Felder als die Kopfzeile", "more or fewer fields than the head line"),
    "head_unfit": Text(
        "Die Kopfzeile nennt unbekannte oder doppelte Felder, oder access_number fehlt.",
        "The head line names unknown or doubled fields, or access_number is missing.",
    ),
}
