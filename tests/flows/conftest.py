"""Has the machine's own assertions tell what they compared, as those in files of tests do."""

import pytest

pytest.register_assert_rewrite(
    "tests.flows.graph_machine",
    "tests.flows.feed_machine",
    "tests.flows.posts_machine",
    "tests.flows.posts_agreement",
)
