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

LIVE_STREAMS = Gauge("roost_live_streams", "Live streams that are open.", multiprocess_mode="livesum")

# --- DynamoDB ---------------------------------------------------------------------------------------------------------
_CALL = ("operation", "table", "index")
DYNAMODB_CALLS = Counter("roost_dynamodb_calls", "Requests sent to DynamoDB, retries included.", _CALL)
DYNAMODB_SECONDS = Histogram("roost_dynamodb_seconds", "Time of one request.", _CALL, buckets=_FAST)
DYNAMODB_UNITS = Counter("roost_dynamodb_units", "Capacity units consumed.", (*_CALL, "kind"))
DYNAMODB_ERRORS = Counter("roost_dynamodb_errors", "Requests that failed.", (*_CALL, "code"))
DYNAMODB_RETRIES = Counter("roost_dynamodb_retries", "Requests sent once more.", ("operation", "table"))

DYNAMODB_JOINED = Counter("roost_dynamodb_joined", "Reads that another's request has answered.")
DYNAMODB_IN_FLIGHT = Gauge(
    "roost_dynamodb_in_flight", "Requests to DynamoDB under way.", multiprocess_mode="livesum"
)
DYNAMODB_LIMIT = Gauge(
    "roost_dynamodb_limit", "How many may be under way, over all processes.", multiprocess_mode="livesum"
)
DYNAMODB_QUEUED = Gauge(
    "roost_dynamodb_queued", "Requests that wait for a place.", ("kind",), multiprocess_mode="livesum"
)
DYNAMODB_SHED = Counter(
    "roost_dynamodb_shed",
    "Turned away with 503: reads and writes that waited too long; pages that were too many, or too late, before they began.",
    ("kind",),
)

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
CACHE_BREAKER = Counter("roost_cache_breaker_opened", "Times that Redis was given up for a while.", ("role",))
REDIS_OPEN = Gauge(
    "roost_redis_open",
    "Processes that go without Redis at the moment, or wait until it has settled.",
    ("role",),
    multiprocess_mode="livesum",
)
REDIS_DEBTS = Gauge(
    "roost_redis_debts",
    "Keys that are to be taken out of the cache once it is back.",
    multiprocess_mode="livesum",
)
REDIS_DEBTS_LOST = Counter("roost_redis_debts_lost", "Keys that were too many to be remembered for that.")
CACHE_STALE = Counter(
    "roost_cache_stale", "Values answered past their time, while they are loaded anew.", ("kind",)
)
CACHE_COALESCED = Counter(
    "roost_cache_coalesced", "Values that were waited for instead of loaded.", ("kind", "among")
)
CACHE_LOAD_SECONDS = Histogram("roost_cache_load_seconds", "Time of one load.", ("kind",), buckets=_FAST)
CACHE_FILLS_REFUSED = Counter(
    "roost_cache_fills_refused", "Fills that came too late: somebody has written meanwhile.", ("kind",)
)
CACHE_REFRESHES = Counter(
    "roost_cache_refreshes", "Values loaded anew in the background.", ("kind", "outcome")
)
CACHE_EVICTIONS = Counter("roost_cache_evictions", "Values put out for want of room.", ("tier", "kind"))
CACHE_BYTES = Gauge(
    "roost_cache_bytes", "What is held, about.", ("tier", "kind"), multiprocess_mode="livesum"
)
HOT_READS = Gauge(
    "roost_hot_reads_per_second",
    "How often the hottest keys of the cache are asked for, over all processes, by rank.",
    ("rank",),
    multiprocess_mode="mostrecent",
)
REDIS_BYTES = Gauge("roost_redis_bytes", "What the cache's server holds.", multiprocess_mode="mostrecent")
REDIS_EVICTED = Gauge(
    "roost_redis_evicted",
    "Keys that the cache's server has put out for want of room since it began.",
    multiprocess_mode="mostrecent",
)

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

# --- Feed -------------------------------------------------------------------------------------------------------------
FEED_DELIVERIES = Counter(
    "roost_feed_deliveries", "Readers that a fan-out came to, by what it did for them.", ("outcome",)
)
FEED_DELAY_SECONDS = Histogram(
    "roost_feed_delay_seconds", "Age of a post when it is pushed to some of its readers.", buckets=_SLOW
)
FEED_TURNED = Counter("roost_feed_turned", "Fan-outs that were turned into pull on the way.", ("cause",))
FEED_READS_NOT_NOTED = Counter("roost_feed_reads_not_noted", "Reads of home that could not be noted at once.")

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
TASKS_LOST = Counter("roost_tasks_lost", "Tasks that the broker lost, queued again.", ("task",))
TASKS_PUT_ASIDE = Counter("roost_tasks_put_aside", "Tasks given up and kept as dead letters.", ("task",))
TASK_SECONDS = Histogram("roost_task_seconds", "Time of one task.", ("task",), buckets=_SLOW)

QUEUE_WAITING = Gauge(
    "roost_queue_waiting",
    "Tasks that no worker has taken yet, when it was last looked: at each scrape.",
    ("queue",),
    multiprocess_mode="mostrecent",
)


def written() -> tuple[bytes, str]:
    """Everything counted so far, in Prometheus' text format, and its content type."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return exposition.generate_latest(REGISTRY), exposition.CONTENT_TYPE_LATEST
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return exposition.generate_latest(registry), exposition.CONTENT_TYPE_LATEST
