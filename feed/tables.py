"""The tables "inbox", "feed" and "topics".

    pattern                               table  key condition                              read/write units     consistency
    page of an inbox, newest first        inbox  reader_id, post_id < last                  0.5 RU for 20        eventual
    is there anything newer               inbox  reader_id, post_id > seen                  0.5 RU               eventual
    push a post to readers                inbox  BatchWrite reader_id + post_id             1 WU a reader        -
    posts of one author in an inbox       inbox  reader_id, filtered by author_id           0.5 RU a 4 KB        eventual
    all that is kept of a reader          feed   READER#<id>                                0.5 RU a 4 KB        eventual
    a follow, or its end, noted           feed   update READER#<id>, FOLLOWS#<2 hex>        1 WU                 -
    what does a reader pull, is that new  feed   BatchGet READER#, REGISTRY VERSION         1 RU                 eventual
    authors pulled since a version        feed   REGISTRY, sk > ENTRY#<version>             1 RU a 4 KB          strong
    which of these authors are pulled     feed   BatchGet AUTHOR#<each>, PULLED             1 RU each            strong
    start to pull an author               feed   transaction of 3                           6 WU                 transaction
    change what a reader pulls            feed   update READER#<id>, PULLS                  1 WU a KB            -
    edges of a pulled author still pushed feed   AUTHOR#<id>, begins_with PUSH#             1 RU a 4 KB          strong
    what is known of an author who posts  feed   BatchGet AUTHOR#<id>, RATE and PULLED      2 RU                 strong
    how often do these authors post       feed   BatchGet AUTHOR#<each>, RATE               0.5 RU each          eventual
    count a post, or some reactions       feed   update AUTHOR#<id>, RATE                   1 WU                 by post
    stop to pull an author                feed   transactions of 2 and 3, a step a page     4 + 6 WU, 1 WU       transaction
    whom is that being done to            feed   REGISTRY, begins_with DEMOTION#            1 RU a 4 KB          strong
    how often do these readers come       feed   BatchGet READER#<each>, STATE              0.5 RU each          eventual
    note the reads of the last hour       feed   update READER#<id>, STATE                  1 WU                 by rate_at_ms
    topics of these authors               topics BatchGet AUTHOR#<each>                     0.5 RU each          eventual
    authors of these topics               topics BatchGet TOPIC#<each>                      0.5 RU each          eventual
    change the topics of an author        topics put AUTHOR#<id>                            1 WU                 -
    change the authors of a topic         topics get, then put TOPIC#<name>                 1 RU, 2 WU           by version

An inbox item is under 100 bytes and its key says everything, so a push that is repeated changes nothing. `ttl` is the
time of the post plus the retention and a margin; as DynamoDB deletes up to 48 hours late, reads filter by it.

    pk             sk                    attributes
    REGISTRY       VERSION               version: how many authors are pulled
    REGISTRY       ENTRY#<19 digits>     author_id: the author who was registered with this version; 0 once they are gone
    REGISTRY       DEMOTION#<id>         author_id: of whom a demotion goes on
    AUTHOR#<id>    PULLED                version, at_ms, reason; demotion (a run), cursor, moved_at_ms while one goes on
    AUTHOR#<id>    PUSH#<reader id>      author_id, reader_id: pushed to this reader although the author is pulled
    AUTHOR#<id>    RATE                  posts_per_day, at_ms, last_post_id; reactions_per_day, reactions_at_ms; policy if staff chose one
    READER#<id>    PULLS                 authors (set of ids as text), version; pending (of these, those whose edge is just
                                         being marked), change (an id: of the last addition)
    READER#<id>    STATE                 reads_per_day, rate_at_ms, last_read_ms, kept_days, kept_before_days, kept_changed_ms,
                                         awake_since_ms, decided_at_ms (`feed.activity_entities.ReaderState`)
    READER#<id>    FOLLOWS               built_at_ms: from then on the chunks hold everybody followed; asked_at_ms,
                                         lacking_ms, rebuilt_at_ms (`feed.rebuilding`)
    READER#<id>    FOLLOWS#<2 hex>       f: fingerprints (`feed.fingerprints`) of followees, 32 chunks by hash
    READER#<id>    MUTES                 f: fingerprints of all whom the reader has muted, or is about to

    pk of "topics" attributes
    AUTHOR#<id>    topics (in how many of the latest posts each is), ttl
    TOPIC#<name>   authors ([id, followers, when last seen], at most 50, the most followed first), version, ttl

A reader's PULLS hold every registered author up to `version` that the reader follows, but those whose PUSH# edge has
been backfilled or whom a demotion has backfilled; and every followee whose edge is marked (`graph.delivery`).
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
    kept=("READER#", "REGISTRY"),
    patterns=(
        AccessPattern("all that is kept of a reader", "table", "pk = READER#<id>", "0.5 RU a 4 KB", "eventual"),
        AccessPattern("a follow, or its end, noted", "table", "update READER#<id> FOLLOWS#<2 hex>", "1 WU", "-"),
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
        AccessPattern("what is known of an author who posts", "table", "BatchGet AUTHOR#<id> RATE, PULLED", "2 RU", "strong"),
        AccessPattern("how often do these authors post", "table", "BatchGet AUTHOR#<each> RATE", "0.5 RU each", "eventual"),
        AccessPattern("count a post, or some reactions", "table", "update AUTHOR#<id> RATE", "1 WU", "by post"),
        AccessPattern(
            "stop to pull an author", "table", "transactions of 2 and 3; between them an update of PULLED a page", "10 WU, 1 WU a page",
            "transaction",
        ),
        AccessPattern("of whom a demotion goes on", "table", "pk = REGISTRY, sk begins DEMOTION#", "1 RU a 4 KB", "strong"),
        AccessPattern("how often do these readers come (cached)", "table", "BatchGet READER#<each> STATE", "0.5 RU each", "eventual"),
        AccessPattern(
            "note the reads of the last hour", "table", "update READER#<id> STATE, if rate_at_ms is unchanged", "1 WU", "conditional"
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
DEMOTION_PREFIX = "DEMOTION#"
STATE = "STATE"
FOLLOWS = "FOLLOWS"
MUTES = "MUTES"


def inbox_key(reader_id: UserId, post_id: PostId) -> Item:
    """One pushed post."""
    return {"reader_id": reader_id, "post_id": post_id}


def entry_key(version: int) -> Item:
    """The registry's line of that version."""
    return {"pk": REGISTRY, "sk": f"{ENTRY_PREFIX}{sort_key(version)}"}


