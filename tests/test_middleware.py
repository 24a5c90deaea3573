"""Before any view: bodies that are too large, answers nobody may keep, errors that tell nothing."""

import logging

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from config.logging import QuietFormatter
from tests.made import World


@pytest.mark.parametrize(
    ("address", "size", "status"),
    [
        ("/admin/login/", 300 * 1024**2, 413),
        ("/api/token", 6 * 1024**2, 413),
        ("/api/imaging/3d/import", 100 * 1024**2, 401),
        ("/api/imaging/3d/import", 3000 * 1024**2, 413),
    ],
)
def test_a_body_is_refused_before_it_is_read(db: None, client: Client, address: str, size: int, status: int) -> None:
    answer = client.post(address, b"", content_type="application/octet-stream", CONTENT_LENGTH=str(size))
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"


def test_answers_of_the_api_are_kept_by_nobody(world: World, browse) -> None:
    assert browse(world.owner).get("/api/imaging/3d/cases")["Cache-Control"] == "private, no-store"


def test_an_unknown_address_of_the_api_is_a_problem(db: None, client: Client) -> None:
    answer = client.get("/api/imaging/3d/nowhere")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_refusal_is_json_whatever_was_asked_for(db: None, client: Client) -> None:
    assert client.get("/api/schema").json()["code"] == "not_authenticated"


def test_a_logged_error_says_where_and_not_what() -> None:
    logger = logging.getLogger("scans.test")
    try:
        raise ValueError("Key (chart_number)=(CHART4711)")
    except ValueError as error:
        record = logger.makeRecord("scans.test", logging.ERROR, __file__, 1, "it failed", (), (ValueError, error, None))
    text = QuietFormatter("{message}", style="{").format(record)
    assert "it failed" in text
    assert "ValueError" in text
    assert "4711" not in text


def test_an_upload_leaves_no_name_on_the_disk(world: World, api, tmp_path, settings) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    upload = SimpleUploadedFile("scan." + "é" * 200 + ".Quackenbush", b"x")
    answer = api(world.owner).post("/api/imaging/3d/import", {"files": [upload]}, format="multipart")
    assert answer.status_code == 422
    assert not [path for path in tmp_path.rglob("*") if "Quack" in path.name]
