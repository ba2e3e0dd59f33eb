"""The sums of several processes behind one port."""

import subprocess
import sys
from pathlib import Path

from deploy.local.paths import ROOT

COUNT = "from config.metrics import HTTP_REQUESTS; HTTP_REQUESTS.labels('GET', 'home', 200).inc(3)"
READ = "from config.metrics import written; print(written()[0].decode())"


def run(code: str, folder: Path) -> str:
    """One process that counts into `folder`."""
    environment = {"PROMETHEUS_MULTIPROC_DIR": str(folder), "PYTHONPATH": str(ROOT)}
    environment |= {"DJANGO_SETTINGS_MODULE": "config.settings", "ROOST_DATA_DIR": str(folder)}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


def test_processes_are_added_up(tmp_path: Path) -> None:
    run(COUNT, tmp_path)
    run(COUNT, tmp_path)
    assert 'roost_http_requests_total{method="GET",route="home",status="200"} 6.0' in run(READ, tmp_path)
