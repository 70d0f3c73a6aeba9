"""The usual way: Powertools' Logger, Tracer, Metrics and resolver, pydantic's validation and a boto3 resource."""

from __future__ import annotations

import os
from typing import Any

import boto3
from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.metrics import MetricUnit
from pydantic import BaseModel

logger = Logger()
tracer = Tracer()
metrics = Metrics()
app = APIGatewayHttpResolver(enable_validation=True)
table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])


class Credentials(BaseModel):
    """What the person typed."""

    identifier: str
    password: str
    client_id: str | None = None


class Started(BaseModel):
    """What the page gets."""

    known: bool


@app.post("/v1/logins")
@tracer.capture_method
def start(credentials: Credentials) -> Started:
    """Look the person up."""
    found = table.get_item(Key={"pk": f"NUMBER#{credentials.identifier}", "sk": "LOOKUP"})
    metrics.add_metric(name="Logins", unit=MetricUnit.Count, value=1)
    return Started(known="Item" in found)


@logger.inject_lambda_context
@tracer.capture_lambda_handler
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Resolve the request."""
    return app.resolve(event, context)
