"""How often anybody may do what: token buckets per account and per address, for pages, API and services.

limits.py      every limit, declared           buckets.py     one bucket in Redis, or in memory while Redis is away
taking.py      take("follow", user_id=...)     asking.py      the request in hand: its address, its standings
headers.py     RateLimit and RateLimit-Policy  middleware.py  puts them on the answer
"""

from config.rates.errors import LimitReached
from config.rates.limits import Action
from config.rates.taking import limited, take

__all__ = ["Action", "LimitReached", "limited", "take"]
