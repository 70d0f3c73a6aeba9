"""pages.py SAMCONFIG ENV: puts web/ into the bucket of the stack deployed so, with the config.js its outputs make.

Every file is uploaded anew (they are few and small), what is no longer there is removed, and CloudFront forgets what it
kept. All of it may be run again.
"""

from __future__ import annotations

import json
import sys
import time
import tomllib
from pathlib import Path
from typing import Any

import boto3

from smartident_laptop.app_links import app_links

WEB = Path(__file__).parent.parent / "web"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
}
# Pages and modules are asked for anew each time (304 when unchanged), so that a deploy is whole at once.
FRESH, A_DAY = "no-cache", "public, max-age=86400"
CONFIG = "config.js"
JSON = "application/json"
PAGE_LINKS = ("help", "contact", "imprint", "privacy", "forgotPassword")


def configuration(outputs: dict[str, str], parameters: dict[str, str]) -> str:
    """The config.js of a deployed stack: where the API is, for whom people log in, where they get the app."""
    links = {"app_store": "AppStoreUrl", "play_store": "PlayStoreUrl", "web": "AppWebUrl"}
    app_links = {name: parameters.get(key, "") for name, key in links.items()}
    if parameters.get("OneHost") == "yes" and not app_links["web"]:
        app_links["web"] = "/app/"
    config = {
        "apiUrl": parameters.get("PublicUrl") or ("" if parameters.get("OneHost") == "yes" else outputs["HttpApiUrl"]),
        "clientId": parameters["ClientId"],
        "appLinks": app_links,
        "links": dict.fromkeys(PAGE_LINKS, "") | page_links(parameters),
    }
    return f"export const config = {json.dumps(config, indent=2)};\n"


def page_links(parameters: dict[str, str]) -> dict[str, str]:
    """The operator's own pages, by the names that web/config.js gives them."""
    entries = (entry.strip().partition("=") for entry in parameters.get("PageLinks", "").split(","))
    return {name: address for name, _, address in entries if name in PAGE_LINKS}


def files(web: Path = WEB) -> dict[str, Path]:
    """What gets uploaded, by key: the files of web/ that a browser asks for."""
    found = {str(file.relative_to(web)): file for file in sorted(web.rglob("*")) if file.suffix in TYPES}
    return {key: file for key, file in found.items() if not any(part.startswith(".") for part in Path(key).parts)}


def links_of(parameters: dict[str, str]) -> dict[str, bytes]:
    """What Apple and Google ask the pages' host for, by key."""
    return app_links(*(parameters.get(name, "").split(",") for name in ("AppleApps", "AndroidApps")))


def upload(bucket: str, config: str, *, s3: Any, links: dict[str, bytes] | None = None) -> None:
    """Make the bucket hold web/, this configuration and the files for Apple and Google, and nothing else."""
    wanted = files()
    for key, file in wanted.items():
        body = config.encode() if key == CONFIG else file.read_bytes()
        keep = A_DAY if file.suffix in {".png", ".svg"} else FRESH
        s3.put_object(Bucket=bucket, Key=key, Body=body, ContentType=TYPES[file.suffix], CacheControl=keep)
    for key, content in (links or {}).items():
        s3.put_object(Bucket=bucket, Key=key, Body=content, ContentType=JSON, CacheControl=FRESH)
    wanted_keys = {*wanted, *(links or {})}
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for stored in page.get("Contents", ()):
            if stored["Key"] not in wanted_keys:
                s3.delete_object(Bucket=bucket, Key=stored["Key"])


def described(stack: str) -> tuple[dict[str, str], dict[str, str]]:
    """The outputs and the parameters of a deployed stack."""
    found = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", ())}
    return outputs, {given["ParameterKey"]: given["ParameterValue"] for given in found.get("Parameters", ())}


def main(stack: str) -> None:
    """Upload the pages, if this stack serves them."""
    outputs, parameters = described(stack)
    if "PagesBucketName" not in outputs:
        print(f"{stack} serves no pages (ServePages=no)")
        return
    config, links = configuration(outputs, parameters), links_of(parameters)
    upload(outputs["PagesBucketName"], config, s3=boto3.client("s3"), links=links)
    boto3.client("cloudfront").create_invalidation(
        DistributionId=outputs["PagesDistributionId"],
        InvalidationBatch={"Paths": {"Quantity": 1, "Items": ["/*"]}, "CallerReference": str(time.time_ns())},
    )
    print(f"{len(files())} files of web/ are at {parameters.get('PublicUrl') or outputs['PagesUrl']}")


def target(samconfig: Path, environment: str) -> tuple[str, str]:
    """The name and the region of the stack that `sam deploy --config-env` deploys."""
    deploy = tomllib.loads(samconfig.read_text(encoding="utf-8"))[environment]["deploy"]["parameters"]
    return deploy["stack_name"], deploy["region"]


if __name__ == "__main__":
    name, home = target(Path(sys.argv[1]), sys.argv[2])
    boto3.setup_default_session(region_name=home)
    main(name)
