"""The environment of a pipeline on faultline's native stack: `eval "$(python native_stack.py)"`.

Asks `faultline stack status --format json` for the addresses. The program is FAULTLINE_BINARY, or the one of this
repository's build; the password of the stand-in for Neo4j lies in the stack's folder (FAULTLINE_HOME, or `.faultline`
of the repository)."""

import json
import os
import shlex
import subprocess
from pathlib import Path

_PROJECT = Path(__file__).resolve().parents[2]


def program() -> str:
    return os.path.abspath(os.environ.get("FAULTLINE_BINARY", _PROJECT / ".build/release/faultline"))


def environment() -> dict[str, str]:
    """Variables as `pipeline.settings` reads them. Raises SystemExit where the stack is not up."""
    status = subprocess.run(
        [program(), "stack", "status", "--format", "json"], capture_output=True, text=True, check=False
    )
    try:
        services = {service["service"]: service for service in json.loads(status.stdout)["services"]}
    except (ValueError, KeyError):
        raise SystemExit(f"{program()} stack status says: {status.stderr.strip() or status.stdout.strip()}") from None
    if down := [name for name, service in services.items() if service["state"] != "healthy"] or not services:
        raise SystemExit(f"the native stack is not up ({down}); run: {program()} stack up")
    host = {name: service["address"].rpartition(":")[0] for name, service in services.items()}
    port = {name: service["address"].rpartition(":")[2] for name, service in services.items()}
    secrets = Path(os.environ.get("FAULTLINE_HOME", _PROJECT / ".faultline")) / "stack/secrets"
    return {
        "POSTGRES_HOST": host["postgres"],
        "POSTGRES_PORT": port["postgres"],
        "POSTGRES_USER": "app",
        "POSTGRES_DB": "app",
        "NEO4J_URI": f"bolt://{services['neo4j']['address']}",
        "NEO4J_USER": "root",
        "NEO4J_PASSWORD": (secrets / "neo4j").read_text().strip(),
        "QDRANT_HOST": host["qdrant"],
        "QDRANT_PORT": port["qdrant"],
        "REDIS_HOST": host["redis"],
        "REDIS_PORT": port["redis"],
        "S3_ENDPOINT_URL": f"http://{services['s3']['address']}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "OPENAI_BASE_URL": f"http://{services['openai']['address']}/v1",
        "OPENAI_API_KEY": "test",
        "TEMPORAL_HOST": host["temporal"],
        "TEMPORAL_PORT": port["temporal"],
    }


if __name__ == "__main__":
    for name, value in environment().items():
        print(f"export {name}={shlex.quote(value)}")
