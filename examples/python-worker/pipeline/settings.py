"""Where the services are and how long they may take, from the environment."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class TemporalSettings:
    host: str
    port: int
    namespace: str
    task_queue: str
    max_workflow_tasks: int
    max_activities: int

    @property
    def address(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True)
class PostgresSettings:
    host: str
    port: int
    user: str
    password: str | None
    database: str
    min_pool_size: int
    max_pool_size: int


@dataclass(frozen=True)
class Neo4jSettings:
    uri: str
    user: str
    password: str
    database: str


@dataclass(frozen=True)
class QdrantSettings:
    host: str
    port: int
    api_key: str | None


@dataclass(frozen=True)
class RedisSettings:
    host: str
    port: int
    password: str | None
    database: int


@dataclass(frozen=True)
class S3Settings:
    endpoint_url: str | None
    bucket: str
    region: str


@dataclass(frozen=True)
class SagaSettings:
    """All in seconds."""

    lock_ttl: float
    lock_tries: int
    lock_wait: float
    # Between the tries of a write; one try more than there are waits.
    waits: tuple[float, ...]
    # For all tries of an undo together.
    compensation: float
    # For one call to a store.
    store_timeout: float
    # How many writes to a store are given up, one after the other, until it is left alone for so long.
    breaker_failures: int
    breaker_open: float

    def __post_init__(self) -> None:
        if self.lock_ttl < 2 * self.store_timeout:
            raise SystemExit(
                f"DTX_LOCK_TTL_SECONDS ({self.lock_ttl:g}) must be at least twice STORE_TIMEOUT_SECONDS "
                f"({self.store_timeout:g}): the lock could run out under a call"
            )


@dataclass(frozen=True)
class Settings:
    temporal: TemporalSettings
    postgres: PostgresSettings
    neo4j: Neo4jSettings
    qdrant: QdrantSettings
    redis: RedisSettings
    s3: S3Settings
    saga: SagaSettings
    embedding_model: str
    staging: Path
    ready_file: Path | None
    shutdown_seconds: float = field(default=30.0)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Variables that are not set have the values of a local stack. An empty one counts as not set: an empty
        password is none, and is not sent."""
        read = _Reader(environment)
        return cls(
            temporal=TemporalSettings(
                host=read.text("TEMPORAL_HOST", "localhost"),
                port=read.number("TEMPORAL_PORT", 7233),
                namespace=read.text("TEMPORAL_NAMESPACE", "default"),
                task_queue=read.text("TEMPORAL_TASK_QUEUE", "apex-ingestion-queue"),
                max_workflow_tasks=read.number("TEMPORAL_MAX_WORKFLOW_TASKS", 100),
                max_activities=read.number("TEMPORAL_MAX_ACTIVITIES", 50),
            ),
            postgres=PostgresSettings(
                host=read.text("POSTGRES_HOST", "localhost"),
                port=read.number("POSTGRES_PORT", 5432),
                user=read.text("POSTGRES_USER", "app"),
                password=read.optional("POSTGRES_PASSWORD"),
                database=read.text("POSTGRES_DB", "app"),
                min_pool_size=read.number("POSTGRES_MIN_POOL_SIZE", 2),
                max_pool_size=read.number("POSTGRES_MAX_POOL_SIZE", 20),
            ),
            neo4j=Neo4jSettings(
                uri=read.text("NEO4J_URI", "bolt://localhost:7687"),
                user=read.text("NEO4J_USER", "neo4j"),
                password=read.text("NEO4J_PASSWORD", ""),
                database=read.text("NEO4J_DATABASE", "neo4j"),
            ),
            qdrant=QdrantSettings(
                host=read.text("QDRANT_HOST", "localhost"),
                port=read.number("QDRANT_PORT", 6333),
                api_key=read.optional("QDRANT_API_KEY"),
            ),
            redis=RedisSettings(
                host=read.text("REDIS_HOST", "localhost"),
                port=read.number("REDIS_PORT", 6379),
                password=read.optional("REDIS_PASSWORD"),
                database=read.number("REDIS_DB", 0),
            ),
            s3=S3Settings(
                endpoint_url=read.optional("S3_ENDPOINT_URL"),
                bucket=read.text("APEX_DOCUMENTS_BUCKET", "apex-documents"),
                region=read.text("AWS_DEFAULT_REGION", "us-east-1"),
            ),
            saga=SagaSettings(
                lock_ttl=read.seconds("DTX_LOCK_TTL_SECONDS", 30),
                lock_tries=read.number("DTX_LOCK_TRIES", 50),
                lock_wait=read.seconds("DTX_LOCK_WAIT_SECONDS", 0.1),
                waits=tuple(float(wait) for wait in read.text("SAGA_WAITS_SECONDS", "1,2,4").split(",")),
                compensation=read.seconds("SAGA_COMPENSATION_SECONDS", 90),
                store_timeout=read.seconds("STORE_TIMEOUT_SECONDS", 10),
                breaker_failures=read.number("BREAKER_FAILURES", 5),
                breaker_open=read.seconds("BREAKER_OPEN_SECONDS", 60),
            ),
            embedding_model=read.text("EMBEDDING_MODEL", "text-embedding-3-small"),
            staging=Path(read.text("STAGING_BASE_DIR", tempfile.gettempdir())),
            ready_file=Path(path) if (path := read.optional("WORKER_READY_FILE")) else None,
            shutdown_seconds=read.seconds("WORKER_SHUTDOWN_SECONDS", 30),
        )


class _Reader:
    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def optional(self, name: str) -> str | None:
        return self._environment.get(name) or None

    def text(self, name: str, default: str) -> str:
        return self.optional(name) or default

    def number(self, name: str, default: int) -> int:
        return int(self._parsed(name, default, int, "a whole number"))

    def seconds(self, name: str, default: float) -> float:
        return self._parsed(name, default, float, "a number of seconds")

    def _parsed(self, name: str, default: float, parse: type[int] | type[float], wanted: str) -> float:
        text = self.optional(name)
        if text is None:
            return default
        try:
            return parse(text)
        except ValueError:
            raise SystemExit(f"{name} is '{text}', which is not {wanted}") from None
