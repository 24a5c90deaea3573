"""Settings from the environment: typed, from files too, and never a secret in an error."""

from pathlib import Path

import pytest

from config import env


def test_a_value_may_lie_in_a_file(monkeypatch, tmp_path: Path) -> None:
    (tmp_path / "value").write_text("from the file\n")
    monkeypatch.setenv("ARCHWAY_X_FILE", str(tmp_path / "value"))
    assert env.text("ARCHWAY_X") == "from the file"


@pytest.mark.parametrize(("read", "text"), [(env.number, "s3cret"), (env.flag, "s3cret")])
def test_a_bad_value_is_named_but_not_shown(monkeypatch, read, text) -> None:
    monkeypatch.setenv("ARCHWAY_X", text)
    with pytest.raises(env.BadSetting, match="ARCHWAY_X") as error:
        read("ARCHWAY_X", 1)
    assert text not in str(error.value)


def test_a_local_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    place = tmp_path / "keys" / "secret"
    first = env.secret("ARCHWAY_X", place, lambda: "made")
    assert (first, env.secret("ARCHWAY_X", place, lambda: "made again")) == ("made", "made")
    assert place.stat().st_mode & 0o077 == 0
    assert place.parent.stat().st_mode & 0o077 == 0


def test_without_a_local_folder_no_key_is_made(tmp_path: Path) -> None:
    assert env.secret("ARCHWAY_X", tmp_path / "secret", None) == ""
    assert not (tmp_path / "secret").exists()


def test_the_environment_comes_first(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ARCHWAY_X", "given")
    assert env.secret("ARCHWAY_X", tmp_path / "secret", lambda: "made") == "given"


def test_words_and_paths(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ARCHWAY_X", f" a , b,,{tmp_path} ")
    assert env.words("ARCHWAY_X") == ["a", "b", str(tmp_path)]
    assert env.path("ARCHWAY_Y", tmp_path) == tmp_path
