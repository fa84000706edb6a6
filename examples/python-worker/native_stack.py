"""The environment of a pipeline on faultline's native stack: `eval "$(python native_stack.py)"`. With `--links` it is
that of a worker behind the links of a run, which are open while there is one.

Asks `faultline stack status --format json` for the addresses. The program is FAULTLINE_BINARY, or the one of this
repository's build; the password of the stand-in for Neo4j lies in the stack's folder (FAULTLINE_HOME, or `.faultline`
of the repository)."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

_PROJECT = Path(__file__).resolve().parents[2]


def environment() -> dict[str, str]:
    """Variables as `pipeline.settings` reads them. Raises SystemExit where the stack is not up."""
    program = os.environ.get("FAULTLINE_BINARY", str(_PROJECT / ".build/release/faultline"))
    status = subprocess.run(
        [program, "stack", "status", "--format", "json"], capture_output=True, text=True, check=False
    )
    try:
        services = {service["service"]: service for service in json.loads(status.stdout)["services"]}
    except (ValueError, KeyError):
        raise SystemExit(f"{program} stack status says: {status.stderr.strip() or status.stdout.strip()}") from None
    if down := [name for name, service in services.items() if service["state"] != "healthy"] or not services:
        raise SystemExit(f"the native stack is not up ({down}); run: {program} stack up")
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


# Where faultline.yaml has the links listen, for a worker that is started by hand.
LINKS = {
    "S3_ENDPOINT_URL": "http://127.0.0.1:17401",
    "OPENAI_BASE_URL": "http://127.0.0.1:17402/v1",
    "POSTGRES_PORT": "17403",
    "NEO4J_URI": "bolt://127.0.0.1:17404",
    "QDRANT_PORT": "17405",
    "REDIS_PORT": "17406",
    "TEMPORAL_PORT": "17407",
}


if __name__ == "__main__":
    for name, value in {**environment(), **(LINKS if "--links" in sys.argv[1:] else {})}.items():
        print(f"export {name}={shlex.quote(value)}")
