"""What the doctor says of notices."""

from smartident_cli.sentences import Text

NOTICE_TEXTS = {
    "notices": Text("Mitteilungen gehen von {sender} aus.", "Notices are sent from {sender}."),
    "notices_not": Text(
        "NoticeSender ist leer: niemand erfährt, was mit seinem Zugang geschieht.",
        "NoticeSender is empty: nobody is told what happens to their account.",
    ),
    "ses_sandbox": Text("E-Mails erreichen alle Adressen.", "E-mails reach every address."),
    "ses_sandbox_not": Text(
        "Das Konto ist in der SES-Sandbox: E-Mails erreichen nur bestätigte Adressen.",
        "The account is in the SES sandbox: e-mails reach verified addresses only.",
    ),
    "ses_sending": Text("SES sendet.", "SES sends."),
    "ses_sending_not": Text(
        "SES sendet nicht oder nur auf Bewährung ({status}): Bounces und Beschwerden ansehen.",
        "SES does not send, or only on probation ({status}): look at bounces and complaints.",
    ),
    "ses_verified": Text("SES hat {sender} bestätigt.", "SES has verified {sender}."),
    "ses_verified_not": Text(
        "SES hat weder {sender} noch die Domain bestätigt: es sendet nichts.",
        "SES has verified neither {sender} nor its domain: it sends nothing.",
    ),
    "ses_dkim": Text("E-Mails von {sender} sind mit DKIM signiert.", "E-mails of {sender} are signed with DKIM."),
    "ses_dkim_not": Text(
        "E-Mails von {sender} sind nicht mit DKIM signiert: viele landen im Spam.",
        "E-mails of {sender} are not signed with DKIM: many end up as spam.",
    ),
    "ses_bounces": Text(
        "Unzustellbare Adressen werden gezählt und behalten ({name}).",
        "Addresses that bounce are counted and kept ({name}).",
    ),
    "ses_bounces_not": Text(
        "Unzustellbare Adressen werden nicht gezählt oder nicht behalten ({name}): bitte make deploy.",
        "Addresses that bounce are not counted or not kept ({name}): please make deploy.",
    ),
}
