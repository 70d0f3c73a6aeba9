"""Hashes that other systems stored, in the forms that a login understands."""

import re

from smartident.errors import InvalidRequest
from smartident.passwords.legacy_formats import TOO_COSTLY, check_foreign_hash
from smartident_cli.invalid_field import InvalidField

# In Spring Security, LDAP and Dovecot the algorithm's name stands before what the algorithm itself says.
_NAMED = re.compile(
    r"\{(?:bcrypt|argon2(?:id?)?|crypt|blf-crypt|scrypt)(?:@SpringSecurity_v\d+_\d+)?\}(?=\$)", re.IGNORECASE
)
_LDAP_PBKDF2 = re.compile(r"\{PBKDF2-SHA(256|512)\}(?=\d)", re.IGNORECASE)


def valid_hash(text: str) -> str:
    """The hash in a form that a login can check; raises InvalidField."""
    plain = _LDAP_PBKDF2.sub(r"$pbkdf2-sha\1$", _NAMED.sub("", text, count=1), count=1)
    try:
        check_foreign_hash(plain)
    except InvalidRequest as refused:
        raise InvalidField("password_hash", "hash_costly" if str(refused) == TOO_COSTLY else "hash_unknown") from None
    return plain
