"""What an operator says of an account: brought into its one form, or refused by the name of the field."""

from __future__ import annotations

import hashlib
from base64 import b64encode

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from smartident.passwords.legacy_formats import is_foreign_password
from smartident_cli.invalid_field import InvalidField
from smartident_cli.password_hashes import valid_hash
from smartident_cli.validation import (
    valid_account,
    valid_answer,
    valid_email,
    valid_name,
    valid_number,
    valid_text,
)
from tests.passwords.test_legacy_formats import HASHES


@pytest.mark.parametrize(
    ("told", "number"),
    [
        ("100 200 301", "100200301"),
        ("\u202d100200301\u202c", "100200301"),
        ("100\u00a0200\u200b301", "100200301"),
        ("\uff11\uff10\uff10 200 301", "100200301"),
        ("K-100/2", "K-100/2"),
        ("2026-13-01", "2026-13-01"),
        ("1/2", "1/2"),
        ("MAI12", "MAI12"),
        ("12E3", "12E3"),
        ("Nullmann", "Nullmann"),
        ("7", "7"),
    ],
)
def test_an_access_number_loses_its_blanks_and_what_nobody_sees(told: str, number: str) -> None:
    assert valid_number(told) == number


@pytest.mark.parametrize(
    "told",
    [
        "1,002E+08", "1.002E+08", "1.002e+08", "1E+08", "1.002E08", "100200301.0", "100200301,0", "100.200.301",
        "100,200,301", "12.03.2026", "#NAME?", "#WERT!", "########", "=100200301", '="100200301"', "'100200301", "+1",
        "1.E+8", "1E+008", "\u2019100200301", "\u201c100200301\u201d", "01/02/2026", "2026-01-02", "12-Mai", "May-12",
        "12. März", "NULL", "None", "nan", "n/a", "WAHR", "#NV", "#REF!",
        "", "7@1", "-", "100\x00200", "1" * 65,
    ],
)  # fmt: skip
def test_what_a_spreadsheet_made_of_a_number_is_none(told: str) -> None:
    with pytest.raises(InvalidField, match="number_"):
        valid_number(told)


@pytest.mark.parametrize(
    ("told", "email"),
    [
        (" Joerg@Example.ORG ", "joerg@example.org"),
        ("mailto:joerg@example.org", "joerg@example.org"),
        ("Mailto:Joerg@example.org", "joerg@example.org"),
        ("\ufeffjoerg@example.org\u200b", "joerg@example.org"),
        ("jörg+post@müller.example", "jörg+post@müller.example"),
        ("o'neill@example.org", "o'neill@example.org"),
        ("anna@हिन्दी.example", "anna@हिन्दी.example"),
        ("", None),
        ("mailto: joerg@example.org", "joerg@example.org"),
        ("mailto:j%C3%B6rg@example.org", "jörg@example.org"),
        ("joerg@example.org\ufe0f\u202f", "joerg@example.org"),
        ("mailto:", None),
    ],
)
def test_an_e_mail_is_kept_in_its_one_form(told: str, email: str | None) -> None:
    assert valid_email(told) == email


@pytest.mark.parametrize(
    "told",
    [
        "joerg", "joerg@", "@example.org", "a@b@example.org", "joerg@example",
        "joerg@.example.org",
        "joerg@example..org", "joerg@-example.org", "joerg@exa_mple.org", ".joerg@example.org", "jo..rg@example.org",
        "Jörg <joerg@example.org>", "<joerg@example.org>", "joerg@example.org; anna@example.org", "joerg@example.org,",
        "joerg(at)example.org", "joerg @example.org", "mailto:joerg@example.org?subject=x", "http://joerg@example.org/",
        "[joerg@example.org](mailto:joerg@example.org)", "#NAME?", '"joerg"@example.org', "joerg@[192.0.2.1]",
        "'joerg@example.org", "=joerg@example.org", "mailto://joerg@example.org", "mailto:j%FFrg@example.org",
        "SMTP:joerg@example.org", "joerg@192.0.2.1", "NULL", "n/a",
        "x" * 65 + "@example.org", "joerg@" + "x" * 250 + ".org",
    ],
)  # fmt: skip
def test_a_cell_that_is_no_e_mail_is_refused(told: str) -> None:
    with pytest.raises(InvalidField, match="email_unfit"):
        valid_email(told)


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("  Anna \u00a0 Berger\u200b", "Anna Berger"),
        ("\u202eAnna\u202c", "Anna"),
        ("\u0645\u06cc\u200c\u062e", "\u0645\u06cc\u200c\u062e"),
    ],
    ids=["blanks", "direction marks", "a joiner that is spelling"],
)
def test_a_name_is_kept_as_it_is_read(told: str, name: str) -> None:
    assert valid_name(told) == name


@pytest.mark.parametrize("told", ["", "\u200b", "A\nB\x00", "#NAME?", "#WERT!", "#DIV/0!", "#N/A", "####", "x" * 255])
def test_what_is_no_name_is_refused(told: str) -> None:
    with pytest.raises(InvalidField, match="name_unfit"):
        valid_name(told)


