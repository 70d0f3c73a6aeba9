"""What the command for sender IDs says."""

from smartident_cli.sentences import Text

SENDER_TEXTS = {
    "sender_none": Text(
        "Für {country} schickt der Dienst keine SMS unter einem Absendernamen (SmsSenders, SmsCountries).",
        "The service sends no SMS to {country} under a sender ID (SmsSenders, SmsCountries).",
    ),
    "sender_unknown": Text(
        "AWS kennt {sender} für {country} nicht: bitte in AWS End User Messaging registrieren, und in dieser Region.",
        "AWS does not know {sender} for {country}: please register it in AWS End User Messaging, and in this region.",
    ),
    "sender_waiting": Text(
        "{sender} ist für {country} noch nicht registriert: bitte warten, dann noch einmal fragen.",
        "{sender} is not registered for {country} yet: please wait, then ask again.",
    ),
    "sender_shown": Text(
        "Diese Regel bekommt der Absendername {sender} ({country}):", "The sender ID {sender} ({country}) gets this:"
    ),
    "sender_confirm": Text("SNS unter {sender} senden lassen?", "Let SNS send under {sender}?"),
    "sender_allowed": Text("SNS darf unter {sender} senden.", "SNS may send under {sender}."),
    "sender_of_stack": Text(
        "Nur ein Stack verschickt echte SMS; auf dem Laptop gibt es nichts zu erlauben.",
        "Only a stack sends real SMS; on the laptop there is nothing to allow.",
    ),
}
