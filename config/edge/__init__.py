"""Caches in front of Roost: what they may keep, and whether what they keep still stands.

    edge                                        Roost
     | GET /p/7/ of somebody signed out          |
     |-- does my /p/7/ still stand? ------------>| what it showed, and what has changed since          asking.py
     |<------------------------ its version -----| 1 or 2 round trips to Redis, nothing else           versions.py
     | keeps that version: answers by itself     |
     | does not: GET /p/7/, of that version ---->| the page, and the names of what it shows are noted
     |<------------- Cache-Control: public ------| the last word on every answer                       middleware.py

Nothing may be kept by anybody but who asked unless its view says so (`public_page`, `public_file`, `removable_file`:
opting.py). Whatever takes something from the public takes its stamp away (`config.stamps`): kept pages that show it have
another version then.
Decision: docs/decisions/0030-an-edge-asks-whether-its-page-still-stands.md.
"""

from config.edge.opting import let_edges_keep, public_file, public_page, removable_file

__all__ = ["let_edges_keep", "public_file", "public_page", "removable_file"]
