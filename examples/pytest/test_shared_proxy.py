"""Tests that break what they send themselves, on a proxy that others use at the same time. Each sends the same without its mark as
well, as another test would: nothing of that is struck."""

import os
import socket
import uuid

import boto3
import botocore.exceptions
import psycopg
import pytest
import redis
from botocore.config import Config


def redis_at(faultline):
    """A client that does not try again."""
    host, port = faultline.address("redis")
    return redis.Redis(host, port, socket_timeout=5, retry=None, retry_on_error=[])


def postgres_at(faultline, link="postgres"):
    host, port = faultline.address(link)
    return psycopg.connect(
        host=host, port=port, user=os.environ["POSTGRES_USER"], dbname=os.environ["POSTGRES_DB"], sslmode="disable"
    )


def s3_at(faultline, headers=None):
    host, port = faultline.address("s3")
    client = boto3.client(
        "s3", endpoint_url=f"http://{host}:{port}", config=Config(retries={"total_max_attempts": 1})
    )

    def add(request, **_):
        for name, value in (headers or {}).items():
            request.headers[name] = value

    # Before it is signed: S3 looks at the headers that it was told of.
    client.meta.events.register("before-sign.s3.*", add)
    return client


def test_a_key_is_mine(faultline):
    faultline.mark(key=f"{faultline.name}:*")
    fault = faultline.inject("redis", "redis-error", prefix="OOM", when={"operation": "SET"})
    client = redis_at(faultline)
    with pytest.raises(redis.exceptions.OutOfMemoryError):
        client.set(f"{faultline.name}:a", 1)
    other = f"other:{uuid.uuid4().hex}"
    assert client.set(other, 1)
    client.delete(other)
    assert (fault.struck, fault.matched) == (1, 1)


def test_a_header_is_mine(faultline):
    fault = faultline.inject("s3", "status", code=503, when={"operation": "ListBuckets"})
    with pytest.raises(botocore.exceptions.ClientError) as refusal:
        s3_at(faultline, faultline.headers).list_buckets()
    assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == 503
    assert s3_at(faultline).list_buckets()["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert fault.struck == 1


def test_a_document_is_mine(faultline):
    """The COMMIT whose answer is lost is that of the transaction that was given the document's id."""
    document = faultline.name
    faultline.mark(document=document)
    faultline.inject("postgres", "lose-response", when={"operation": "COMMIT"})
    for name, is_lost in ((f"other-{uuid.uuid4().hex}", False), (document, True)):
        connection = postgres_at(faultline)
        connection.execute("SELECT %s::text", (name,))
        if is_lost:
            with pytest.raises(psycopg.OperationalError):
                connection.commit()
        else:
            connection.commit()


def test_a_connection_is_mine(faultline):
    mine, other = postgres_at(faultline, "bytes"), postgres_at(faultline, "bytes")
    with socket.socket(fileno=os.dup(mine.fileno())) as same:
        faultline.mark(source_port=same.getsockname()[1])
    fault = faultline.inject("bytes", "reset")
    with pytest.raises(psycopg.OperationalError):
        mine.execute("SELECT 1")
    assert other.execute("SELECT 1").fetchone() == (1,)
    assert fault.struck == 1


def test_counting_is_mine(faultline):
    """The second GET of this test is struck, however many others there are."""
    faultline.mark(key=f"{faultline.name}*")
    faultline.inject("redis", "reset", when={"operation": "GET", "nth": 2})
    client, others = redis_at(faultline), redis_at(faultline)
    assert client.get(faultline.name) is None
    for _ in range(5):
        assert others.get("other") is None
    with pytest.raises(redis.exceptions.ConnectionError):
        client.get(faultline.name)

