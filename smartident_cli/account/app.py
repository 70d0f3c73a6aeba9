"""`smartident account …`: the accounts of a deployment, one command for each thing an operator does with them."""

import typer

from smartident_cli.account import (
    change,
    create,
    delete,
    enrolment,
    export,
    freeze,
    lists,
    login_policy,
    recovery,
    renew,
    show,
    sign_out,
    stop,
)
from smartident_cli.bulk_import.command import import_

app = typer.Typer(help="Accounts of a deployment: create, show, find, import, export, delete.", no_args_is_help=True)
app.command()(create.create)
app.command()(show.show)
app.command("list")(lists.list_)
app.command()(lists.find)
app.command("import")(import_)
app.command()(export.export)
app.command()(delete.delete)
app.command("enrolment-code")(enrolment.issue)
app.command("confirm-enrolment-code")(enrolment.confirm)
app.command()(stop.stop_registration)
app.command()(change.unlock)
app.command()(freeze.freeze)
app.command("open")(freeze.open_)
app.command("revoke-recovery-codes")(recovery.revoke_recovery_codes)
app.command("forget-browsers")(change.forget_browsers)
app.command()(renew.renew)
app.command("sign-out")(sign_out.sign_out)
app.command("two-factor")(change.two_factor)
app.command("set-login-policy")(login_policy.set_login_policy)
app.command("set-password")(change.set_password)
app.command("set-phone")(change.set_phone)
app.command("set-email")(change.set_email)
app.command("set-language")(change.set_language)
app.command("set-external-id")(change.set_external_id)
