"""The simulator: bills that were computed by hand, files as they are found, what comes out of the command."""

import gzip
import json
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from feed.policies import FollowerThreshold, PerEdge, PullAll
from feed.simulation import edge_lists, graphs
from feed.simulation.activity import POSTS, READS, Activity, activity_of, by_rank
from feed.simulation.bills import Bill, bills_of
from feed.simulation.edge_lists import BadLine, graph_from_file
from feed.simulation.power_law import power_law
from tests.feed.policy_cases import unhurried

EDGES = b"# a small network\r\n1 20\r\n1\t300\n\n  20   300   # they met\n4000 300\n"


def simulated(*options: object, **named: Any) -> dict[str, Any]:
    out = StringIO()
    call_command("simulate_delivery", *options, json=True, no_progress=True, stdout=out, **named)
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "edges.txt"
    path.write_bytes(EDGES)
    return path


def test_a_bill_computed_by_hand(small: Path) -> None:
    """4 people, 4 edges, each reads 10 times a day and posts every other day."""
    answer = simulated(graph=str(small), reads_per_day=10.0, posts_per_day=0.5, even_rates=True)
    assert answer["network"] | {"users": 4, "edges": 4, "dropped_edges": 0} == answer["network"]
    policies = answer["policies"]
    # 4 edges x 0.5 posts x 30 days / 4 people = 15 write units, 15 x 0.625 USD a million
    pushed = policies["push_all"]
    assert (pushed["write_units_per_user_month"], pushed["read_units_per_user_month"]) == (15.0, 0.0)
    assert pushed["usd_per_user_month"] == pytest.approx(9.375e-6)
    # 4 edges x 10 reads x 30 days x half a unit / 4 people = 150 read units, 150 x 0.125 USD a million
    pulled = policies["pull_all"]
    assert (pulled["write_units_per_user_month"], pulled["read_units_per_user_month"]) == (0.0, 150.0)
    assert pulled["usd_per_user_month"] == pytest.approx(18.75e-6)
    assert pulled["over_optimum"] == pytest.approx(2.0)
    assert policies["per_edge"] == pushed == policies["per_edge_cap_100"] == policies["threshold_10k"]
    # Daily readers keep 3.5, 7, 14, 21 and 28 days of 30, 20, 20, 20 and 10 % of the items: 12.25 on the mean.
    assert pushed["inbox_items_30_days"] == 15.0
    assert pushed["inbox_items_30_days_smart_ttl"] == pytest.approx(0.5 * 12.25)
    # Readers pull 2, 1, 0 and 1 authors, all as often.
    assert (pulled["pulls_per_read_p50"], pulled["pulls_per_read_p99"]) == (1, 2)


def test_each_edge_goes_its_own_way(small: Path) -> None:
    """1 reads 20 times a day, 20 once, 4000 never; 20 posts once a day, 300 five times."""
    graph = graph_from_file(small)
    activity = Activity(np.array([20.0, 1.0, 0.0, 0.0]), np.array([0.0, 1.0, 5.0, 0.0]))
    policies = {
        "free": PerEdge(cap=None),
        "capped": PerEdge(cap=0),
        "famous": FollowerThreshold(3),
        "all": PullAll(),
    }
    bills = bills_of(graph, activity, policies)

    def units(bill: Bill) -> tuple[float, float]:
        return bill.write_units * 4 / 30, bill.read_units * 4 / 30

    # 1 -> 20 is pushed (20 pulls a day cost 2 posts), 1 -> 300 pulled (5 posts), 20 -> 300 and 4000 -> 300 as well.
    assert units(bills["free"]) == pytest.approx((1.0, 0.5 * (20 + 1 + 0)))
    assert units(bills["capped"]) == pytest.approx((1.0 + 5 + 5 + 5, 0.0))
    assert units(bills["famous"]) == units(bills["free"])  # 300 has three followers
    assert units(bills["all"]) == pytest.approx((0.0, 0.5 * (2 * 20 + 1)))
    assert bills["free"].pulled_share == 0.75
    assert (bills["free"].pulls_p50, bills["all"].pulls_p50) == (1, 2)


