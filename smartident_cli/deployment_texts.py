"""What is said where a deployment cannot be worked on, or no account is meant."""

from smartident_cli.sentences import Text

DEPLOYMENT_TEXTS = {
    "which_deployment": Text(
        "Bitte mit --stack NAME einen Stack nennen, oder --local für den auf dem Laptop.",
        "Please name a stack with --stack NAME, or --local for the one on the laptop.",
    ),
    "no_laptop": Text(
        "Auf Port {port} läuft hier kein Stack: erst make run (und --port, wenn es nicht 8080 ist).",
        "No stack runs here on port {port}: make run first (and --port if it is not 8080).",
    ),
    "no_stack": Text("Der Stack {name} lässt sich nicht lesen: {error}", "The stack {name} cannot be read: {error}"),
    "aws_failed": Text(
        "AWS hat abgelehnt oder nicht geantwortet: {error}", "AWS refused the call or did not answer: {error}"
    ),
    "setting_missing": Text("Dem Stack fehlt eine Einstellung: {error}", "The stack lacks a setting: {error}"),
    "account_gone": Text("Diesen Zugang gibt es nicht mehr.", "This account does not exist any more."),
    "no_file": Text("Die Datei lässt sich nicht schreiben oder lesen: {error}", "The file cannot be used: {error}"),
    "nobody": Text("Kein Zugang passt auf {who}.", "No account matches {who}."),
    "several": Text(
        "Mehrere Zugänge teilen {who}: bitte eine Zugangsnummer nennen ({numbers}).",
        "Several accounts share {who}: please name an access number ({numbers}).",
    ),
    "who": Text(
        "Bitte eine Zugangsnummer nennen, oder eine E-Mail-Adresse, die nur ein Zugang hat.",
        "Please name an access number, or an e-mail that only one account has.",
    ),
    "invalid_field": Text("{field}: {what}", "{field}: {what}"),
    "no_service_time": Text(
        "Der Dienst nennt seine Uhrzeit nicht (Date), deshalb wurde nichts geändert.",
        "The service did not tell its time (Date), so nothing was changed.",
    ),
}
