"""`smartident account show`: one account as the table holds it, but nothing secret, and what keeps its owner out."""

from smartident.accounts.external_ids import external_ids_of
from smartident.accounts.item.login_policy import login_policy_of
from smartident.admin.lockout_report import read_lockout
from smartident.recovery.code_set import read_valid_codes
from smartident_cli.account.members import lockout_lines, lockout_members, members, recovery_line, recovery_members
from smartident_cli.deployment_options import LAPTOP_PORT, OnLaptop, Port, StackName, Who, open_deployment, the_account
from smartident_cli.options import AsJson, LanguageOption
from smartident_cli.terminal import plain


def show(
    who: Who,
    *,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Show an account, its failed attempts, lockouts and waits."""
    with open_deployment(stack, local, port, language, as_json) as (terminal, clock, _):
        account = the_account(who, terminal)
        policy = login_policy_of(account, now=clock.now())
        lockout, codes = read_lockout(account, now=clock.now()), read_valid_codes(account)
        table = terminal.table()
        table.show_header = False
        for label, value in (
            ("number", account.number),
            ("name", account.display_name),
            ("email", account.email),
            ("phone", account.phone),
            ("two_factor", terminal.text("on_" if account.two_factor else "off_")),
            ("login_policy", terminal.text(f"policy_{policy}")),
            ("frozen", terminal.text("frozen_yes" if account.frozen else "frozen_no")),
            ("devices", str(account.active_devices)),
            ("recovery_codes", recovery_line(codes, terminal)),
            ("external_ids", ", ".join(f"{client}={name}" for client, name in external_ids_of(account).items())),
            *lockout_lines(lockout, terminal),
            ("id", account.id),
        ):
            table.add_row(terminal.text(label), plain(value or terminal.text("none")))
        terminal.console.print(table)
        policy_told = {"login_policy": policy, **recovery_members(codes)}
        terminal.answer(**members(account), **policy_told, **lockout_members(lockout))
