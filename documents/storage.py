"""The store of objects: any S3, through the minio SDK. It sees sealed bytes only, and keys made of our own identifiers."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any, BinaryIO, Protocol, cast
from urllib.parse import urlsplit

import urllib3
from django.conf import settings
from minio import Minio
from minio.deleteobjects import DeleteObject
from minio.error import InvalidResponseError, S3Error, ServerError

from backend.errors import NotFound, Unavailable

PART_BYTES = 5 * 1024 * 1024
CHUNK_BYTES = 1024 * 1024
_ABSENT = {"NoSuchKey", "NoSuchBucket", "NoSuchVersion"}
_OURS_ALREADY = {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}


class Readable(Protocol):
    """What `put` needs of a stream."""

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes; fewer only at the end."""


def put(key: str, stream: Readable, size: int = -1) -> None:
    """Store a stream under `key`, in parts where `size` is unknown (-1). A stream that raises leaves nothing behind."""
    with _answering():
        _client().put_object(settings.S3_BUCKET, key, cast(BinaryIO, stream), size, part_size=PART_BYTES, num_parallel_uploads=2)


def get(key: str, offset: int = 0, length: int = 0) -> Iterator[bytes]:
    """The bytes of an object from `offset` (`length` of them; 0: to its end), in chunks. Raises NotFound, Unavailable."""
    with _answering():
        response: Any = _client().get_object(settings.S3_BUCKET, key, offset=offset, length=length)
        try:
            yield from response.stream(CHUNK_BYTES)
        finally:
            response.close()
            response.release_conn()


def delete(keys: Iterable[str]) -> None:
    """Remove objects; one that is not there is removed already."""
    with _answering():
        for fault in _client().remove_objects(settings.S3_BUCKET, map(DeleteObject, keys)):
            raise Unavailable from RuntimeError(f"{fault.code}: {fault.message}")


def walk(prefix: str) -> Iterator[tuple[str, datetime]]:
    """Every object under a prefix, with the moment it was stored."""
    with _answering():
        for item in _client().list_objects(settings.S3_BUCKET, prefix=prefix, recursive=True):
            yield item.object_name, item.last_modified


def answers() -> bool:
    """Whether the store can be reached now (health page)."""
    try:
        with _answering():
            return bool(_client().bucket_exists(settings.S3_BUCKET))
    except Unavailable:
        return False


@contextmanager
def _answering() -> Iterator[None]:
    """Turn the store's faults into errors of the domain."""
    try:
        yield
    except S3Error as fault:
        if fault.code in _ABSENT:
            raise NotFound from fault
        raise Unavailable from fault
    except (ServerError, InvalidResponseError, urllib3.exceptions.HTTPError) as fault:
        raise Unavailable from fault


def _client() -> Minio:
    return _connected(settings.S3_ENDPOINT, settings.S3_BUCKET, os.getpid())


@lru_cache(maxsize=4)
def _connected(endpoint: str, bucket: str, process: int) -> Minio:
    """One pool of connections per process (sockets must not be shared across a fork); the bucket is made on first use."""
    address = urlsplit(endpoint)
    client = Minio(
        address.netloc,
        access_key=settings.S3_ACCESS_KEY,
        secret_key=settings.S3_SECRET_KEY,
        secure=address.scheme == "https",
        region=settings.S3_REGION,
        http_client=urllib3.PoolManager(
            maxsize=16,
            timeout=urllib3.Timeout(connect=3, read=30),
            retries=urllib3.Retry(total=2, backoff_factor=0.2, status_forcelist=[500, 502, 503, 504]),
        ),
    )
    if not client.bucket_exists(bucket):
        _make_bucket(client, bucket)
    return client


def _make_bucket(client: Minio, bucket: str) -> None:
    try:
        client.make_bucket(bucket, location=settings.S3_REGION)
    except S3Error as fault:
        if fault.code not in _OURS_ALREADY:
            raise
