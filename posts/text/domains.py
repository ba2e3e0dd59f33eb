"""Names of hosts: whether they can exist on the public internet, and how they are written in ASCII.

Suffixes come from the Public Suffix List as the `publicsuffixlist` package ships it: nothing is fetched.
"""

import unicodedata
from functools import lru_cache

import idna
import regex
from publicsuffixlist import PublicSuffixList

MAX_NAME = 253
MAX_LABEL = 63
_SUFFIXES = PublicSuffixList(accept_unknown=False, only_icann=True)
_ASCII_LABEL = regex.compile(r"[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?")
_SYMBOLS = regex.compile(r"[\p{L}\p{M}\p{N}\p{So}-]+")


@lru_cache(maxsize=8192)
def registrable(host: str) -> str | None:
    """The name that somebody can have registered, in ASCII: `example.co.uk` of `www.example.co.uk`.

    None for a suffix alone, for a top level that does not exist, and for what is no name.
    """
    name = ascii_host(host)
    found = _SUFFIXES.privatesuffix(name) if name else None
    # An underscore is for machines' names below the registered one.
    return found if found and "_" not in found else None


@lru_cache(maxsize=8192)
def is_top_level(label: str) -> bool:
    """Whether names can end in it."""
    name = _ascii_label(label)
    return name is not None and _SUFFIXES.publicsuffix(name) is not None


@lru_cache(maxsize=8192)
def ascii_host(host: str) -> str | None:
    """The name in lower case with international labels encoded (IDNA 2008, with UTS 46), or None if it is no name."""
    labels = [_ascii_label(label) for label in host.split(".")]
    name = ".".join(label or "" for label in labels)
    return name if all(labels) and len(labels) > 1 and len(name) <= MAX_NAME else None


@lru_cache(maxsize=8192)
def _ascii_label(label: str) -> str | None:
    label = unicodedata.normalize("NFKC", label).lower()
    if not label.isascii():
        try:
            label = idna.alabel(idna.uts46_remap(label, std3_rules=True)).decode()
        except idna.IDNAError:
            # Symbols were registered before they were ruled out, and browsers still go there.
            label = "xn--" + label.encode("punycode").decode() if _SYMBOLS.fullmatch(label) else ""
    return label if len(label) <= MAX_LABEL and _ASCII_LABEL.fullmatch(label) else None
