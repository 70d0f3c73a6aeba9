"""Who types the commands, for the record: the AWS identity, or on the laptop the user of this machine."""

from getpass import getuser

from smartident.aws import client
from smartident_cli.deployment import Deployment


def operator_name(deployment: Deployment) -> str:
    """The ARN of whoever calls AWS, which needs no permission, or the laptop's user."""
    return getuser() if deployment.local else str(client("sts").get_caller_identity()["Arn"])
