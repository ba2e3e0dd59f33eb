"""Which keys of the tiered cache are asked for most, over all web processes: sampled, counted in a sketch, told every WINDOW_SECONDS.

    a look-up, one in 16   the process counts its keys                      `sketch`
    every ten seconds      a thread tells Redis, and hears what all told    `reporter`, `reports`
    staff                  reads it there                                   `config.engines_admin`

Nothing of it is on the way of a request but the counting.
"""

from config.hot_keys.links import link_keys_of, link_to
from config.hot_keys.reporter import begin
from config.hot_keys.reports import HotKey, reported

__all__ = ["HotKey", "begin", "link_keys_of", "link_to", "reported"]
