"""Roost on one machine: set-up, engines, supervision. Behind `bin/run`, `bin/test`, `bin/bench` and `bin/check`.

    launch (bash) -> setup -> run | test | bench | check -> rig | supervise -> engines -> fetch -> processes | ports | paths | messages

`setup` and what stands to its right use the standard library only: they run before anything is installed.
"""
