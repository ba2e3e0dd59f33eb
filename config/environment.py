"""Every setting that the environment may give, typed, with a default that is safe on a laptop.

`.env` in the project's root is read first; the process's environment wins over it.
"""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

BASE_DIR = Path(__file__).resolve().parent.parent


class Environment(BaseSettings):
    """The environment of one Roost process. Each field's description is its line in `.env.example`."""

    model_config = SettingsConfigDict(env_prefix="ROOST_", env_file=BASE_DIR / ".env", extra="ignore")

    debug: bool = Field(default=False, description="Django's debug pages. Never in production.")
    secret_key: SecretStr = Field(
        SecretStr(""), description="Signs sessions and cursors. Empty: made once and kept in the data folder."
    )
    data_dir: Path = Field(
        BASE_DIR / "var", description="Where SQLite, media, engines' files and logs are kept."
    )
    allowed_hosts: list[str] = Field(
        ["127.0.0.1", "localhost", "[::1]"], description="Host names that pages are served for (JSON list)."
    )
    trusted_origins: list[str] = Field(
        [], description="Origins trusted for forms behind a proxy (JSON list)."
    )
    https: bool = Field(default=False, description="Secure cookies, HSTS and redirects: set it behind TLS.")
    database_url: str = Field(
        "",
        validation_alias="DATABASE_URL",
        description="Accounts' database. Empty: SQLite in the data folder.",
    )
    dynamodb_endpoint: str = Field("", description="Endpoint of a local engine. Empty: Amazon DynamoDB.")
    dynamodb_region: str = Field("eu-central-1", description="Region of the tables.")
    dynamodb_concurrency: int = Field(
        32,
        ge=1,
        le=64,
        description="Requests to DynamoDB that a process has under way at most; it goes down by itself while answers are slow.",
    )
    hot_key_reads: float = Field(
        100.0,
        gt=0,
        description="Reads a second, over all web processes, from which on a key of the cache is hot: refreshed in time, and copied.",
    )
    region: str = Field(
        "", description="Region that this process counts follows for. Empty: the region of the tables."
    )
    regions: list[str] = Field(
        [],
        description="All regions that write to the tables (JSON list), the home region first. Empty: this one only.",
    )
    table_prefix: str = Field("roost-", description="Put before every table's name.")
    broker_url: str = Field("redis://127.0.0.1:6379/0", description="Celery's broker (append-only Redis).")
    cache_url: str = Field("redis://127.0.0.1:6380/0", description="Cache Redis (bounded, LFU).")
    rates_url: str = Field("", description="Redis of the limits of actions. Empty: the cache's.")
    redis_timeout_seconds: float = Field(
        0.2,
        gt=0,
        description="How long the cache or the limits are waited for before Redis is given up for some seconds.",
    )
    redelivery_seconds: int = Field(
        120,
        ge=4,
        description="After how long a broker without pulse (SQS) delivers again; half of it is a task's time.",
    )
    silence_seconds: int = Field(
        8, ge=3, description="How long a worker of a Redis broker may be silent until others get its tasks."
    )
    delivery_policy: Literal["per_edge", "follower_threshold", "push_all", "pull_all"] = Field(
        "per_edge",
        description="How posts come to readers: per_edge (each follow by its cost), follower_threshold, push_all or pull_all.",
    )
    pull_threshold: int = Field(
        10_000,
        ge=1,
        description="Followers from which an author's posts are pulled instead of pushed, until there are a fifth fewer.",
    )
    pull_reactions: int = Field(
        100_000,
        ge=0,
        description="Likes, comments and reposts a day from which the same is done; 0: however many there are.",
    )
    fanout_waiting: int = Field(
        2_000, ge=1, description="Waiting tasks of fan-outs from which further ones are turned into pull."
    )
    prolific_posts: int = Field(
        500,
        ge=1,
        description="Posts within one month from which an author's posts of it lie in a list of their own.",
    )
    hot_tag_entries: int = Field(
        1000,
        ge=1,
        description="Posts with a hashtag within ten seconds from which its posts are spread over 16 lists.",
    )
    live_streams: int = Field(
        16,
        ge=0,
        description="Live streams that a web process holds open at most, each in a thread of its own; 0: windows ask.",
    )
    rate_factor: float = Field(
        1.0,
        ge=0,
        description="Multiplies every limit of actions (follows, posts, likes); 0 switches them off.",
    )
    private_storage: str = Field(
        "",
        description="Where exports are kept: s3://bucket/prefix?region=...&endpoint=... Empty: the data folder.",
    )
    photo_storage: str = Field(
        "",
        description="Where photos are kept: as for private storage. Empty: the data folder. A bucket must not be public.",
    )
    photo_max_bytes: int = Field(
        30_000_000, ge=1_000_000, description="How large an uploaded picture may be."
    )
    export_days: int = Field(7, ge=1, description="For how many days a finished export may be downloaded.")
    archive_storage: str = Field(
        "",
        description="Where edges of dormant accounts are kept, in the form of ROOST_PRIVATE_STORAGE. Empty: the data folder.",
    )
    archive_after_days: int = Field(
        365, ge=1, description="After how many days without a visit an account's edges are archived."
    )
    archive_rest_days: int = Field(
        30, ge=0, description="Edges that somebody had fetched from the archive stay for so many days."
    )
    archive_grace_seconds: int = Field(
        90,
        ge=0,
        description="Between marking an account as archived and moving its edges; longer than cached profiles live.",
    )
    trusted_proxies: int = Field(
        0, ge=0, description="How many proxies in front add to X-Forwarded-For; 0: the peer's address counts."
    )
    shared_seconds: int = Field(
        10,
        ge=0,
        le=240,
        description="For how many seconds shared caches may keep public pages; those that don't ask show for so long what has been hidden. 0: none keep any.",
    )
    new_account_hours: float = Field(
        24, ge=0, description="For how many hours a new account's posts are checked before others see them."
    )
    scanners: list[str] = Field(
        [
            "posts.moderation.scanners.rules.RuleScanner",
            "posts.moderation.scanners.text.TextScanner",
            "posts.moderation.scanners.images.ImageScanner",
        ],
        description="What looks at posts and comments (JSON list of classes); an empty list: nothing does.",
    )
    text_thresholds: dict[str, float] = Field(
        {"covered": 0.998},
        description="From which probability of rude English a text is covered, held or rejected (JSON).",
    )
    image_thresholds: dict[str, dict[str, float]] = Field(
        {
            "FEMALE_BREAST_EXPOSED": {"covered": 0.5},
            "BUTTOCKS_EXPOSED": {"covered": 0.5},
            "FEMALE_GENITALIA_EXPOSED": {"covered": 0.4, "held": 0.7},
            "MALE_GENITALIA_EXPOSED": {"covered": 0.4, "held": 0.7},
            "ANUS_EXPOSED": {"covered": 0.4, "held": 0.7},
        },
        description="For each class that nudenet finds, from which score a photo is covered, held or rejected (JSON).",
    )
    report_days: int = Field(
        180, ge=1, description="For how many days a decided report and its copy of the content are kept."
    )
    link_previews: bool = Field(
        default=True,
        description="Whether workers fetch pages that posts link to, for their title and picture.",
    )
    email_url: str = Field(
        "", description="SMTP as smtp://user:password@host:587. Empty: mail to the console."
    )
    email_verification: Literal["none", "optional", "mandatory"] = Field(
        "none", description="Whether new accounts confirm their e-mail address: none, optional, or mandatory."
    )
    deletion_days: int = Field(
        30, ge=0, description="For how many days a deleted account can be brought back by its owner."
    )
    metrics_token: SecretStr = Field(
        SecretStr(""),
        description="Bearer token for /metrics. Empty: only programs on this machine may read it.",
    )
    log_format: Literal["console", "json"] = Field("console", description="How log lines are written.")
    log_level: str = Field("INFO", description="Lowest level that is logged.")


environment = Environment()
