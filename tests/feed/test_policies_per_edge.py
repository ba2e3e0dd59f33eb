"""PerEdge against brute force: cheapest, bounded, steady."""

from collections import Counter
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feed.entities import MAX_PULLS
from feed.policies import PerEdge, Way
from tests.feed.policy_cases import PULL_USD, PUSH_USD, Case, networks, rates, together, unhurried


def cost_of(cases: list[Case], pulled: list[bool]) -> float:
    return sum(case.cost(pull=pull) for case, pull in zip(cases, pulled, strict=True))


def least_cost(cases: list[Case], cap: int | None) -> float:
    """Of every assignment there is that keeps the cap."""
    best = float("inf")
    for pulled in product([False, True], repeat=len(cases)):
        of_readers = Counter(case.reader for case, pull in zip(cases, pulled, strict=True) if pull)
        if cap is None or max(of_readers.values(), default=0) <= cap:
            best = min(best, cost_of(cases, list(pulled)))
    return best


def decided(policy: PerEdge, cases: list[Case]) -> list[bool]:
    pulled: list[bool] = policy.pulls_of(*together(cases)).tolist()
    return pulled


def carried_out(cases: list[Case], pulled: list[bool]) -> list[Case]:
    return [
        replace(case, way=Way.PULL if pull else Way.PUSH) for case, pull in zip(cases, pulled, strict=True)
    ]


@unhurried
@given(reads=rates, posts=rates)
def test_a_new_edge_is_pushed_exactly_when_that_is_cheaper(reads: float, posts: float) -> None:
    pushed = not PerEdge().pulls(Case(1, reads, posts).edge)
    assert pushed == (reads * PULL_USD > posts * PUSH_USD)


@unhurried
@given(networks(readers=2, edges=4))
def test_no_assignment_of_ways_costs_less(cases: list[Case]) -> None:
    pulled = decided(PerEdge(cap=None), cases)
    assert cost_of(cases, pulled) == pytest.approx(least_cost(cases, None), rel=1e-9, abs=1e-15)


@unhurried
@given(networks(readers=2, edges=4), st.integers(0, 3))
def test_no_assignment_within_the_cap_costs_less(cases: list[Case], cap: int) -> None:
    pulled = decided(PerEdge(cap=cap), cases)
    assert cost_of(cases, pulled) == pytest.approx(least_cost(cases, cap), rel=1e-9, abs=1e-15)


@unhurried
@given(networks(readers=4, edges=30), st.integers(0, 10))
def test_the_cap_is_kept_and_used(cases: list[Case], cap: int) -> None:
    wanted, pulled = decided(PerEdge(cap=None), cases), decided(PerEdge(cap=cap), cases)
    for reader in {case.reader for case in cases}:
        theirs = [number for number, case in enumerate(cases) if case.reader == reader]
        assert sum(pulled[number] for number in theirs) == min(cap, sum(wanted[number] for number in theirs))
    assert all(want for want, pull in zip(wanted, pulled, strict=True) if pull)


@unhurried
@given(networks(), st.sampled_from([None, 0, 1, 2]))
def test_constant_rates_change_nothing_after_the_first_decision(cases: list[Case], cap: int | None) -> None:
    policy = PerEdge(cap=cap)
    first = decided(policy, cases)
    assert decided(policy, carried_out(cases, first)) == first


@unhurried
@given(networks(readers=4, edges=20), st.sampled_from([None, 0, 3]))
def test_one_edge_and_many_are_decided_alike(cases: list[Case], cap: int | None) -> None:
    edges, _readers = together(cases)
    one_by_one = [PerEdge(cap=cap).pulls(case.edge) for case in cases]
    assert all(type(answer) is bool for answer in one_by_one)
    assert np.asarray(PerEdge(cap=cap).pulls(edges)).tolist() == one_by_one


@unhurried
@given(networks(readers=4, edges=20), st.integers(0, 5))
def test_a_reader_is_decided_alike_alone_and_among_others(cases: list[Case], cap: int) -> None:
    together_answer = decided(PerEdge(cap=cap), cases)
    alone = [
        answer
        for reader in sorted({case.reader for case in cases})
        for answer in decided(PerEdge(cap=cap), [case for case in cases if case.reader == reader])
    ]
    assert alone == together_answer


def test_a_change_must_pay_for_itself_within_the_period() -> None:
    """An edge that reads 10 times a day is at the line with one post a day."""
    policy = PerEdge()
    pushed, pulled = Case(1, 10.0, 1.0, Way.PUSH), Case(1, 10.0, 1.0, Way.PULL)
    # 3 write units to stop pushing: 0.1 posts a day over 30 days.
    assert not policy.pulls(replace(pushed, posts=1.09).edge)
    assert policy.pulls(replace(pushed, posts=1.11).edge)
    # 44 days of pushing for 30, as 14 are backfilled, and 3.4 units: (300 pulls = 30 write units - 3.4) / 44 days.
    assert policy.pulls(replace(pulled, posts=0.61).edge)
    assert not policy.pulls(replace(pulled, posts=0.60).edge)


def test_without_a_cap_of_its_own_it_has_that_of_the_readers_list() -> None:
    cases = [Case(1, 1.0, 5.0 + number) for number in range(MAX_PULLS + 20)]
    pulled = decided(PerEdge(), cases)
    assert sum(pulled) == MAX_PULLS
    assert not any(pulled[:20])  # those who post least, whom pulling saves least on


def test_nobody_follows_anybody() -> None:
    edges, readers = together([])
    assert PerEdge().pulls_of(edges, readers).tolist() == []
