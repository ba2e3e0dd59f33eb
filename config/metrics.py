"""What is counted and timed, by name, for `/metrics`.

With several processes behind one port (gunicorn) set `PROMETHEUS_MULTIPROC_DIR` to an empty folder before they start:
each process then writes its numbers there and `written` adds them up. Without it a process tells only of itself.
Labels hold few values: routes, tables, kinds; never a user, a post or an address.
"""

import os

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, exposition, multiprocess

_FAST = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
_SLOW = (0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 30.0, 60.0, 120.0)

# --- Web --------------------------------------------------------------------------------------------------------------
HTTP_REQUESTS = Counter("roost_http_requests", "Requests answered.", ("method", "route", "status"))
HTTP_SECONDS = Histogram("roost_http_seconds", "Time to answer.", ("method", "route"), buckets=_FAST)

# --- DynamoDB ---------------------------------------------------------------------------------------------------------
_CALL = ("operation", "table", "index")
DYNAMODB_CALLS = Counter("roost_dynamodb_calls", "Requests sent to DynamoDB, retries included.", _CALL)
DYNAMODB_SECONDS = Histogram("roost_dynamodb_seconds", "Time of one request.", _CALL, buckets=_FAST)
DYNAMODB_UNITS = Counter("roost_dynamodb_units", "Capacity units consumed.", (*_CALL, "kind"))
DYNAMODB_ERRORS = Counter("roost_dynamodb_errors", "Requests that failed.", (*_CALL, "code"))
DYNAMODB_RETRIES = Counter("roost_dynamodb_retries", "Requests sent once more.", ("operation", "table"))

# --- Streams ----------------------------------------------------------------------------------------------------------
STREAM_RECORDS = Counter("roost_stream_records", "Records taken from streams.", ("table", "outcome"))
STREAM_LAG_SECONDS = Gauge(
    "roost_stream_lag_seconds",
    "Age of the latest record handled.",
    ("table",),
    multiprocess_mode="mostrecent",
)

# --- Cache ------------------------------------------------------------------------------------------------------------
CACHE_HITS = Counter("roost_cache_hits", "Values found.", ("tier", "kind"))
CACHE_MISSES = Counter("roost_cache_misses", "Values not found.", ("tier", "kind"))
CACHE_FAIL_OPEN = Counter("roost_cache_fail_open", "Calls served without the cache.", ("operation", "kind"))
CACHE_BREAKER = Counter("roost_cache_breaker_opened", "Times that Redis was given up for a while.")

# --- Limits -----------------------------------------------------------------------------------------------------------
RATES_REFUSED = Counter("roost_rates_refused", "Actions refused by an empty bucket.", ("policy",))
RATES_LOCAL = Counter("roost_rates_local", "Buckets asked in memory, for Redis was away.", ("policy",))
CHURN_SLOWED = Counter("roost_churn_slowed", "Accounts slowed for following and leaving in a circle.")

# --- Graph ------------------------------------------------------------------------------------------------------------
GRAPH_COUNT_DRIFT = Gauge(
    "roost_graph_count_drift",
    "By how much counters differed from edges in the last reconciliation.",
    ("side",),
    multiprocess_mode="mostrecent",
)

# --- Posts ------------------------------------------------------------------------------------------------------------
LINK_PREVIEWS = Counter("roost_link_previews", "Links that were fetched for a preview.", ("outcome",))
POST_COUNT_DRIFT = Gauge(
    "roost_post_count_drift",
    "By how much counts of posts differed from what they count in the last reconciliation.",
    ("count",),
    multiprocess_mode="mostrecent",
)

# --- Moderation -------------------------------------------------------------------------------------------------------
SCANS = Counter("roost_scans", "Posts and comments that were scanned.", ("kind", "outcome"))
SCANNER_FAILURES = Counter(
    "roost_scanner_failures", "Scanners that crashed or ran out of time.", ("scanner",)
)

# --- Departures -------------------------------------------------------------------------------------------------------
DEPARTURES = Gauge(
    "roost_departures", "Accounts that have left, by state.", ("state",), multiprocess_mode="mostrecent"
)
DEPARTURE_OVERDUE_SECONDS = Gauge(
    "roost_departure_overdue_seconds",
    "For how long the oldest clean-up has been due that is not done.",
    multiprocess_mode="mostrecent",
)
ARCHIVED = Gauge(
    "roost_archived",
    "Accounts whose edges are archived, their rows and the bytes of their files, at the last sweep.",
    ("what",),
    multiprocess_mode="mostrecent",
)
ARCHIVE_ROWS_MOVED = Counter("roost_archive_rows", "Halves of edges taken away or put back.", ("way",))
ARCHIVE_LOST = Counter("roost_archive_segments_lost", "Times that a segment could not be read.")

# --- Tasks ------------------------------------------------------------------------------------------------------------
TASKS = Counter("roost_tasks", "Tasks ended.", ("task", "outcome"))
TASK_SECONDS = Histogram("roost_task_seconds", "Time of one task.", ("task",), buckets=_SLOW)


def written() -> tuple[bytes, str]:
    """Everything counted so far, in Prometheus' text format, and its content type."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return exposition.generate_latest(REGISTRY), exposition.CONTENT_TYPE_LATEST
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return exposition.generate_latest(registry), exposition.CONTENT_TYPE_LATEST
