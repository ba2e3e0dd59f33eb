"""The set-up's own decisions, without a network."""

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from deploy import env_example
from deploy.local import browser, engines, fetch, postgres, setup
from deploy.local.messages import Problem
from deploy.local.test import pytest_arguments


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_the_fingerprint_changes_with_the_requirements(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("requirements.txt", "requirements-dev.txt", "constraints.txt"):
        (tmp_path / name).write_text("a==1\n")
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    before = setup.fingerprint("requirements-dev.txt")
    assert setup.fingerprint("requirements-dev.txt") == before
    (tmp_path / "requirements.txt").write_text("a==2\n")
    assert setup.fingerprint("requirements-dev.txt") != before


def test_a_full_disk_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: Usage(10**12, 10**12 - 10**8, 10**8))
    with pytest.raises(Problem, match=r"Only 0\.1 GB are free .* 1\.5 GB are needed"):
        setup.require_disk(tmp_path, setup.NEEDED_BYTES)


def test_python_without_venv_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup.importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(Problem, match=r"apt-get install python3\.\d+-venv"):
        setup.make_environment()


def test_a_failing_tool_shows_its_output_and_what_to_do() -> None:
    with pytest.raises(Problem, match=r"(?s)no such thing.*Try again"):
        setup.run_quietly(["sh", "-c", "echo no such thing >&2; exit 3"], advice="Try again.")


def test_a_download_that_is_another_file_is_not_used(tmp_path: Path) -> None:
    archive = tmp_path / "x.tgz"
    archive.write_bytes(b"not it")
    with pytest.raises(Problem, match="is not the file it should be"):
        fetch._unpack(archive, tmp_path)


def test_postgres_is_asked_for_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "_binaries", lambda: None)
    monkeypatch.setattr(postgres.os, "geteuid", lambda: 1000)
    with pytest.raises(Problem, match="apt-get install postgresql"):
        postgres.binaries()


def test_without_chromium_browser_tests_are_skipped_but_not_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser.shutil, "which", lambda _name: None)
    monkeypatch.setattr(browser.os, "geteuid", lambda: 1000)
    monkeypatch.delenv("CI", raising=False)
    assert browser.find_chromium() == ""
    monkeypatch.setenv("CI", "true")
    with pytest.raises(Problem, match="apt-get install chromium"):
        browser.find_chromium()


def test_redis_keeps_what_celery_needs_and_bounds_the_cache(tmp_path: Path) -> None:
    broker = " ".join(engines.redis_broker(port=1, folder=tmp_path).command)
    cache = " ".join(engines.redis_cache(port=2, folder=tmp_path).command)
    assert "--appendonly yes --appendfsync always --maxmemory-policy noeviction" in broker
    assert "--appendonly no" in cache
    assert "--maxmemory-policy allkeys-lfu" in cache
    assert "--bind 127.0.0.1" in broker
    assert "--bind 127.0.0.1" in cache


def test_pytest_gets_what_is_not_ours() -> None:
    assert pytest_arguments(["graph", "-k", "graph"]) == ["tests/graph", "-k", "graph"]
    assert pytest_arguments(["tests/graph"]) == ["tests/graph"]
    assert pytest_arguments(["-x", "nowhere"]) == ["-x", "nowhere"]


def test_the_example_names_every_setting() -> None:
    assert env_example.EXAMPLE.read_text() == env_example.example()
