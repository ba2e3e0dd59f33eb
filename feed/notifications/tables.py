"""The table "notifications": a partition for each reader.

    pattern                                key condition                          read/write units       consistency
    tell of something                      BatchGet GROUP#, ENTRY#, STATE; then   3 RU; 4 WU + 2 WU      transaction
                                           a transaction of the first two         index
    take it back                           the same                               the same               transaction
    page, newest first                     by_time gpk, gsk < last                0.5 RU for some 8      eventual
    how many are unread                    by_time gpk, gsk > read                0.5 RU for some 8      eventual
    what is wanted, how far it is read     pk, sk = STATE                         0.5 RU                 eventual
    all who are in a line                  pk, sk begins ENTRY#<line>#            1 RU for some 30       strong
    forget whose posts one was told of     pk, sk begins GROUP#post#<author>#     1 RU, 1 WU an item     strong

    pk             sk                      attributes
    READER#<id>    GROUP#<line>            kind, subject, window, post_id, count, latest, version, ttl
                                           gpk READER#<id>, gsk: the id of its latest row; neither when nobody is left
    READER#<id>    ENTRY#<line>#<source>   stamp, actor_id, noted_id, root_id, ttl; gone: it was taken back with this stamp
    READER#<id>    STATE                   read_id: what was noted up to here is read; off: kinds that are not wanted

A line is <kind>#<subject>#<window>. A row of `latest` is a list, for names would weigh more than values: [source, actor
id, noted id, root id or nothing]. An entry outlives its group, so that what is undone is always found.
"""

from config.dynamodb import AccessPattern, Index, Item, KeyPart, Table
from config.entities import UserId
from feed.notifications.entities import Line

BY_TIME = "by_time"
GROUP_PREFIX = "GROUP#"
ENTRY_PREFIX = "ENTRY#"
STATE = "STATE"

NOTIFICATIONS = Table(
    name="notifications",
    purpose="What people are told of what others did, grouped; what they want to be told, and how far they have read.",
    partition_key=KeyPart("pk", "S"),
    sort_key=KeyPart("sk", "S"),
    indexes=(Index(BY_TIME, KeyPart("gpk", "S"), KeyPart("gsk", "N")),),
    ttl_attribute="ttl",
    stream=False,
    patterns=(
        AccessPattern(
            "tell of something, take it back", "table",
            "BatchGet GROUP#, ENTRY#, STATE; transaction: GROUP#, ENTRY#", "3 RU, 4 WU + 2 WU index", "transaction",
        ),
        AccessPattern("page, newest first", BY_TIME, "gpk = READER#<id>, gsk < last", "0.5 RU for some 8", "eventual"),
        AccessPattern("how many are unread", BY_TIME, "gpk = READER#<id>, gsk > read_id", "0.5 RU for some 8", "eventual"),
        AccessPattern("what is wanted, how far it is read", "table", "pk = READER#<id>, sk = STATE", "0.5 RU", "eventual"),
        AccessPattern(
            "all who are in a line", "table", "pk = READER#<id>, sk begins ENTRY#<line>#", "1 RU for some 30", "strong"
        ),
        AccessPattern(
            "forget whose posts one was told of", "table",
            "pk = READER#<id>, sk begins GROUP#post#<author>#; ENTRY# too", "1 RU, 1 WU an item", "strong",
        ),
        AccessPattern("note how far it is read, what is wanted", "table", "update STATE", "1 WU", "conditional"),
    ),
)  # fmt: skip


def partition(reader_id: UserId) -> str:
    """Everything of one reader."""
    return f"READER#{reader_id}"


def group_key(line: Line) -> Item:
    """A line."""
    return {"pk": partition(line.reader_id), "sk": f"{GROUP_PREFIX}{line}"}


def entries_prefix(line: Line) -> str:
    """All who are in it, or were."""
    return f"{ENTRY_PREFIX}{line}#"


def entry_key(line: Line, source: int) -> Item:
    """One of them."""
    return {"pk": partition(line.reader_id), "sk": f"{entries_prefix(line)}{source}"}


def state_key(reader_id: UserId) -> Item:
    """What the reader chose, and has read."""
    return {"pk": partition(reader_id), "sk": STATE}
