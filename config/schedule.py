"""What beat starts, and how often. Tasks are named by text, for `config` imports no room; each may run twice, or late."""

MINUTE, HOUR, DAY = 60.0, 3_600.0, 86_400.0
BEAT_SCHEDULE: dict[str, dict[str, object]] = {
    "archive-dormant": {"task": "graph.archive_dormant", "schedule": DAY},
    "demotions-resume": {"task": "feed.demotions_resume", "schedule": 5 * MINUTE},
    "departures-tend": {"task": "accounts.departures_tend", "schedule": 5 * MINUTE},
    "exports-tend": {"task": "accounts.exports_tend", "schedule": MINUTE},
    "deleted-posts-sweep": {"task": "posts.sweep_deleted", "schedule": HOUR},
    "reports-sweep": {"task": "posts.sweep_reports", "schedule": DAY},
    "drafts-publish": {"task": "posts.publish_due", "schedule": 20.0},
    "media-sweep": {"task": "posts.sweep_media", "schedule": DAY},
    "exports-sweep": {"task": "accounts.exports_sweep", "schedule": HOUR},
}
