"""Two pages of the administration for looking only: the hot keys of the cache, and how Redis and DynamoDB stand with this process."""

import os
from collections import defaultdict
from dataclasses import dataclass

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from prometheus_client.metrics import MetricWrapperBase

from config.breaker import State
from config.cache import TIER, local, tiers
from config.dynamodb.admission import admission
from config.hot_keys import HotKey, link_to, reported
from config.metrics import CACHE_HITS, CACHE_MISSES, CACHE_STALE, DYNAMODB_SHED
from config.redis_debts import debts
from config.redis_roles import Role, breaker_for

STATES: dict[State, str | Promise] = {
    State.CLOSED: _("Closed: it is asked"),
    State.OPEN: _("Open: it did not answer, and is not asked for some seconds"),
    State.SETTLING: _("Half-open: it answers, and is asked once everybody knows"),
}


@dataclass(frozen=True, slots=True)
class TierRow:
    """What came of reads of one kind in this process. Ratios are of what was asked for."""

    kind: str
    asked: int
    local_ratio: float
    ratio: float
    stale: int
    entries: int
    held_bytes: int


@require_safe
def hot_keys(request: HttpRequest) -> HttpResponse:
    """The keys that are asked for most, over all web processes. Cost: 1 round trip to Redis."""
    found = reported()
    rows = [(key, key.share * 100, _address(key), _copies(key)) for key in found or ()]
    context = {
        **admin.site.each_context(request),
        "title": _("Hot keys"),
        "rows": rows,
        "is_away": found is None,
    }
    return render(request, "admin/engines/hot_keys.html", context)


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """What this process knows. Asks nobody."""
    places = admission()
    context = {
        **admin.site.each_context(request),
        "title": _("Health"),
        "pid": os.getpid(),
        "redis": [
            (role.value, breaker.server, STATES[breaker.state], breaker.state is State.CLOSED)
            for role in Role
            for breaker in [breaker_for(role)]
        ],
        "debts": len(debts),
        "dynamodb": places,
        "limit": int(places.limit),
        "shed": [(kind, int(count)) for (kind,), count in sorted(_counted(DYNAMODB_SHED, "kind").items())],
        "tiers": tier_rows(),
    }
    return render(request, "admin/engines/health.html", context)


def tier_rows() -> list[TierRow]:
    """Each kind that something was asked of, by name."""
    hits, misses = _counted(CACHE_HITS, "kind", "tier"), _counted(CACHE_MISSES, "kind", "tier")
    stale = _counted(CACHE_STALE, "kind")
    held: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for one in local.LOCALS:
        held[one.kind.name][0] += len(one)
        held[one.kind.name][1] += one.size_bytes
    rows = []
    for kind in sorted({kind for kind, _tier in hits | misses}):
        here, there = hits.get((kind, local.TIER), 0.0), hits.get((kind, TIER), 0.0)
        asked = here + there + misses.get((kind, TIER), 0.0)
        if asked:
            shares = 100 * here / asked, 100 * (here + there) / asked
            rows.append(TierRow(kind, int(asked), *shares, int(stale.get((kind,), 0)), *held[kind]))
    return rows


def _address(key: HotKey) -> str:
    return link_to(key.kind, key.key)


def _copies(key: HotKey) -> int:
    """Among how many names in Redis its reads are spread."""
    if key.reads_per_second < settings.HOT_KEY_READS:
        return 1
    return 1 + max((one.kind.copies for one in tiers.ALL if one.kind.name == key.kind), default=0)


def _counted(metric: MetricWrapperBase, *labels: str) -> dict[tuple[str, ...], float]:
    """What this process has counted, by these labels."""
    found: defaultdict[tuple[str, ...], float] = defaultdict(float)
    for family in metric.collect():
        for sample in family.samples:
            if sample.name.endswith("_total"):
                found[tuple(sample.labels[label] for label in labels)] += sample.value
    return dict(found)
