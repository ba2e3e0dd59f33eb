"""The simple policies, decayed rates and smart TTL, for one and for many."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from feed.policies import (
    AuthorFacts,
    Delivery,
    DeliveryPolicy,
    FollowerThreshold,
    PerEdge,
    PullAll,
    PushAll,
    serving_policy,
)
from feed.policies.lifetimes import base_days, lifetime_seconds, relevance_factor
from feed.policies.rates import DAY_MS, Rate, rate_after, rate_at
from tests.feed.policy_cases import Case, networks, together, unhurried


def test_what_serves_is_what_the_settings_say_but_for_authors_of_whom_staff_chose_otherwise(
    settings: Settings,
) -> None:
    settings.PULL_THRESHOLD, settings.PULL_REACTIONS = 5, 0
    assert serving_policy().edges == PerEdge()
    settings.DELIVERY_POLICY = "follower_threshold"
    small, large, loud = AuthorFacts(4), AuthorFacts(5), AuthorFacts(1, reactions_per_day=1e9)
    expected = {
        None: (PushAll(), [False, True, False]),
        Delivery.PER_EDGE: (PerEdge(), [False, True, False]),
        Delivery.PUSH_ALL: (PushAll(), [False, False, False]),
        Delivery.PULL_ALL: (PushAll(), [True, True, True]),
    }
    for chosen, (edges, pulled) in expected.items():
        policy = serving_policy(chosen)
        assert policy.edges == edges
        assert [policy.authors.should_pull(author) for author in (small, large, loud)] == pulled
    settings.PULL_REACTIONS = 500
    assert serving_policy().authors.should_pull(loud)


def test_who_was_pulled_stays_so_until_well_below_the_line() -> None:
    policy = FollowerThreshold(1000, back=0.8)
    assert not policy.should_pull(AuthorFacts(followers=999))
    assert policy.should_pull(AuthorFacts(followers=800, is_pulled=True))
    assert not policy.should_pull(AuthorFacts(followers=799, is_pulled=True))


def test_whose_posts_everybody_talks_about_is_a_celebrity_too() -> None:
    policy = FollowerThreshold(1000, reactions_per_day=500.0, back=0.8)
    assert policy.should_pull(AuthorFacts(followers=10, reactions_per_day=500.0))
    assert policy.should_pull(AuthorFacts(followers=10, reactions_per_day=400.0, is_pulled=True))
    assert not policy.should_pull(AuthorFacts(followers=10, reactions_per_day=399.0, is_pulled=True))
    assert not FollowerThreshold(1000).should_pull(AuthorFacts(followers=10, reactions_per_day=1e9))


@unhurried
@given(
    st.lists(st.tuples(st.integers(0, 2000), st.floats(0, 1000), st.booleans()), min_size=1, max_size=30),
    st.sampled_from([FollowerThreshold(1000), FollowerThreshold(1000, reactions_per_day=500.0)]),
)
def test_a_threshold_answers_many_as_it_answers_one(
    authors: list[tuple[int, float, bool]], policy: FollowerThreshold
) -> None:
    alone = [
        policy.should_pull(AuthorFacts(followers, 0.0, reactions, is_pulled))
        for followers, reactions, is_pulled in authors
    ]
    followers, reactions, pulled = (np.array(column) for column in zip(*authors, strict=True))
    many = policy.should_pull(AuthorFacts(followers, 0.0, reactions, pulled))
    assert all(type(answer) is bool for answer in alone)
    assert np.asarray(many).tolist() == alone


@unhurried
@given(st.integers(0, 2000), st.floats(0, 1000), st.booleans())
def test_a_threshold_is_steady_for_constant_facts(followers: int, reactions: float, was: bool) -> None:
    policy = FollowerThreshold(1000, reactions_per_day=500.0)
    first = policy.should_pull(AuthorFacts(followers, 0.0, reactions, was))
    assert policy.should_pull(AuthorFacts(followers, 0.0, reactions, first)) == first


@pytest.mark.parametrize(
    ("policy", "answer"),
    [(PushAll(), False), (PullAll(), True), (FollowerThreshold(100), True), (FollowerThreshold(101), False)],
)
@unhurried
@given(cases=networks())
def test_policies_that_look_at_no_rate(policy: DeliveryPolicy, answer: bool, cases: list[Case]) -> None:
    """Every author of these cases has 100 followers."""
    edges, readers = together(cases)
    assert policy.pulls(cases[0].edge) is answer
    assert policy.pulls_of(edges, readers).tolist() == [answer] * len(cases)


@unhurried
@given(per_day=st.floats(0.1, 100), half_life=st.sampled_from([7.0, 14.0]))
def test_a_rate_settles_at_a_steady_pace(per_day: float, half_life: float) -> None:
    gap_ms = round(DAY_MS / per_day)
    rate, now_ms = Rate(0.0, 0), 0
    while now_ms < 10 * half_life * DAY_MS and now_ms < 2_000 * gap_ms:
        now_ms += gap_ms
        rate = rate_after(rate, now_ms, half_life_days=half_life)
    settled = 1 - 0.5 ** (now_ms / DAY_MS / half_life)
    assert rate.per_day == pytest.approx(per_day * settled, abs=1 / half_life)


def test_a_rate_halves_each_half_life_and_never_goes_back_in_time() -> None:
    rate = Rate(8.0, 100 * DAY_MS)
    assert rate_at(rate, 107 * DAY_MS, half_life_days=7).per_day == pytest.approx(4.0)
    assert rate_at(rate, 121 * DAY_MS, half_life_days=7).per_day == pytest.approx(1.0)
    assert rate_at(rate, 0, half_life_days=7) == rate
    late = rate_after(rate, 0, half_life_days=7)
    assert late.at_ms == rate.at_ms
    assert late.per_day > 8.0


@unhurried
@given(st.lists(st.floats(0, 100), min_size=1, max_size=20), st.integers(0, 60 * DAY_MS))
def test_many_rates_fade_as_one_does(rates: list[float], now_ms: int) -> None:
    many = rate_after(Rate(np.array(rates), 0), now_ms, half_life_days=7)
    alone = [rate_after(Rate(rate, 0), now_ms, half_life_days=7).per_day for rate in rates]
    assert np.asarray(many.per_day).tolist() == pytest.approx(alone)


@pytest.mark.parametrize(
    ("reads_per_day", "days"),
    [(20, 14), (1, 14), (0.99, 5), (1 / 7, 5), (0.14, 2), (1 / 30, 2), (0.03, 1), (0, 1)],
)
def test_the_more_often_somebody_reads_the_longer_items_stay(reads_per_day: float, days: float) -> None:
    assert base_days(reads_per_day) == days


@pytest.mark.parametrize(
    ("relevance", "factor"),
    [
        (100, 2.0), (90.1, 2.0), (90, 1.5), (70.1, 1.5), (70, 1.0),
        (50.1, 1.0), (50, 0.5), (30.1, 0.5), (30, 0.25), (0, 0.25),
    ],
)  # fmt: skip
def test_the_more_relevant_the_longer_it_stays(relevance: float, factor: float) -> None:
    assert relevance_factor(relevance) == factor


def test_a_lifetime_is_activity_times_relevance() -> None:
    assert lifetime_seconds(3.0, 87.5) == 21 * 86_400  # the seed's own example: 14 days x 1.5
    assert lifetime_seconds(0.0, 0.0) == 6 * 3600


@unhurried
@given(st.lists(st.tuples(st.floats(0, 30), st.floats(0, 100)), min_size=1, max_size=30))
def test_many_lifetimes_are_as_one_is_and_whole_seconds(items: list[tuple[float, float]]) -> None:
    reads, scores = (np.array(column) for column in zip(*items, strict=True))
    alone = [lifetime_seconds(*item) for item in items]
    assert np.asarray(lifetime_seconds(reads, scores)).tolist() == alone
    assert all(float(seconds).is_integer() for seconds in alone)