@pytest.mark.parametrize(
    ("told", "answer"),
    [
        *(
            (told, True)
            for told in ("WAHR", "TRUE", "j", "t", "\ufeffJa\u200b", "-1", "1.0", "1,0", "=WAHR()", "aktiv", "")
        ),
        *((told, False) for told in ("Falsch", "False", "n", "F", "NEIN\u00a0", "0.0", "0,00", "=FALSE()", "disabled")),
        ("\uff37\uff21\uff28\uff32", True),
    ],
)
def test_yes_and_no_as_spreadsheets_say_them(told: str, answer: bool) -> None:
    assert valid_answer(told) is answer


@pytest.mark.parametrize("told", ["2", "10", "x", "NULL", "=1", "WAHR()", "ja nein", "#NV", "-0,5"])
def test_what_says_neither_yes_nor_no_is_refused(told: str) -> None:
    with pytest.raises(InvalidField, match="two_factor: answer_unfit"):
        valid_answer(told)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("password", "x\ud800", "half_character"),
        ("display_name", "\udc00x", "half_character"),
        ("display_name", "J\ufffdrg", "lost_character"),
        ("display_name", True, "not_text"),
        ("access_number", 1.5, "not_text"),
        ("phone", ["+491701234711"], "not_text"),
        ("pin", "1234", "field_unknown"),
    ],
)
def test_what_an_earlier_program_mutilated_is_refused(field: str, value: object, sentence: str) -> None:
    with pytest.raises(InvalidField, match=f"{field}: {sentence}"):
        valid_text(field, value)


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("{bcrypt}" + HASHES["bcrypt 2b"], HASHES["bcrypt 2b"]),
        ("{CRYPT}" + HASHES["bcrypt 2b"], HASHES["bcrypt 2b"]),
        ("{crypt}" + HASHES["bcrypt 2b"], HASHES["bcrypt 2b"]),
        ("{BLF-CRYPT}" + HASHES["bcrypt 2y of PHP"], HASHES["bcrypt 2y of PHP"]),
        ("{ARGON2ID}" + HASHES["argon2id"], HASHES["argon2id"]),
        ("{argon2@SpringSecurity_v5_8}" + HASHES["argon2id"], HASHES["argon2id"]),
        (HASHES["bcrypt 2b"], HASHES["bcrypt 2b"]),
    ],
    ids=["Spring", "LDAP", "ldap", "Dovecot", "Dovecot's Argon2", "Spring's Argon2", "plain"],
)
def test_a_hash_is_understood_under_the_name_that_its_system_gave_it(told: str, kept: str) -> None:
    assert valid_hash(told) == kept


def test_a_hash_of_openldap_is_passlibs_by_another_name() -> None:
    pbkdf2 = HASHES["pbkdf2-sha256 of passlib"]
    assert valid_hash("{PBKDF2-SHA256}" + pbkdf2.removeprefix("$pbkdf2-sha256$")) == pbkdf2


def test_keycloaks_two_pieces_of_json_make_a_hash_by_the_recipe_of_the_docs() -> None:
    salt, password = b"sixteen bytes ok", b"Vier-Esel-42"
    made = {
        "$argon2id$v=19$m=64,t=5,p=1": Argon2id(salt=salt, length=32, iterations=5, lanes=1, memory_cost=64).derive(
            password
        ),
        "$pbkdf2-sha256$27500": hashlib.pbkdf2_hmac("sha256", password, salt, 27_500, 64),
    }
    for head, value in made.items():
        kept = [b64encode(piece).decode().rstrip("=") for piece in (salt, value)]
        assert is_foreign_password(password.decode(), valid_hash("$".join([head, *kept])))


@pytest.mark.parametrize(
    "told",
    [
        "{noop}geheim",
        "{MD5}XrY7u+Ae7tCTyyK7j1rNww==",
        "{SSHA}abc",
        "{bcrypt}",
        "{bcrypt}{bcrypt}$2a$10$x",
        "$wp$2y$10$x",
        "{CRYPT}$6$rounds=5000$salt$hash",
        "{pbkdf2}5d923b44a6d129f3ddf3e3c8d29412723dcbde72445e8ef6bf3b508fbf17fa4e",
        "$P$B12345678abcdefghijklmnopqrstu.",
        '{"hashIterations":27500,"algorithm":"pbkdf2-sha256"}',
    ],
)
def test_a_name_makes_no_hash(told: str) -> None:
    with pytest.raises(InvalidField, match="hash_unknown"):
        valid_hash(told)


def test_a_pasted_hash_loses_what_nobody_sees() -> None:
    crypted = HASHES["bcrypt 2b"]
    account = valid_account(
        {"access_number": "1", "display_name": "A", "password_hash": f"\ufeff{crypted}\u200b\u00a0"}
    )
    assert account.password_hash == crypted


def test_the_first_field_that_does_not_fit_is_told() -> None:
    with pytest.raises(InvalidField, match="password: password_or_hash"):
        valid_account({"access_number": "1", "display_name": "A"})
