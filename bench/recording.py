"""`python -m bench.recording FILE`: one enrolment and one login through the handlers, every AWS call on a cassette.

moto answers here, once; whoever measures plays the cassette, so that no database's work counts.
"""

from __future__ import annotations

import os
import re
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import moto
from botocore.session import Session

from bench.cassette import ENROLMENT, LOGIN, Call, Cassette, Recorder
from bench.in_process_client import SETTINGS, InProcessClient
from bench.journeys import PASSWORD, Person, log_in, register, verify
from smartident_laptop.moto.cloud import CREDENTIALS, TABLE_NAME

if TYPE_CHECKING:
    from smartident_laptop.template import Template


def provisioned(template: Template) -> dict[str, str]:
    """The settings of a cloud made anew: the template's, with a table, a signing key and a pepper."""
    clients: dict[str, Any] = {name: Session().create_client(name) for name in ("dynamodb", "kms", "secretsmanager")}
    clients["dynamodb"].create_table(**{**template.table, "TableName": TABLE_NAME})
    key = clients["kms"].create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]
    secret = clients["secretsmanager"].create_secret(Name="pepper", SecretString="measured" * 5)["ARN"]
    lasting = {"TABLE_NAME": TABLE_NAME, "SIGNING_KEYS": key, "PEPPER_SECRET_ARN": secret}
    return {**template.environment, **SETTINGS, **lasting}


def seed_account(number: str, *, two_factor: bool = True) -> None:
    """Give somebody an account."""
    from smartident.admin.create import create_account  # noqa: PLC0415  reads the settings

    create_account(
        number,
        PASSWORD,
        display_name="Anna Berger",
        email=f"anna.berger.{number}@example.org",
        phone=f"+49170{number}",
        two_factor=two_factor,
        now=int(time.time()),
    )


def enrolled(client: InProcessClient, person: Person, recorder: Recorder) -> list[Call]:
    """The calls of an enrolment, the code read from its SMS."""
    recorder.taken()
    register(client, person)
    calls = recorder.taken()
    [sms] = [call.ask["Message"] for call in calls if call.operation == "Publish"]
    person.code = re.findall(r"\b\d{6}\b", sms)[0]
    verify(client, person)
    return [*calls, *recorder.taken()]


def recorded() -> Cassette:
    """The cassette of an enrolment and a login of somebody who has been here before."""
    recorder, client = Recorder(), InProcessClient()
    settings = provisioned(client.template)
    os.environ.update(settings)
    recorder.start()
    seed_account("100200301")
    lasting = [call for call in recorder.taken() if call.operation == "GetSecretValue"]
    enrolled(client, Person("100200301"), recorder)
    person = Person("100200302", connection_id=client.connection.connection_id)
    seed_account(person.number)
    journeys = {ENROLMENT: enrolled(client, person, recorder)}
    log_in(client, person)
    journeys[LOGIN] = recorder.taken()
    return Cassette(journeys, lasting, person.written(), settings)


def main(arguments: list[str]) -> None:
    """Record."""
    os.environ.update(CREDENTIALS)
    with moto.mock_aws():
        recorded().write(Path(arguments[0]))


if __name__ == "__main__":
    main(sys.argv[1:])
