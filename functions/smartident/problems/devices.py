"""Statuses and sentences of what the service declines that concern registrations and devices."""

from __future__ import annotations

from smartident.problems.problem import Problem

DEVICES: dict[str, Problem] = {
    "phone_number_unusable": Problem(
        409,
        "Für diesen Zugang ist keine Telefonnummer hinterlegt, an die wir eine SMS senden können. "
        "Bitte verwenden Sie den Einrichtungscode aus Ihrem Brief, oder bitten Sie FinanceApp um einen.",
        "This account has no phone number that we can send a text message to. "
        "Please use the enrolment code of your letter, or ask FinanceApp for one.",
    ),
    "registration_not_found": Problem(
        404,
        "Diese Einrichtung gibt es nicht mehr. Bitte beginnen Sie in der App von vorn.",
        "This setup no longer exists. Please start again in the app.",
    ),
    "registration_expired": Problem(
        410,
        "Die Zeit für diese Einrichtung ist abgelaufen. Bitte beginnen Sie in der App von vorn.",
        "The time for this setup is over. Please start again in the app.",
    ),
    "registration_pending": Problem(
        409,
        "Ihr bisheriges Telefon hat das neue noch nicht freigegeben. "
        "Öffnen Sie dort die smartIDENT-App und tippen Sie auf „Freigabe“.",
        "Your old phone has not let this one in yet. Please open the smartIDENT app there and tap “Approvals”.",
    ),
    "registration_waiting": Problem(
        409,
        "Der Code stimmt. Zu Ihrem Schutz kommt dieses Telefon erst nach einer Wartezeit hinzu. "
        "Öffnen Sie die App danach noch einmal.",
        "The code is right. For your protection, this phone comes in after a waiting time. "
        "Please open the app again then.",
    ),
    "lost_phone_refused": Problem(
        409,
        "Ohne das bisherige Telefon genügt eine SMS hier nicht. Bitte rufen Sie FinanceApp an.",
        "Without the old phone, a text message is not enough here. Please call FinanceApp.",
    ),
    "registration_declined": Problem(
        403,
        "Diese Einrichtung wurde auf Ihrem bisherigen Telefon abgelehnt. Bitte beginnen Sie in der App von vorn.",
        "This setup was declined on your old phone. Please start again in the app.",
    ),
    "registration_decided": Problem(
        409,
        "Über dieses neue Telefon ist schon entschieden. "
        "Bitte sehen Sie unter „Freigabe“ nach, ob noch etwas offen ist.",
        "This new phone is decided already. Please look under “Approvals” whether anything is still open.",
    ),
    "another_phone_waits": Problem(
        429,
        "Für diesen Zugang wartet schon ein neues Telefon auf die Freigabe. "
        "Lehnen Sie es auf Ihrem bisherigen Telefon ab, oder warten Sie, bis seine Zeit um ist.",
        "A new phone already waits to be let in to this account. "
        "Please decline it on your old phone, or wait until its time is over.",
    ),
    "pairing_code_wrong": Problem(
        422,
        "Diesen Code zeigt das neue Telefon nicht. Zur Sicherheit wurde es abgelehnt. "
        "Bitte beginnen Sie auf dem neuen Telefon von vorn.",
        "The new phone shows another code. To be safe, it was declined. Please start again on the new phone.",
    ),
    "cooling_off": Problem(
        403,
        "Dieses Telefon ist noch zu neu dafür. Bitte nehmen Sie ein Telefon, das Sie schon länger verwenden, "
        "oder warten Sie bis morgen.",
        "This phone is still too new for that. Please use a phone that you have had longer, or wait until tomorrow.",
    ),
    "code_wrong": Problem(
        422,
        "Dieser Bestätigungscode stimmt nicht. Bitte prüfen Sie die SMS und geben Sie den Code noch einmal ein.",
        "This confirmation code is not right. Please check the text message and enter the code again.",
    ),
    "code_exhausted": Problem(
        410,
        "Der Bestätigungscode wurde zu oft falsch eingegeben und gilt nicht mehr. "
        "Bitte beginnen Sie in der App von vorn.",
        "The confirmation code was entered wrongly too often and is no longer valid. Please start again in the app.",
    ),
    "sms_unavailable": Problem(
        503,
        "Die SMS konnte gerade nicht gesendet werden. Bitte versuchen Sie es gleich noch einmal.",
        "The text message could not be sent just now. Please try again in a moment.",
    ),
    "device_revoked": Problem(
        401,
        "Dieses Gerät wurde für den Zugang gesperrt. Bitte richten Sie den Zugang neu ein.",
        "This device has been blocked for the account. Please set up the account again.",
    ),
    "device_not_found": Problem(
        404,
        "Dieses Gerät gibt es in Ihrem Zugang nicht. Bitte laden Sie die Liste der Geräte neu.",
        "There is no such device in your account. Please reload the list of devices.",
    ),
    "device_limit_reached": Problem(
        409,
        "Für diesen Zugang sind schon so viele Geräte eingerichtet wie erlaubt. Bitte sperren Sie zuerst eines davon: "
        "in der App auf einem der anderen Geräte unter „Zugänge“, oder rufen Sie FinanceApp an.",
        "This account already has as many devices as it may have. Please block one of them first: "
        "in the app on one of the other devices under “Accounts”, or call FinanceApp.",
    ),
    "push_endpoint_refused": Problem(
        422,
        "Mitteilungen sind mit diesem Browser nicht möglich. Die App funktioniert auch ohne: "
        "Öffnen Sie sie, wenn Sie sich anmelden. Oder verwenden Sie einen anderen Browser.",
        "Notifications are not possible with this browser. The app works without them: "
        "open it when you log in. Or use another browser.",
    ),
}
