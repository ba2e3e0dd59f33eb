"""Token buckets per account and address: how much, how fast again, and with Redis away."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from config.ids import id_at, next_id
from config.metrics import RATES_LOCAL, RATES_REFUSED
from config.rates import LimitReached, take
from config.rates.asking import Asking, asking
from config.rates.buckets import LOCAL_SHARE, take_token
from config.rates.limits import DAY, LIMITS, NEW_ACCOUNT_SECONDS, Bucket
from config.rates.taking import is_new_account


def an_old_account() -> int:
    return id_at(int((time.time() - NEW_ACCOUNT_SECONDS - 60) * 1000))


def taken(user_id: int | None, *, address: str = "", tries: int = 20) -> int:
    """How many of so many tries were let through before the first refusal."""
    for number in range(tries):
        try:
            take("follow", user_id=user_id, address=address)
        except LimitReached:
            return number
    return tries


def test_a_burst_is_let_through_then_the_pace_counts(quick_limits: None) -> None:
    ana = an_old_account()
    assert taken(ana) == 4
    with pytest.raises(LimitReached) as refusal:
        take("follow", user_id=ana)
    wait = refusal.value.data["retry_after_seconds"]
    assert wait == 1  # a token each half second, said in whole seconds
    assert "1 second" in str(refusal.value)
    refused = time.monotonic()
    time.sleep(0.55)
    came = taken(ana)
    assert 1 <= came <= 1 + (time.monotonic() - refused) // 0.5, "as long as the machine let it wait"


def test_the_day_ends_what_bursts_would_allow(quick_limits: None) -> None:
    ana = an_old_account()
    assert taken(ana) == 4
    time.sleep(2.1)
    assert taken(ana) == 2
    with pytest.raises(LimitReached) as refusal:
        take("follow", user_id=ana)
    assert 90 < refusal.value.data["retry_after_seconds"] <= 100
    assert "minutes" in str(refusal.value)


def test_new_accounts_have_smaller_buckets(small_limits: None) -> None:
    assert taken(next_id()) == 2
    assert is_new_account(next_id())
    assert not is_new_account(an_old_account())
    for limit in LIMITS.values():
        assert limit.new_day.size < limit.day.size
        assert limit.day.seconds == limit.new_day.seconds == DAY or limit.day.seconds == 600


def test_one_address_is_limited_over_all_its_accounts(small_limits: None) -> None:
    address = f"test-{next_id()}"
    assert sum(taken(an_old_account(), address=address, tries=2) for _ in range(10)) == 8
    assert taken(an_old_account(), address=f"test-{next_id()}") == 4
    assert taken(None, address=f"test-{next_id()}") == 8


def test_accounts_do_not_share_a_bucket_nor_do_actions(small_limits: None) -> None:
    ana, bob = an_old_account(), an_old_account()
    assert taken(ana) == 4
    assert taken(bob) == 4
    take("unfollow", user_id=ana)


def test_many_threads_together_get_no_more(small_limits: None) -> None:
    bucket, who = Bucket(25, 3600), str(next_id())
    with ThreadPoolExecutor(8) as pool:
        standings = list(pool.map(lambda _: take_token("test-many", bucket, who), range(80)))
    assert sum(not standing.is_refused for standing in standings) == 25


def test_slow_buckets_lose_nothing_of_what_has_accrued() -> None:
    bucket, who = Bucket(2, 3), str(next_id())
    assert not take_token("test-slow", bucket, who).is_refused
    assert not take_token("test-slow", bucket, who).is_refused
    for _ in range(2):  # asked at each half of a token, it comes at the second
        time.sleep(0.8)
        take_token("test-slow", bucket, who)
    assert take_token("test-slow", bucket, who).is_refused


def test_the_factor_scales_and_switches_off(small_limits: None, settings: pytest.MonkeyPatch) -> None:
    settings.RATE_FACTOR = 0.5
    assert taken(an_old_account()) == 2
    settings.RATE_FACTOR = 0
    assert taken(an_old_account()) == 20


def test_with_redis_away_limits_hold_in_memory_and_are_stricter(
    small_limits: None, redis_stopped: None
) -> None:
    before = RATES_LOCAL.labels("follow-burst")._value.get()
    refused = RATES_REFUSED.labels("follow-burst")._value.get()
    ana, bob = an_old_account(), an_old_account()
    assert taken(ana) == 4 * LOCAL_SHARE
    assert taken(bob) == 4 * LOCAL_SHARE
    assert RATES_LOCAL.labels("follow-burst")._value.get() > before
    assert RATES_REFUSED.labels("follow-burst")._value.get() == refused + 2


def test_a_service_counts_for_the_request_in_hand(small_limits: None) -> None:
    this = Asking(f"test-{next_id()}")
    token = asking.set(this)
    try:
        take("follow", user_id=an_old_account())
    finally:
        asking.reset(token)
    assert [standing.policy for standing in this.standings] == [
        "follow-address",
        "follow-burst",
        "follow-day",
    ]
    assert [standing.remaining for standing in this.standings] == [7, 3, 5]
