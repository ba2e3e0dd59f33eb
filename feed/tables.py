"""The tables "inbox", "feed" and "topics".

    pattern                               table  key condition                              read/write units     consistency
    page of an inbox, newest first        inbox  reader_id, post_id < last                  0.5 RU for 20        eventual
    is there anything newer               inbox  reader_id, post_id > seen                  0.5 RU               eventual
    push a post to readers                inbox  BatchWrite reader_id + post_id             1 WU a reader        -
    posts of one author in an inbox       inbox  reader_id, filtered by author_id           0.5 RU a 4 KB        eventual
    what does a reader pull, is that new  feed   BatchGet READER#, REGISTRY VERSION         1 RU                 eventual
    authors pulled since a version        feed   REGISTRY, sk > ENTRY#<version>             1 RU a 4 KB          strong
    which of these authors are pulled     feed   BatchGet AUTHOR#<each>, PULLED             1 RU each            strong
    start to pull an author               feed   transaction of 3                           6 WU                 transaction
    change what a reader pulls            feed   update READER#<id>, PULLS                  1 WU a KB            -
    edges of a pulled author still pushed feed   AUTHOR#<id>, begins_with PUSH#             1 RU a 4 KB          strong
    topics of these authors               topics BatchGet AUTHOR#<each>                     0.5 RU each          eventual
    authors of these topics               topics BatchGet TOPIC#<each>                      0.5 RU each          eventual
    change the topics of an author        topics put AUTHOR#<id>                            1 WU                 -
    change the authors of a topic         topics get, then put TOPIC#<name>                 1 RU, 2 WU           by version

An inbox item is under 100 bytes and its key says everything, so a push that is repeated changes nothing. `ttl` is the
time of the post plus the retention and a margin; as DynamoDB deletes up to 48 hours late, reads filter by it.

    pk             sk                    attributes
    REGISTRY       VERSION               version: how many authors are pulled
    REGISTRY       ENTRY#<19 digits>     author_id: the author who was registered with this version; 0 once they are gone
    AUTHOR#<id>    PULLED                version
    AUTHOR#<id>    PUSH#<reader id>      author_id, reader_id: pushed to this reader although the author is pulled
    READER#<id>    PULLS                 authors (set of ids as text), version

    pk of "topics" attributes
    AUTHOR#<id>    topics (in how many of the latest posts each is), ttl
    TOPIC#<name>   authors ([id, followers, when last seen], at most 50, the most followed first), version, ttl

A reader's PULLS hold every registered author up to `version` that the reader follows, but those whose PUSH# edge has
been backfilled.
"""

from config.dynamodb import AccessPattern, Item, KeyPart, Table
from config.entities import PostId, UserId
from config.ids import sort_key

INBOX = Table(
    name="inbox",
    purpose="Posts pushed to their readers: one small item for each reader and post.",
    partition_key=KeyPart("reader_id", "N"),
    sort_key=KeyPart("post_id", "N"),
    ttl_attribute="ttl",
    stream=False,
    patterns=(
        AccessPattern("page of an inbox, newest first", "table", "reader_id = R, post_id < last", "0.5 RU for 20", "eventual"),
        AccessPattern("is there anything newer", "table", "reader_id = R, post_id > seen", "0.5 RU", "eventual"),
        AccessPattern("push a post to readers", "table", "BatchWrite of reader_id + post_id", "1 WU a reader", "-"),
        AccessPattern("take a post back", "table", "BatchWrite deletes of reader_id + post_id", "1 WU a reader", "-"),
        AccessPattern(
            "posts of one author in an inbox", "table", "reader_id = R, filter author_id = A", "0.5 RU a 4 KB", "eventual"
        ),
    ),
)  # fmt: skip

FEED = Table(
    name="feed",
    purpose="Who is pulled instead of pushed, and by whom.",
    partition_key=KeyPart("pk", "S"),
    sort_key=KeyPart("sk", "S"),
    stream=True,
    patterns=(
        AccessPattern(
            "what does a reader pull, and is that up to date", "table",
            "BatchGet READER#<id> PULLS, REGISTRY VERSION", "0.5 RU each", "eventual",
        ),
        AccessPattern("authors pulled since a version", "table", "pk = REGISTRY, sk > ENTRY#<version>", "1 RU a 4 KB", "strong"),
        AccessPattern("which of these authors are pulled", "table", "BatchGet AUTHOR#<each> PULLED", "1 RU each", "strong"),
        AccessPattern("start to pull an author", "table", "transaction: VERSION, ENTRY#, PULLED", "6 WU", "transaction"),
        AccessPattern("change what a reader pulls", "table", "update READER#<id> PULLS", "1 WU a KB", "-"),
        AccessPattern(
            "edges of a pulled author that are pushed", "table", "pk = AUTHOR#<id>, sk begins PUSH#", "1 RU a 4 KB", "strong"
        ),
    ),
)  # fmt: skip

TOPICS = Table(
    name="topics",
    purpose="What authors post about, and the most followed authors of each topic.",
    partition_key=KeyPart("pk", "S"),
    ttl_attribute="ttl",
    stream=False,
    patterns=(
        AccessPattern("topics of these authors", "table", "BatchGet AUTHOR#<each>", "0.5 RU each", "eventual"),
        AccessPattern("authors of these topics", "table", "BatchGet TOPIC#<each>", "0.5 RU each", "eventual"),
        AccessPattern("change the topics of an author", "table", "put AUTHOR#<id>", "1 WU", "-"),
        AccessPattern("change the authors of a topic", "table", "get, then put TOPIC#<name>", "1 RU, 2 WU", "by version"),
    ),
)  # fmt: skip

REGISTRY = "REGISTRY"
VERSION_KEY: Item = {"pk": REGISTRY, "sk": "VERSION"}
ENTRY_PREFIX = "ENTRY#"
PUSH_PREFIX = "PUSH#"


def inbox_key(reader_id: UserId, post_id: PostId) -> Item:
    """One pushed post."""
    return {"reader_id": reader_id, "post_id": post_id}


def entry_key(version: int) -> Item:
    """The registry's line of that version."""
    return {"pk": REGISTRY, "sk": f"{ENTRY_PREFIX}{sort_key(version)}"}


def pulled_key(author_id: UserId) -> Item:
    """The mark that an author is pulled."""
    return {"pk": f"AUTHOR#{author_id}", "sk": "PULLED"}


def push_edge_key(author_id: UserId, reader_id: UserId) -> Item:
    """One edge that is pushed although its author is pulled."""
    return {"pk": f"AUTHOR#{author_id}", "sk": f"{PUSH_PREFIX}{reader_id}"}


def pulls_key(reader_id: UserId) -> Item:
    """What one reader pulls."""
    return {"pk": f"READER#{reader_id}", "sk": "PULLS"}


def author_topics_key(author_id: UserId) -> Item:
    """What one author posts about."""
    return {"pk": f"AUTHOR#{author_id}"}


def topic_authors_key(topic: str) -> Item:
    """Who posts about one topic."""
    return {"pk": f"TOPIC#{topic}"}
