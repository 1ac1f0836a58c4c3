"""The store of objects: any S3, through the minio SDK. It sees sealed bytes only, and keys made of our own identifiers.

The bucket keeps every version, and locks what it is asked to: what is deleted here is deleted with all its versions, or stays until its lock
runs out (docs/decisions/0006-locked-objects.md).
"""

import logging
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, BinaryIO, Protocol, cast
from urllib.parse import urlsplit

import urllib3
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from minio import Minio
from minio.commonconfig import COMPLIANCE, GOVERNANCE
from minio.deleteobjects import DeleteObject
from minio.error import InvalidResponseError, S3Error, ServerError
from minio.objectlockconfig import ObjectLockConfig
from minio.retention import Retention
from minio.versioningconfig import ENABLED, VersioningConfig

from backend.errors import NotFound, Text, Unavailable

log = logging.getLogger(__name__)
PART_BYTES = 5 * 1024 * 1024
CHUNK_BYTES = 1024 * 1024
LOCKS = {"governance": GOVERNANCE, "compliance": COMPLIANCE, "none": None}  # settings.S3_OBJECT_LOCK
_ABSENT = {"NoSuchKey", "NoSuchBucket", "NoSuchVersion"}
_LOCKED = "AccessDenied"
_OURS_ALREADY = {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}


class Readable(Protocol):
    """What `put` needs of a stream."""

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes; fewer only at the end."""


def put(key: str, stream: Readable, size: int = -1) -> None:
    """Store a stream under `key`, in parts where `size` is unknown (-1). A stream that raises leaves nothing behind.

    Raises Unavailable: the store does not answer in time, is cut off, or has no room left.
    """
    with _answering(
        _("Files cannot be taken in at the moment. What is there can still be read. Nothing is lost: try again in a few minutes.")
    ):
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


def lock(key: str, until: datetime) -> None:
    """Let nobody remove the object before `until`, whatever they do through S3; a longer lock stays. Nothing where the store has no locks."""
    mode = LOCKS[settings.S3_OBJECT_LOCK]
    if mode is None:
        return
    with _answering():
        try:
            _client().set_object_retention(settings.S3_BUCKET, key, Retention(mode, until))
        except S3Error as fault:
            if fault.code != _LOCKED or _locked_until(key) < until:
                raise


def delete(keys: Iterable[str]) -> set[str]:
    """Remove objects with all their versions; one that is not there is removed already. Returns the keys of those that a lock holds back."""
    return _delete(item for key in keys for item in _versions_of(key))


def delete_under(prefix: str) -> set[str]:
    """The same for everything under a prefix."""
    return _delete(_versions(prefix))


def uncover(key: str) -> bool:
    """Take away the marks of deletion that somebody else put upon an object. Returns whether it is there."""
    found = _versions_of(key)
    marks = [item for item in found if item.is_delete_marker]
    if marks and len(marks) < len(found):
        log.warning("%s had been deleted, and is brought back", key)
        _delete(marks)
    return len(marks) < len(found)


def walk(prefix: str, after: str = "") -> Iterator[tuple[str, datetime]]:
    """Every object under a prefix, in the order of the keys, after one of them; with the moment it was stored."""
    with _answering():
        for item in _client().list_objects(settings.S3_BUCKET, prefix=prefix, recursive=True, start_after=after or None):
            yield item.object_name, item.last_modified


def answers() -> bool:
    """Whether the store can be reached now (health page)."""
    try:
        with _answering():
            return bool(_client().bucket_exists(settings.S3_BUCKET))
    except Unavailable:
        return False


def _locked_until(key: str) -> datetime:
    held = _client().get_object_retention(settings.S3_BUCKET, key)
    return (held and held.retain_until_date) or datetime.min.replace(tzinfo=UTC)


def _versions(prefix: str) -> Iterator[Any]:
    with _answering():
        yield from _client().list_objects(settings.S3_BUCKET, prefix=prefix, recursive=True, include_version=True)


def _versions_of(key: str) -> list[Any]:
    return [item for item in _versions(key) if item.object_name == key]


def _delete(versions: Iterable[Any]) -> set[str]:
    locked = set()
    with _answering():
        marked = (DeleteObject(item.object_name, item.version_id) for item in versions)
        for fault in _client().remove_objects(settings.S3_BUCKET, marked):
            if fault.code != _LOCKED:
                raise Unavailable from RuntimeError(f"{fault.code}: {fault.message}")
            locked.add(str(fault.name))
    return locked


@contextmanager
def _answering(else_said: Text = "") -> Iterator[None]:
    """Turn the store's faults into errors of the domain, in the words given where there are any."""
    try:
        yield
    except S3Error as fault:
        if fault.code in _ABSENT:
            raise NotFound from fault
        raise Unavailable(else_said) from fault
    except (ServerError, InvalidResponseError, urllib3.exceptions.HTTPError) as fault:
        raise Unavailable(else_said) from fault


def _client() -> Minio:
    return _connected(settings.S3_ENDPOINT, settings.S3_BUCKET, settings.S3_SECONDS, os.getpid())


@lru_cache(maxsize=4)
def _connected(endpoint: str, bucket: str, seconds: float, process: int) -> Minio:
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
            timeout=urllib3.Timeout(connect=3, read=seconds),
            retries=urllib3.Retry(total=2, backoff_factor=0.2, status_forcelist=[500, 502, 503, 504]),
        ),
    )
    if not client.bucket_exists(bucket):
        _make_bucket(client, bucket)
    elif settings.S3_OBJECT_LOCK != "none":
        _give_locks(client, bucket)
    return client


def _make_bucket(client: Minio, bucket: str) -> None:
    """With locks, which a bucket takes at its birth, and versions, which go with them."""
    try:
        client.make_bucket(bucket, location=settings.S3_REGION, object_lock=settings.S3_OBJECT_LOCK != "none")
    except S3Error as fault:
        if fault.code not in _OURS_ALREADY:
            raise


def _give_locks(client: Minio, bucket: str) -> None:
    """Give them to a bucket that was made without, where the store can."""
    try:
        client.get_object_lock_config(bucket)
    except S3Error:
        try:
            client.set_bucket_versioning(bucket, VersioningConfig(ENABLED))
            client.set_object_lock_config(bucket, ObjectLockConfig(None, None, None))
        except S3Error as fault:
            log.warning(
                "the bucket %s has no object lock (%s): make another one with it, or set S3_OBJECT_LOCK to none", bucket, fault.code
            )
