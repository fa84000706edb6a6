"""Logs as JSON lines on standard error."""

import json
import logging
import sys
from datetime import UTC, datetime

# What a record has anyway; all else was given with `extra`.
_OWN = set(vars(logging.makeLogRecord({}))) | {"message", "taskName", "asctime"}


class JSONLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        entry |= {name: value for name, value in vars(record).items() if name not in _OWN}
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry, default=str)


def set_up(level: int = logging.INFO) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JSONLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # They tell of each request, and of every retry, which the saga tells of itself.
    for noisy in ("httpx", "httpx2", "neo4j", "psycopg.pool", "botocore", "pypdf"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