def pulled_key(author_id: UserId) -> Item:
    """The mark that an author is pulled."""
    return {"pk": f"AUTHOR#{author_id}", "sk": "PULLED"}


def rate_key(author_id: UserId) -> Item:
    """How often one author posts and is reacted to."""
    return {"pk": f"AUTHOR#{author_id}", "sk": "RATE"}


def demotion_key(author_id: UserId) -> Item:
    """The registry's note that one author is about to be pushed again."""
    return {"pk": REGISTRY, "sk": f"{DEMOTION_PREFIX}{author_id}"}


def push_edge_key(author_id: UserId, reader_id: UserId) -> Item:
    """One edge that is pushed although its author is pulled."""
    return {"pk": f"AUTHOR#{author_id}", "sk": f"{PUSH_PREFIX}{reader_id}"}


def pulls_key(reader_id: UserId) -> Item:
    """What one reader pulls."""
    return {"pk": f"READER#{reader_id}", "sk": "PULLS"}


def reader_state_key(reader_id: UserId) -> Item:
    """How often one reader comes."""
    return {"pk": f"READER#{reader_id}", "sk": STATE}


def follows_key(reader_id: UserId, chunk: int | None = None) -> Item:
    """One chunk of whom a reader follows; without a number what is known of all chunks."""
    sk = FOLLOWS if chunk is None else f"{FOLLOWS}#{chunk:02x}"
    return {"pk": f"READER#{reader_id}", "sk": sk}


def mutes_key(reader_id: UserId) -> Item:
    """Whom one reader may have muted."""
    return {"pk": f"READER#{reader_id}", "sk": MUTES}


def author_topics_key(author_id: UserId) -> Item:
    """What one author posts about."""
    return {"pk": f"AUTHOR#{author_id}"}


def topic_authors_key(topic: str) -> Item:
    """Who posts about one topic."""
    return {"pk": f"TOPIC#{topic}"}
