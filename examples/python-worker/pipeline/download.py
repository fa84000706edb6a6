"""Objects of S3 to files on this worker's disk."""

import hashlib
import logging
import os
import re
import tempfile
import time
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from pipeline import defects
from pipeline.errors import DocumentNotFoundError
from pipeline.identity import document_uuid
from pipeline.model import StagedFile
from pipeline.settings import Settings
from pipeline.suffix import suffix_of

logger = logging.getLogger(__name__)
# No activity takes as long.
_STALE_SECONDS = 3600
_ABSENT = {"NoSuchKey", "NoSuchBucket", "404"}


class TruncatedDownloadError(Exception):
    """The object came back other than it was stored."""


def s3_client(settings: Settings) -> Any:
    """One try a call: Temporal retries the activity."""
    config = Config(
        connect_timeout=5,
        read_timeout=20,
        retries={"total_max_attempts": 1, "mode": "standard"},
        s3={"addressing_style": "path"},
        max_pool_connections=settings.temporal.max_activities,
        ignore_configured_endpoint_urls=defects.is_on("endpoint-ignored"),
    )
    endpoint = None if defects.is_on("endpoint-ignored") else settings.s3.endpoint_url
    return boto3.client("s3", endpoint_url=endpoint, region_name=settings.s3.region, config=config)


def object_key(document_id: str, prefix: str | None) -> str:
    return f"{prefix.rstrip('/')}/{document_id}" if prefix else document_id


class Downloader:
    def __init__(self, settings: Settings) -> None:
        self._bucket = settings.s3.bucket
        self._folder = settings.staging
        self._client = s3_client(settings)

    def download(self, document_id: str, source: str, bucket: str | None, prefix: str | None) -> StagedFile:
        """The file has a name of its document's own, so that a repeated download replaces it, and is there whole or
        not."""
        content, content_type = self._fetch(bucket or self._bucket, object_key(document_id, prefix))
        suffix = suffix_of(content_type, document_id, content)
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"apex-{document_uuid(source, document_id)}{suffix}"
        handle, draft = tempfile.mkstemp(dir=self._folder, prefix="apex-draft-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            os.replace(draft, path)
        except BaseException:
            Path(draft).unlink(missing_ok=True)
            raise
        return StagedFile(str(path), document_id, source, bucket, prefix)

    def discard(self, document_id: str, source: str) -> None:
        """Deletes what was downloaded of a document."""
        for path in self._folder.glob(f"apex-{document_uuid(source, document_id)}*"):
            discard(path)

    def sweep(self) -> None:
        """Deletes what workers that died have left here."""
        for path in self._folder.glob("apex-*"):
            if time.time() - path.stat().st_mtime > _STALE_SECONDS:
                discard(path)

    def _fetch(self, bucket: str, key: str) -> tuple[bytes, str | None]:
        try:
            answer = self._client.get_object(Bucket=bucket, Key=key)
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in _ABSENT:
                raise DocumentNotFoundError(f"there is no s3://{bucket}/{key}") from error
            raise
        content: bytes = answer["Body"].read()
        length, etag = answer.get("ContentLength"), str(answer.get("ETag", "")).strip('"')
        if length is not None and len(content) != length:
            raise TruncatedDownloadError(f"s3://{bucket}/{key} has {length} bytes, and {len(content)} came")
        # Of an object that was uploaded in one piece it is the MD5.
        if re.fullmatch("[0-9a-f]{32}", etag) and hashlib.md5(content, usedforsecurity=False).hexdigest() != etag:
            raise TruncatedDownloadError(f"s3://{bucket}/{key} came with content that is not that of its ETag")
        return content, answer.get("ContentType")


def discard(path: Path) -> None:
    if defects.is_on("temporary-file-kept"):
        return
    path.unlink(missing_ok=True)
