"""What an answer says of the buckets that its request took from.

    RateLimit-Policy: "follow-burst";q=30;w=60, "follow-day";q=400;w=86400
    RateLimit: "follow-burst";r=29;t=2, "follow-day";r=381;t=4104

Units: q tokens that a bucket holds and w seconds in which it fills; r tokens left, t seconds until it is full again. So
after t or more there are q; a token comes each w / q seconds. A refusal has Retry-After besides, which is never later
than the t of the bucket that refused. While Redis is away q is what this process allows by itself.
Source: draft-ietf-httpapi-ratelimit-headers-10, RateLimit header fields for HTTP (work in progress).
"""

import math
from collections.abc import Sequence

from config.rates.buckets import Standing

POLICY_HEADER = "RateLimit-Policy"
STANDING_HEADER = "RateLimit"


def rate_headers(standings: Sequence[Standing]) -> dict[str, str]:
    """Both headers, as lists of structured fields (RFC 9651); empty if nothing was taken."""
    if not standings:
        return {}
    latest = {standing.policy: standing for standing in standings}.values()
    policies = (f'"{one.policy}";q={one.bucket.size};w={one.bucket.seconds}' for one in latest)
    states = (f'"{one.policy}";r={one.remaining};t={math.ceil(one.full_in_seconds)}' for one in latest)
    return {POLICY_HEADER: ", ".join(policies), STANDING_HEADER: ", ".join(states)}
