"""Every sentence of the command, by its name. What the service refuses, the service puts into words."""

from smartident_cli.account.texts import ACCOUNT_TEXTS
from smartident_cli.bulk_import.texts import IMPORT_TEXTS
from smartident_cli.client.texts import CLIENT_TEXTS
from smartident_cli.deployment_texts import DEPLOYMENT_TEXTS
from smartident_cli.device.texts import DEVICE_TEXTS
from smartident_cli.doctor.notice_texts import NOTICE_TEXTS
from smartident_cli.doctor.push_texts import PUSH_TEXTS
from smartident_cli.doctor.texts import DOCTOR_TEXTS
from smartident_cli.events.texts import EVENT_TEXTS
from smartident_cli.key.texts import KEY_TEXTS
from smartident_cli.notices.texts import NOTICES_TEXTS
from smartident_cli.phone.texts import PHONE_TEXTS
from smartident_cli.receipts.audit_log_texts import AUDIT_LOG_TEXTS
from smartident_cli.receipts.texts import RECEIPT_TEXTS
from smartident_cli.sender.texts import SENDER_TEXTS
from smartident_cli.story.texts import STORY_TEXTS
from smartident_cli.texts import COMMON_TEXTS
from smartident_cli.validation_texts import VALIDATION_TEXTS

CATALOGUE = {
    **COMMON_TEXTS,
    **DEPLOYMENT_TEXTS,
    **VALIDATION_TEXTS,
    **ACCOUNT_TEXTS,
    **IMPORT_TEXTS,
    **CLIENT_TEXTS,
    **DEVICE_TEXTS,
    **KEY_TEXTS,
    **SENDER_TEXTS,
    **NOTICES_TEXTS,
    **EVENT_TEXTS,
    **RECEIPT_TEXTS,
    **AUDIT_LOG_TEXTS,
    **DOCTOR_TEXTS,
    **NOTICE_TEXTS,
    **PUSH_TEXTS,
    **PHONE_TEXTS,
    **STORY_TEXTS,
}
