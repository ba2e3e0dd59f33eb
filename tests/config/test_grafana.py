"""The dashboard asks for metrics and labels that there are."""

import re
from collections import defaultdict
from itertools import combinations
from typing import Any, Final

import orjson
from prometheus_client import REGISTRY
from prometheus_client.metrics import MetricWrapperBase

from deploy.local.paths import ROOT

DASHBOARD: Final[dict[str, Any]] = orjson.loads((ROOT / "deploy/grafana/roost.json").read_bytes())
PANELS: Final[list[dict[str, Any]]] = DASHBOARD["panels"]
SHOWN: Final = [panel for panel in PANELS if panel["type"] != "row"]
ASKED: Final = {
    "hits": "roost_cache_hits_total",
    "misses": "roost_cache_misses_total",
    "stale": "roost_cache_stale_total",
    "coalesced": "roost_cache_coalesced_total",
    "load time": "roost_cache_load_seconds_bucket",
    "evictions": "roost_cache_evictions_total",
    "bytes": "roost_cache_bytes",
    "hot keys": "roost_hot_reads_per_second",
    "breakers": "roost_redis_open",
    "shed": "roost_dynamodb_shed_total",
    "lanes": "roost_feed_deliveries_total",
    "delay": "roost_feed_delay_seconds_bucket",
    "queues": "roost_queue_waiting",
    "units": "roost_dynamodb_units_total",
    "latency": "roost_http_seconds_bucket",
}


def known() -> dict[str, set[str]]:
    """Every name that a scrape may have, with its labels."""
    names: defaultdict[str, set[str]] = defaultdict(set)
    for metric in set(REGISTRY._names_to_collectors.values()):
        if isinstance(metric, MetricWrapperBase):
            for name in (
                metric._name,
                *(f"{metric._name}_{end}" for end in ("total", "bucket", "sum", "count")),
            ):
                if REGISTRY._names_to_collectors.get(name) is metric:
                    names[name] |= {*metric._labelnames, *(["le"] if name.endswith("_bucket") else [])}
    return names


def expressions() -> list[str]:
    return [target["expr"] for panel in SHOWN for target in panel["targets"]]


def test_every_metric_and_label_that_is_asked_for_is_there() -> None:
    names = known()
    for panel in SHOWN:
        for target in panel["targets"]:
            asked = re.findall(r"\broost_\w+", target["expr"])
            assert asked, panel["title"]
            assert set(asked) <= set(names), panel["title"]
            labels = set.union(*(names[name] for name in asked))
            by = {
                label.strip()
                for group in re.findall(r"by \(([^)]*)\)", target["expr"])
                for label in group.split(",")
            }
            matched = set(re.findall(r"[{,]\s*(\w+)\s*[=!]", target["expr"]))
            legend = set(re.findall(r"{{(\w+)}}", target["legendFormat"]))
            assert by | matched <= labels, panel["title"]
            assert legend <= by, panel["title"]


def test_what_an_operator_asks_first_is_on_it() -> None:
    everything = " ".join(expressions())
    assert [what for what, name in ASKED.items() if name not in everything] == []


def test_panels_have_ids_of_their_own_and_do_not_overlap() -> None:
    assert len({panel["id"] for panel in PANELS}) == len(PANELS)
    assert len({panel["title"] for panel in PANELS}) == len(PANELS)
    places = [panel["gridPos"] for panel in PANELS]
    assert all(at["x"] >= 0 and at["x"] + at["w"] <= 24 for at in places)
    for one, other in combinations(places, 2):
        beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        above = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        assert beside or above, (one, other)


def test_it_names_no_prometheus_of_ours() -> None:
    assert {panel["datasource"]["uid"] for panel in SHOWN} == {"${datasource}"}
    assert [variable["type"] for variable in DASHBOARD["templating"]["list"]] == ["datasource"]
