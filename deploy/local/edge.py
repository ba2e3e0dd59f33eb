"""nginx before the web processes: `deploy/nginx/` filled in for this machine, and started in the foreground."""

import getpass
import grp
import os
import shutil
from pathlib import Path
from string import Template
from typing import Final

from deploy.local.messages import Problem
from deploy.local.paths import ROOT
from deploy.local.ports import LOOPBACK
from deploy.local.programs import Program

TEMPLATES: Final = ROOT / "deploy" / "nginx"
MODULES: Final = Path("/usr/lib/nginx/modules")
MIME_TYPES: Final = Path("/etc/nginx/mime.types")
BROTLI: Final = "ngx_http_brotli_filter_module.so"
CACHE_MB, BODY_MB = 256, 150


def find_nginx() -> str:
    """Where Debian's nginx is, or "". It lies in a folder that only root has in its path."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin") or ""


def edge(port: int, upstream_port: int, folder: Path, *, host: str = LOOPBACK) -> Program:
    """An nginx on a port before the web server on another one; its files are in `folder`, which is made.

    Raises: Problem without nginx.
    """
    nginx = find_nginx()
    if not nginx:
        raise Problem("There is no nginx here. Install it and start again: apt-get install nginx-light")
    for part in (folder, folder / "body", folder / "proxy", folder / "unused"):
        part.mkdir(parents=True, exist_ok=True)
    has_brotli = (MODULES / BROTLI).exists()
    values = {
        "FOLDER": str(folder),
        "USER": getpass.getuser(),
        "GROUP": grp.getgrgid(os.getgid()).gr_name,
        "WORKERS": "2",
        "MODULES": f"load_module {MODULES / BROTLI};" if has_brotli else "",
        "BROTLI": "brotli on;" if has_brotli else "",
        "LISTEN": f"{host}:{port}",
        "UPSTREAM": f"{LOOPBACK}:{upstream_port}",
        "CACHE_MB": str(CACHE_MB),
        "BODY_MB": str(BODY_MB),
    }
    for name in ("nginx.conf", "roost.conf"):
        # nginx has dollars of its own: only what is in braces and known here is filled in.
        filled = Template((TEMPLATES / f"{name}.template").read_text()).safe_substitute(values)
        (folder / name).write_text(filled)
    shutil.copy(TEMPLATES / "forwarded.conf", folder)
    shutil.copy(MIME_TYPES, folder)
    return Program("edge", [nginx, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"])
