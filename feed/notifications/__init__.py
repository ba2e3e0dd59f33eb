"""What people are told of what others did: stored once an event, grouped, taken back with what it tells of.

events of graph and posts -> consumers.py -> happenings.py (who is told what) -> tasks.py -> services.py -> repository.py
page, API, bell           -> selectors.py (what is there) -> judging.py (what the reader may see of it) -> sentences.py
something is new          -> live.py (a stamp in the cache) -> streams.py, live_views.py (server-sent events)

groups.py     a line of the page, pure          switches.py   what somebody wants to be told
"""
