"""Originals: stored whole or not at all, once, under their content; the same on a disk and in a bucket."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from scans.api.ranges import serve
from scans.storage import ContentStore, originals

CONTENT = bytes(range(256)) * 9000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(scope="module")
def bucket() -> Iterator[dict[str, object]]:
    """Options of a real HTTP S3 on loopback."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    options = {
        "endpoint_url": f"http://{host}:{port}", "region_name": "us-east-1",
        "access_key": "made-up", "secret_key": "made-up",
    }  # fmt: skip
    client = boto3.client(
        "s3",
        endpoint_url=options["endpoint_url"],
        region_name="us-east-1",
        aws_access_key_id="made-up",
        aws_secret_access_key="made-up",
    )
    client.create_bucket(Bucket="archway")
    client.close()
    yield {**options, "bucket_name": "archway", "file_overwrite": False, "default_acl": None, "location": "originals"}
    server.stop()


@pytest.fixture(params=["disk", "bucket"])
def store(request: pytest.FixtureRequest, settings, tmp_path: Path) -> ContentStore:
    on_disk = {"BACKEND": "scans.storage.DurableFileSystemStorage", "OPTIONS": {"location": tmp_path / "originals"}}
    place = on_disk
    if request.param == "bucket":
        place = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": request.getfixturevalue("bucket")}
    settings.STORAGES = {**settings.STORAGES, "originals": place}
    return originals


def test_bytes_come_back_as_they_were(store: ContentStore) -> None:
    stored = store.put([CONTENT[:1000], CONTENT[1000:]])
    assert (stored.sha256, stored.size) == (SHA256, len(CONTENT))
    with store.open(SHA256) as back:
        assert back.read() == CONTENT


def test_the_same_content_is_stored_once_and_never_overwritten(store: ContentStore) -> None:
    store.put([CONTENT])
    assert store.put([CONTENT]).sha256 == SHA256
    with store.local_path(SHA256) as place:
        assert place.read_bytes() == CONTENT


def test_a_worker_gets_a_file_on_its_own_disk(store: ContentStore) -> None:
    store.put([CONTENT])
    with store.local_path(SHA256) as place:
        assert place.is_file()
        assert hashlib.sha256(place.read_bytes()).hexdigest() == SHA256


def test_a_range_is_served_from_either(store: ContentStore) -> None:
    store.put([CONTENT])
    answer = serve(store, SHA256, len(CONTENT), file_name="x.stl", range_header="bytes=1000-1999")
    assert b"".join(answer) == CONTENT[1000:2000]


def test_it_can_say_whether_it_can_be_written(store: ContentStore) -> None:
    assert store.is_writable()


def test_a_bucket_that_is_not_there_is_not_writable(settings, bucket) -> None:
    options = {**bucket, "bucket_name": "nowhere"}
    settings.STORAGES = {
        **settings.STORAGES, "originals": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
    }  # fmt: skip
    assert not originals.is_writable()


def test_nothing_half_written_is_ever_found(settings, tmp_path: Path) -> None:
    """The sender breaks off in the middle: neither the file nor a part of it is there."""
    settings.STORAGES = {
        **settings.STORAGES,
        "originals": {"BACKEND": "scans.storage.DurableFileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }

    def broken() -> Iterator[bytes]:
        yield CONTENT
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        originals.put(broken())
    assert not originals.exists(SHA256)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
