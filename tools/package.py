"""package.py BUILD: makes what `sam build` left start faster and holds it to its limits, in place.

Lambda's task root is read-only, so without bytecode every cold start compiles every module; botocore carries the
descriptions of hundreds of services of which this one calls six; and packages bring what only compilers, type
checkers and people with a browser use. Two builds of the same sources give the same bytes. Run by Lambda's own Python.
"""

from __future__ import annotations

import compileall
import io
import json
import os
import shutil
import sys
import zipfile
from pathlib import Path
from py_compile import PycInvalidationMode

SERVICES = {"apigatewaymanagementapi", "dynamodb", "events", "kms", "secretsmanager", "sesv2", "sns", "sqs"}
TASK_ROOT = "/var/task"
MAX_BYTES = 35_000_000
MAX_ZIPPED_BYTES = 12_000_000
# The earliest time that a zip can tell.
LONG_AGO = 315_619_200
# Nothing here is imported by the functions; each stands with what it is for.
UNUSED = (
    "aws_lambda_powertools/event_handler/openapi/swagger_ui/*.min.*",  # a page that shows an API to people
    "aws_lambda_powertools/utilities/idempotency",  # a table of its own for answers
    "aws_lambda_powertools/utilities/parser",  # models of Pydantic, which nothing brings
    "botocore/data/*/*/examples-1.json",  # of botocore's documentation
    "cffi",  # makes bindings; what was made needs only _cffi_backend
    "pycparser*",  # reads C for cffi
    # Of its 130 modules webauthn reads one, rfc5280: certificates of Android keys.
    *(f"pyasn1_modules/rfc{other}*.py" for other in ("[!5]", "5[!2]", "52[!8]", "528[!0]")),
    "dateutil/zoneinfo/*.tar.gz",  # time zones, where the system has none
    "requirements.txt",
    # botocore would import it, and with it all of pyOpenSSL, only to find the context class that Python itself has.
    "urllib3/contrib/pyopenssl.py",
    "**/*.c",
    "**/*.h",
    "**/*.pyi",
    "**/RECORD",
    "**/__pycache__",  # made anew below, for the place where it will lie
)


def remove_unused(artifact: Path) -> None:
    """Remove what no function imports."""
    for pattern in UNUSED:
        for path in list(artifact.glob(pattern)):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()


def keep_called_services(artifact: Path) -> None:
    """Remove botocore's descriptions and endpoints of the services that nothing here calls."""
    data = artifact / "botocore" / "data"
    for folder in data.glob("*/"):
        if folder.name not in SERVICES:
            shutil.rmtree(folder)
    file = data / "endpoints.json"
    endpoints = json.loads(file.read_text(encoding="utf-8"))
    for partition in endpoints["partitions"]:
        partition["services"] = {name: of for name, of in partition["services"].items() if name in SERVICES}
    file.write_text(json.dumps(endpoints, separators=(",", ":")), encoding="utf-8")


def add_bytecode(artifact: Path) -> bool:
    """Compile every module, the same bytes each time; whether all of them compiled."""
    return bool(
        compileall.compile_dir(
            artifact,
            stripdir=str(artifact),
            prependdir=TASK_ROOT,
            quiet=1,
            force=True,
            invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
        )
    )


def set_times(artifact: Path) -> None:
    """Give every file the same time, because a zip holds times too."""
    for path in artifact.rglob("*"):
        os.utime(path, (LONG_AGO, LONG_AGO))


def zipped(artifact: Path, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The artifact as a zip, packed as it is uploaded unless another way is named."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for file in sorted(artifact.rglob("*")):
            if file.is_file():
                archive.write(file, file.relative_to(artifact))
    return buffer.getvalue()


def treat(artifact: Path) -> int:
    """Make one artifact what it is to be; its bytes, or -1 if a module does not compile."""
    remove_unused(artifact)
    keep_called_services(artifact)
    compiled = add_bytecode(artifact)
    set_times(artifact)
    return sum(file.stat().st_size for file in artifact.rglob("*") if file.is_file()) if compiled else -1


def main(build: Path) -> int:
    """Treat every artifact of a build; 1 if there is none, a module does not compile or one is too large."""
    artifacts = [folder for folder in sorted(build.glob("*/")) if (folder / "smartident").is_dir()]
    sizes = [treat(artifact) for artifact in artifacts]
    if not artifacts or min(sizes) < 0:
        return 1
    # All are built from the same folder, so one zip tells of all.
    packed = len(zipped(artifacts[sizes.index(max(sizes))]))
    print(f"{len(artifacts)} artifacts of {max(sizes) / 1e6:.1f} MB with bytecode, {packed / 1e6:.1f} MB zipped")
    if max(sizes) > MAX_BYTES or packed > MAX_ZIPPED_BYTES:
        print(f"too large: at most {MAX_BYTES / 1e6:.0f} MB, {MAX_ZIPPED_BYTES / 1e6:.0f} MB zipped")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