def test_the_bill_is_the_same_in_many_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = power_law(users=300, follows=10, seed=3)
    activity = activity_of(graph, reads_per_day=5, posts_per_day=0.5, seed=3)
    policies = {"capped": PerEdge(cap=5), "free": PerEdge(cap=None)}
    whole = bills_of(graph, activity, policies)
    monkeypatch.setattr(graphs, "EDGES_AT_ONCE", 40)
    parts = bills_of(graph, activity, policies)
    for name, bill in whole.items():
        assert parts[name].usd == pytest.approx(bill.usd)
        assert (parts[name].pulls_p99, parts[name].pulled_share) == (bill.pulls_p99, bill.pulled_share)
    assert whole["capped"].pulls_p99 <= 5 < whole["free"].pulls_p99
    assert whole["free"].usd < whole["capped"].usd


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("block_bytes", [25, 40, 1000])
def test_files_are_read_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packed: bool, block_bytes: int
) -> None:
    monkeypatch.setattr(edge_lists, "BLOCK_BYTES", block_bytes)
    path, heard = tmp_path / "edges", []
    path.write_bytes(gzip.compress(EDGES) if packed else EDGES)
    graph = graph_from_file(path, progress=heard.append)
    assert (graph.users, graph.starts.tolist(), graph.authors.tolist()) == (4, [0, 2, 3, 3, 4], [1, 2, 2, 2])
    assert packed or sum(heard) == len(EDGES)


def test_repeated_lines_and_self_follows_are_left_out_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "edges"
    path.write_text("1 2\n2 2\n1 2\n2 1\n")
    graph = graph_from_file(path, users=5)
    assert (graph.users, graph.edges, graph.dropped) == (5, 2, 2)
    assert (graph.followers().tolist(), graph.follows().tolist()) == ([1, 1, 0, 0, 0], [1, 1, 0, 0, 0])


def test_ids_may_be_as_large_as_ours(tmp_path: Path) -> None:
    path = tmp_path / "edges"
    path.write_text("7123456789012345678 3\n3 9223372036854775807")
    graph = graph_from_file(path)
    assert (graph.users, graph.starts.tolist(), graph.authors.tolist()) == (3, [0, 1, 2, 2], [2, 0])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"1 2\n3\n", "line 2: expected two whole numbers (who follows, who is followed), found '3'"),
        (b"1 2\n\n# so\n1 2 3\n4\n", "line 4: "),
        (b"1 2 3\n4\n", "line 1: "),
        (b"1 2\n3 -4\n", "line 2: "),
        (b"1 2\n3 4.5\n", "line 2: "),
        (b"ana bob\n", "line 1: "),
        (b"1 9223372036854775808\n", "line 1: "),
        ("1 ²\n".encode(), "line 1: "),
        (b"1 2\n\xff\xfe\n", "line 2: "),
        (b"", "there is no edge in it"),
        (b"# nothing\n\n", "there is no edge in it"),
        (b"7" * 200, "line 1 has no end"),
        (gzip.compress(b"1 2\n" * 9, mtime=0)[:-9], "it is no whole gzip file"),
    ],
)
def test_a_bad_file_is_refused_with_the_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: bytes, said: str
) -> None:
    monkeypatch.setattr(edge_lists, "BLOCK_BYTES", 100)
    path = tmp_path / "edges"
    path.write_bytes(text)
    with pytest.raises(BadLine) as refused:
        graph_from_file(path)
    assert said in str(refused.value)
    with pytest.raises(CommandError, match="edges"):
        call_command("simulate_delivery", graph=str(path), no_progress=True)


@unhurried
@given(
    st.lists(
        st.sampled_from(
            [b"1 2", b"12\t345", b" 7  8 ", b"", b"9 9\r", b"1", b"1 2 3", b"#1", b"5 6 # x", b"x y"]
        ),
        max_size=8,
    )
)
def test_both_ways_of_reading_agree(lines: list[bytes]) -> None:
    block = b"\n".join(lines)
    fast = edge_lists._pairs_of_digits(block)
    try:
        slow = edge_lists._pairs_by_line(block, 1).tolist()
    except BadLine:
        assert fast is None
    else:
        assert fast is None or fast.tolist() == slow
        assert fast is not None or b"#" in block


