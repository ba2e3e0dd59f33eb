"""Every list of posts is a pipeline, written as a menu.

    reading    what is kept of the reader, read beside      reading.py
    sources    ids, each with how far down it is complete    sources.py
    slate      the order, and how far down all are complete  slate.py
    hydrators  fill in bulk: same length, same order         hydrators.py
    filters    kept and removed, each absence with a reason  filters.py
    pipeline   rounds until the page is full                 pipeline.py
    following  the menu of the Following feed                following.py

A ranked feed adds scorers between hydrators and slate; Following has none.
"""
