"""Gunicorn's settings that are the same everywhere; address and numbers of workers are given on the command line."""

import os

from gunicorn.workers.base import Worker
from prometheus_client import multiprocess

from config.environment import environment
from config.logs import logging_config

worker_class = "deploy.gunicorn_worker.Worker"
threads = (
    4 + environment.live_streams
)  # a live stream keeps one as long as it is open: those for pages come on top
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108, PTH112  # a heartbeat file must not wait for a disk
graceful_timeout = 10
timeout = 60
keepalive = 5
control_socket_disable = True  # it would be one socket in the home folder for all instances
logconfig_dict = logging_config(environment.log_format, environment.log_level)


def child_exit(_server: object, worker: Worker) -> None:
    """The numbers of a worker that ended stay in the sums, its gauges go."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
