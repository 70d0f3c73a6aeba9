"""Statuses and sentences of what the service declines that concern a freeze of an account, and its opening."""

from __future__ import annotations

from smartident.problems.problem import Problem

FREEZE: dict[str, Problem] = {
    "opening_not_allowed": Problem(
        403,
        "Dieses Telefon kam erst kurz vor der Sperre dazu und darf den Zugang nicht öffnen. "
        "Bitte nehmen Sie ein Telefon, das Sie schon länger verwenden, oder rufen Sie FinanceApp an.",
        "This phone was added shortly before the account was frozen and may not open it. "
        "Please use a phone that you have had longer, or call FinanceApp.",
    ),
    "freeze_link_invalid": Problem(
        404,
        "Dieser Link gilt nicht. Bitte öffnen Sie ihn noch einmal aus unserer Nachricht, oder rufen Sie FinanceApp an.",
        "This link is not valid. Please open it again from our message, or call FinanceApp.",
    ),
    "freeze_link_expired": Problem(
        410,
        "Dieser Link ist älter als sieben Tage und gilt nicht mehr. "
        "Bitte sperren Sie Ihren Zugang in der smartIDENT-App, oder rufen Sie FinanceApp an.",
        "This link is older than seven days and is no longer valid. "
        "Please freeze your account in the smartIDENT app, or call FinanceApp.",
    ),
    "freeze_link_used": Problem(
        409,
        "Mit diesem Link wurde Ihr Zugang schon einmal gesperrt und danach wieder geöffnet. "
        "Bitte sperren Sie ihn in der smartIDENT-App, oder rufen Sie FinanceApp an.",
        "This link has frozen your account before, and the account was opened again since. "
        "Please freeze it in the smartIDENT app, or call FinanceApp.",
    ),
    "too_many_freezes": Problem(
        429,
        "Ihr Zugang wurde heute schon zweimal über einen Link gesperrt. "
        "Bitte sperren Sie ihn in der smartIDENT-App, oder rufen Sie FinanceApp an.",
        "Your account has been frozen by a link twice within a day. "
        "Please freeze it in the smartIDENT app, or call FinanceApp.",
    ),
}
