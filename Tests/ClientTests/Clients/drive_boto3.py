"""boto3 as a helper: every operation has a client of its own, with the retries that it is told to have."""

from lines import serve  # isort: first

import contextlib
import hashlib

import boto3
import botocore.config
import botocore.exceptions

BUCKET = "client-cells"
BODY = b"what is stored, " * 256
# The least size of a part that is not the last.
PART = 5 * 1024 * 1024
session = boto3.session.Session("test", "test", region_name="us-east-1")


def connected(address, attempts):
    config = botocore.config.Config(
        retries={"mode": "standard", "total_max_attempts": attempts}, connect_timeout=2, read_timeout=1,
        s3={"addressing_style": "path"},
    )
    return contextlib.closing(session.client("s3", endpoint_url=f"http://{address}", config=config))


def put(s3, token):
    s3.put_object(Bucket=BUCKET, Key=token, Body=BODY, ContentType="text/plain")
    return "put"


def get(s3, token):
    answer = s3.get_object(Bucket=BUCKET, Key="standing")
    body = answer["Body"].read()
    return ["whole" if body == BODY else f"{len(body)} bytes", answer.get("ContentType")]


def get_range(s3, token):
    answer = s3.get_object(Bucket=BUCKET, Key="standing", Range="bytes=16-31")
    return [answer["Body"].read().decode(), answer["ContentRange"]]


def head(s3, token):
    return s3.head_object(Bucket=BUCKET, Key="standing")["ContentLength"]


def listing(s3, token):
    answer = s3.list_objects_v2(Bucket=BUCKET, Prefix="standing")
    return [entry["Key"] for entry in answer.get("Contents", [])]


def delete(s3, token):
    """Of an object that has been put past the link."""
    s3.delete_object(Bucket=BUCKET, Key=token)
    return "deleted"


def multipart(s3, token):
    upload = s3.create_multipart_upload(Bucket=BUCKET, Key=token)["UploadId"]
    parts = []
    for number, body in enumerate([b"a" * PART, b"b" * 100], 1):
        answer = s3.upload_part(Bucket=BUCKET, Key=token, UploadId=upload, PartNumber=number, Body=body)
        parts.append({"PartNumber": number, "ETag": answer["ETag"]})
    s3.complete_multipart_upload(
        Bucket=BUCKET, Key=token, UploadId=upload, MultipartUpload={"Parts": parts})
    return "completed"


def work(s3, token):
    """Everything at once, for a comparison with a client that goes round the link."""
    seen = [step(s3, token) for step in (put, get, get_range, head, listing, multipart)]
    seen.append(hashlib.sha256(s3.get_object(Bucket=BUCKET, Key=token)["Body"].read()).hexdigest())
    seen.append(delete(s3, token))
    try:
        s3.get_object(Bucket=BUCKET, Key=token)
    except s3.exceptions.NoSuchKey as error:
        seen.append(error.response["Error"]["Code"])
    return seen


def prepare(s3, token):
    try:
        s3.create_bucket(Bucket=BUCKET)
    except (s3.exceptions.BucketAlreadyOwnedByYou, s3.exceptions.BucketAlreadyExists):
        pass
    s3.put_object(Bucket=BUCKET, Key="standing", Body=BODY, ContentType="text/plain")


def with_client(operation):
    def perform(address, token="", attempts=3):
        with connected(address, attempts) as s3:
            return operation(s3, token)

    return perform


def code(error):
    if isinstance(error, botocore.exceptions.ClientError):
        return error.response["Error"]["Code"]
    return ""


operations = {
    "prepare": prepare, "put": put, "get": get, "range": get_range, "head": head, "list": listing, "delete": delete,
    "multipart": multipart, "work": work,
}
serve({name: with_client(operation) for name, operation in operations.items()}, code, "boto3")