def test_a_made_up_network_is_the_same_for_a_seed() -> None:
    one, same, other = (power_law(users=2_000, follows=20, seed=seed) for seed in (1, 1, 2))
    assert one.authors.tolist() == same.authors.tolist()
    assert one.authors.tolist() != other.authors.tolist()
    readers = np.repeat(np.arange(one.users), one.follows())
    assert (readers != one.authors).all()
    assert len(np.unique(readers * 2_000 + one.authors)) == one.edges
    assert one.edges / 2_000 == pytest.approx(20, rel=0.05)  # a third of so few is soon followed by all
    assert one.followers().max() > 20 * np.median(one.followers())


def test_activity_is_as_uneven_as_its_sources_say() -> None:
    posts, reads = by_rank(POSTS, 100_000, 0.5), by_rank(READS, 100_000, 5.0)
    assert (posts.mean(), reads.mean()) == pytest.approx((0.5, 5.0))
    assert posts[:10_000].sum() / posts.sum() == pytest.approx(0.8, abs=0.02)
    assert np.median(posts) * 30 == pytest.approx(2, abs=0.2)
    assert (reads >= 1).mean() == pytest.approx(0.55, abs=0.03)
    assert posts.max() <= 100.001
    assert reads.max() <= 100.001


def test_who_is_followed_more_posts_more() -> None:
    graph = power_law(users=5_000, follows=20, seed=1)
    activity = activity_of(graph, reads_per_day=5, posts_per_day=0.5, seed=1)
    order = np.argsort(-graph.followers())
    few, many = activity.posts_per_day[order[2_500:]], activity.posts_per_day[order[:500]]
    assert np.median(many) > 2 * np.median(few)


def test_the_command_shows_json_table_and_picture(tmp_path: Path) -> None:
    answer = simulated(users=500, follows=10.0, cap=7, plot=tmp_path / "bill.png")
    assert (tmp_path / "bill.png").read_bytes().startswith(b"\x89PNG")
    names = {"per_edge", "per_edge_cap_7", "threshold_10k", "threshold_100k", "push_all", "pull_all"}
    assert answer["policies"].keys() == names
    assert answer["policies"]["per_edge"].keys() == {
        "write_units_per_user_month",
        "read_units_per_user_month",
        "usd_per_user_month",
        "over_optimum",
        "pulled_share",
        "pulls_per_read_p50",
        "pulls_per_read_p95",
        "pulls_per_read_p99",
        "inbox_items_30_days",
        "inbox_items_30_days_smart_ttl",
    }
    assert answer["policies"]["per_edge_cap_7"]["pulls_per_read_p99"] == 7
    assert all(entry["over_optimum"] >= 1 for entry in answer["policies"].values())
    out = StringIO()
    call_command("simulate_delivery", users=500, follows=10.0, no_progress=True, stdout=out)
    assert all(name in out.getvalue() for name in ("per_edge_cap_100", "threshold_10k", "smart TTL"))


def test_nobody_reads_and_nobody_posts() -> None:
    answer = simulated(users=50, follows=5.0, reads_per_day=0.0, posts_per_day=0.0)
    assert {entry["over_optimum"] for entry in answer["policies"].values()} == {None}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"graph": "nowhere.txt"}, "There is no file nowhere.txt"),
        ({"users": 1}, "--users"),
        ({"cap": -1}, "--cap"),
        ({"follows": 0.0}, "--follows"),
        ({"plot": Path("bill.doc")}, "bill.doc: name it with one of .png"),
        ({"plot": Path("no/where/bill.png")}, "is no folder"),
    ],
)
def test_what_cannot_work_is_refused_at_once(options: dict[str, Any], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("simulate_delivery", no_progress=True, **options)


@pytest.mark.parametrize("wrong", ["-1", "nan", "inf", "often"])
def test_a_rate_is_a_number_from_nothing_on(wrong: str) -> None:
    with pytest.raises(CommandError, match="reads-per-day"):
        call_command("simulate_delivery", f"--reads-per-day={wrong}")
