"""The table "posts": what is asked of it, and by which key.

One partition a post holds the post, its counts and its comments. What a person has put on posts lies with the person, so
one like never meets another: only their count is shared. One index lists what a person has posted, deleted and commented,
and who likes a post, each in a partition of its own; another one what is liked most, see `posts/ranks.py`.

    pk                     sk                    attributes
    POST#<id>              META                  author_id, text, photos (before: photo), audience, created_at_ms, deleted_at_ms;
                                                 if said: warning, lang, location, commenting
                                                 a repost: repost_of {post_id, author_id}; a quote: quote_of, the same
                                                 once changed: version, edited_at_ms
                                                 held back: standing, standing_reason; a moderator's word: ruling, ruled_version
                                                 put away: archived_at_ms; deleted, to be had back until then: purge_at_ms
                                                 gpk AUTHOR#<id> or AUTHOR#<id>#<yyyymm>, of a deleted post DELETED#<id>, of an archived one
                                                 ARCHIVED#<id>; gsk <post id>
    POST#<id>              EDIT#<9 digits>       that version as META had it, of its photos their descriptions; since_ms
    POST#<id>              COUNTS                likes, comments, reposts, quotes, shares, changes, closed (set when the post is deleted);
                                                 of a hot post spread, folds, folded_at_ms and <each>_elsewhere, a number a shard
    POST#<id>#SHARD#<k>    COUNTS                the same counts, of a hot post: what was changed there; closed
    POST#<id>              COMMENT#<19 digits>   comment_id, author_id, text, created_at_ms; replies, likes; hidden by the post's
                                                 author; rpk TOP#POST#<id>, rank; gpk COMMENTER#<id>, gsk <its id>;
                                                 gone: deleted, but for the
                                                 replies that hang on it, and then without author_id, text and gpk
    POST#<id>              REPLY#<root>#<19>     the same, in the thread of a comment; root_id, parent_id, parent_author_id;
                                                 replies: how many answer this one
    POST#<id>              RANK                  rung, turn, is_behind: its tags' entries are not told yet; as long as it is
                                                 liked and listed rpk TOP#AUTHOR#<id>, rank
    MARKS#<user>           POST#<19>#LIKED       post_id, user_id, author_id, created_at_ms, mark_id; gpk LIKERS#<post>, gsk <mark id>
    MARKS#<user>           POST#<19>#REPOSTED    post_id, user_id, author_id, repost_id; gpk REPOSTERS#<post>, gsk <repost id>
    MARKS#<user>           POST#<19>#SAVED       post_id, user_id, saved_id, collections; gpk SAVED#<user>, gsk <saved id>
    MARKS#<user>           SHARED#<19>           post_id: handed on, and counted
    MARKS#<user>           COLLECTION#<19>       collection_id, name, posts; cover_id: the last post with a photo that was put in
    COLLECTION#<user>#<id> <19 digits>           post_id: a saved post in a collection, by the save's id
    QUOTES#<post>          <19 digits>           post_id, author_id: a post that quotes this one
    MARKS#<user>           POST#<19>#MUTED       post_id, muted_at_ms: no notifications of this post
    MARKS#<user>           COMMENT#<19>#LIKED    comment_id, post_id, root_id, user_id, author_id, created_at_ms, mark_id;
                                                 gpk COMMENT_LIKERS#<comment>, gsk <mark id>
    AUTHOR#<id>            STATS                 posts; months: <yyyymm>@<ms>, those with a list of their own, and since when; where
                                                 there are any gpk AUTHOR#<id>, gsk 10^19 + <yyyymm>: above all posts of the list
    AUTHOR#<id>            PINS                  ids: what is pinned to the profile, at most 3
    AUTHOR#<id>            DRAFTS                drafts: how many there are
    DRAFTS#<author>        <19 digits>           draft_id, version, saved_at_ms, text, media, audience, details; to be published by
                                                 itself: due_at_ms, zone; when that could not be: problem
    DELETED_DRAFTS#<author> <19 digits>          the same for a day, in which it can be had back; ttl
    DUE#PUBLISH#<shard>    <15 digits>#<19>      author_id, draft_id: a draft to be published at that time, in ms
    DUE#PURGE#<shard>      <15 digits>#<19>      post_id: a deleted post to be taken away at that time, in ms
    MEDIA#<id>             MEDIUM                owner_id, state, bytes, look, folder, alt, sizes, formats, phash, reason;
                                                 drafts: those that show it; post_id once a post has it; with neither ttl, gpk MEDIA_OF#<owner>,
                                                 gsk <its id>; while its pieces come offset, parts, declared
    TAG#<tag>#<shard>      <19 digits>           post_id, author_id: a post with the tag, of any audience;
                                                 once liked rpk TOP#TAG#<tag>, rank, turn
    TAG#<tag>              SPREAD                from_ms: entries made after that lie in 16 lists, by post id
    PREVIEW#<digest>       PREVIEW               url, title, description, site, picture, outcome, fetched_at_ms, ttl;
                                                 old or gone, and looked at: asked_at_ms
    KEY#<author>#<digest>  MARKER                post_id, content, ttl: an idempotency key in use
    POST#<id>              SCAN                  results of its latest scan: version, outcome, standing, findings, failed, scanners,
                                                 is_whole, scanned_at_ms; gpk SCANNED#<yyyymmdd>#<shard>, gsk <post id>
    POST#<id>              SCAN#<19 digits>      the same of a comment under it
    EVENT#<event id>       MARKER                ttl: an event that has been counted
    RECONCILE              POSITION              user_id: up to which author a recount has come

`closed` repeats on COUNTS that META is deleted, so that a like or a comment asks its condition of the small item that
it changes anyway: no third item in its transaction, and no write units for the size of the text.
The index holds keys alone, so a long text costs nothing there and its posts come through the cache. What a person
deleted and commented is asked for by exports, and by the clean-up after one who has left; their likes are in their marks.
Likes of releases before lie as LIKE#<user> in the post's partition until the table change has moved them.
"""

from config.dynamodb import KEYS_ONLY, AccessPattern, Index, KeyPart, Table

META = "META"
COUNTS = "COUNTS"
STATS = "STATS"
MARKER = "MARKER"
PREVIEW = "PREVIEW"
MEDIUM = "MEDIUM"
COMMENT_PREFIX = "COMMENT#"
REPLY_PREFIX = "REPLY#"
COMMENT_PARTS = 4
MARK_PREFIX = "POST#"
COLLECTION_PREFIX = "COLLECTION#"
SHARED_PREFIX = "SHARED#"
EDIT_PREFIX = "EDIT#"
SCAN = "SCAN"
PINS = "PINS"
RANK = "RANK"
SPREAD = "SPREAD"
PURGE = "PURGE"
COUNTED = ("likes", "comments", "reposts", "quotes", "shares")
COUNT_SHARDS = 16
PUBLISH = "PUBLISH"
DRAFTS = "DRAFTS"
DUE_SHARDS = 8

IDEMPOTENCY_TTL_SECONDS = 24 * 3600
COUNTED_TTL_SECONDS = 14 * 24 * 3600  # well past the stream's 24 hours and a dead letter's replay

POSTS = Table(
    name="posts",
    purpose="Posts with their counts, comments and likes; what each author has posted.",
    partition_key=KeyPart("pk", "S"),
    sort_key=KeyPart("sk", "S"),
    indexes=(
        Index("by_author", partition_key=KeyPart("gpk", "S"), sort_key=KeyPart("gsk", "N"), projection=KEYS_ONLY),
        Index("by_rank", partition_key=KeyPart("rpk", "S"), sort_key=KeyPart("rank", "N"), projection=KEYS_ONLY),
    ),
    ttl_attribute="ttl",
    stream=True,
    kept=("AUTHOR#", "MARKS#"),
    patterns=(
        AccessPattern("create a post", "table", "put META", "1 WU a KB + 1 WU index", "conditional"),
        AccessPattern(
            "create a post once for a key", "table", "transaction: put META, put KEY#<author>#<digest>",
            "2 WU a KB + 2 WU + 2 WU index", "transaction",
        ),
        AccessPattern(
            "delete a post, take it back", "table", "transaction: META, COUNTS, DUE#PURGE#<shard>",
            "2 WU a KB + 4 WU + 2 WU index", "transaction",
        ),
        AccessPattern(
            "edit a post", "table", "transaction: META if of this version, put EDIT#<version>, delete EDIT#<version - 50>",
            "4 WU a KB + 2 WU", "transaction",
        ),
        AccessPattern("archive a post, put it back", "table", "update META", "1 WU a KB + 2 WU index", "conditional"),
        AccessPattern("deleted posts that are due", "table", "pk = DUE#PURGE#<shard>, sk < <now>", "0.5 RU a 4 KB", "strong"),
        AccessPattern("pinned posts of an author", "table", "pk = AUTHOR#<id>, sk = PINS", "0.5 RU", "eventual"),
        AccessPattern("pin, unpin", "table", "put PINS as it was read", "1 RU, 1 WU", "conditional"),
        AccessPattern("versions of a post, newest first", "table", "pk = POST#<id>, sk begins EDIT#",
                      "0.5 RU a 4 KB", "eventual"),
        AccessPattern("a post with its counts", "table", "BatchGet pk = POST#<id>, sk = META and COUNTS",
                      "0.5 RU a 4 KB + 0.5 RU", "eventual"),
        AccessPattern("posts of an author, newest first", "by_author", "gpk = AUTHOR#<id>, gsk < <post id>",
                      "0.5 RU for 20 ids, twice that of who posts much", "eventual"),
        AccessPattern("which months of an author have lists of their own", "table", "BatchGet pk = AUTHOR#<id>, sk = STATS",
                      "0.5 RU, of who has some or below the top, every six hours", "eventual"),
        AccessPattern("comments of a post, oldest first", "table", "pk = POST#<id>, sk begins COMMENT#",
                      "0.5 RU a 4 KB", "eventual"),
        AccessPattern("comment on a post, delete a comment", "table", "transaction: COMMENT#<id>, COUNTS",
                      "2 WU a KB + 2 WU + 2 WU index", "transaction"),
        AccessPattern("like a comment, unlike", "table", "transaction: MARKS#<user>, COMMENT#<id> or REPLY#<root>#<id>",
                      "2 WU + 1 WU index + 2 WU a KB", "transaction"),
        AccessPattern("which of these comments does a viewer like", "table", "pk = MARKS#<user>, sk from COMMENT#<id> to COMMENT#<id>",
                      "0.5 RU for some 20 marks, at most 2.5 RU", "eventual"),
        AccessPattern("a comment comes to another rung", "table", "update COMMENT#<id>", "1 WU a KB + 2 WU index", "conditional"),
        AccessPattern("comments of a post, the most liked first", "by_rank", "rpk = TOP#POST#<id>, rank < <last>; BatchGet COMMENT#<id>",
                      "0.5 RU for 40 + 0.5 RU a comment", "eventual"),
        AccessPattern("likes of a comment that is gone", "by_author", "gpk = COMMENT_LIKERS#<id>", "0.5 RU for 40", "eventual"),
        AccessPattern("reply, delete a reply", "table",
                      "transaction: REPLY#<root>#<id>, COUNTS, COMMENT#<root>, and what it answers if that is a reply",
                      "2 WU a KB of each + 2 WU + 1 WU index", "transaction"),
        AccessPattern("replies to a comment, oldest first", "table", "pk = POST#<id>, sk begins REPLY#<root>#",
                      "0.5 RU a 4 KB", "eventual"),
        AccessPattern("hide a comment, show it again", "table", "update COMMENT#<id> or REPLY#<root>#<id>", "1 WU a KB",
                      "conditional"),
        AccessPattern("like, unlike", "table", "transaction: MARKS#<user>, COUNTS", "4 WU + 1 WU index", "transaction"),
        AccessPattern("comments, deleted posts of a person", "by_author",
                      "gpk = COMMENTER#<id> / DELETED#<id>, gsk < last", "0.5 RU for 40", "eventual"),
        AccessPattern("the same on a hot post", "table", "transaction: MARKS#<user>, COUNTS of POST#<id>#SHARD#<k>",
                      "4 WU + 1 WU index", "transaction"),
        AccessPattern("sum up a hot post's counts", "table", "BatchGet COUNTS of 16 shards, update COUNTS", "18 RU, 1 WU",
                      "by number of the sum"),
        AccessPattern("who likes a post, newest first", "by_author", "gpk = LIKERS#<post> and #<k>, gsk < <mark id>",
                      "0.5 RU for 40", "eventual"),
        AccessPattern("what has a viewer put on these posts", "table", "pk = MARKS#<user>, sk from the oldest to the newest",
                      "0.5 RU for some 20 marks, at most 2.5 RU", "eventual"),
        AccessPattern("the same of posts that lie far apart in time", "table", "BatchGet pk = MARKS#<user>, sk = POST#<id>#<kind>",
                      "2 RU a post", "eventual"),
        AccessPattern("a person's likes, by the post", "table", "pk = MARKS#<user>, sk > POST#<id>", "1 RU for 20", "strong"),
        AccessPattern("repost", "table", "transaction: put META, put MARKS#<user>, COUNTS", "6 WU + 2 WU index", "transaction"),
        AccessPattern("take a repost back", "table",
                      "transaction: META, delete MARKS#<user>, DUE#PURGE#<shard>, COUNTS", "8 WU + 3 WU index", "transaction"),
        AccessPattern("who reposted a post, newest first", "by_author", "gpk = REPOSTERS#<post>, gsk < <repost id>",
                      "0.5 RU for 40", "eventual"),
        AccessPattern("quote a post, delete a quote, take that back", "table",
                      "as of any post; in its transaction QUOTES#<post>, COUNTS of the quoted", "4 WU more", "transaction"),
        AccessPattern("which posts quote a post, newest first", "table", "pk = QUOTES#<post>, sk < <post id>",
                      "0.5 RU for some 40", "eventual"),
        AccessPattern("save a post, let go of it", "table", "put or delete MARKS#<user>", "1 RU, 1 WU + 1 WU index",
                      "conditional"),
        AccessPattern("put a saved post into a collection, take it out", "table",
                      "transaction: MARKS#<user>, COLLECTION#<user>#<id>, the collection", "2 WU + 4 WU a collection",
                      "transaction"),
        AccessPattern("what somebody has saved, last first", "by_author", "gpk = SAVED#<user>, gsk < <saved id>",
                      "0.5 RU for 40", "eventual"),
        AccessPattern("what is in a collection, last saved first", "table", "pk = COLLECTION#<user>#<id>, sk < <saved id>",
                      "1 RU for some 60", "strong"),
        AccessPattern("collections of a person", "table", "pk = MARKS#<user>, sk begins COLLECTION#", "1 RU for some 25",
                      "strong"),
        AccessPattern("count a share", "table", "transaction: put MARKS#<user>, COUNTS", "4 WU", "transaction"),
        AccessPattern("how many posts has an author", "table", "pk = AUTHOR#<id>, sk = STATS", "0.5 RU", "eventual"),
        AccessPattern("count a post once", "table", "transaction: put EVENT#<event id>, add to STATS", "4 WU",
                      "transaction"),
        AccessPattern("upload a medium, describe it, note a piece or its renditions", "table",
                      "put or update MEDIUM", "1 WU a KB, + 1 WU index when it is new", "conditional"),
        AccessPattern("media that a post is made of", "table", "BatchGet pk = MEDIA#<id>", "1 RU each", "strong"),
        AccessPattern("create a post with media", "table", "transaction: put META, update each MEDIUM as it was read",
                      "2 WU a KB + 2 WU index, 4 WU a medium", "transaction"),
        AccessPattern("a person's media that no post has", "by_author", "gpk = MEDIA_OF#<id>", "0.5 RU for 40",
                      "eventual"),
        AccessPattern("enter a post's tags, take them out", "table", "BatchWrite pk = TAG#<tag>#<shard>, sk = <post id>",
                      "1 WU a tag", "eventual"),
        AccessPattern("posts with a tag, newest first", "table", "pk = TAG#<tag>#<shard>, sk < <post id>",
                      "0.5 RU for some 40 ids; 8 RU of a tag that is spread", "eventual"),
        AccessPattern("keep what a scan found", "table", "put SCAN; where the standing changes with META in a transaction",
                      "1 WU + 1 WU index; 2 WU a KB + 2 WU + 1 WU index", "conditional"),
        AccessPattern("posts that were scanned lately, newest first", "by_author",
                      "gpk = SCANNED#<yyyymmdd>#<shard>, gsk < <post id>, 8 shards", "4 RU a day", "eventual"),
        AccessPattern("rank a liked post once its rung changes", "table", "put RANK; update each TAG#<tag>#<shard>",
                      "4 RU; 1 WU + 2 WU index, 3 WU a tag", "conditional"),
        AccessPattern("posts of an author, of a tag, most liked first", "by_rank",
                      "rpk = TOP#AUTHOR#<id> / TOP#TAG#<tag>, rank < last", "0.5 RU for some 40", "eventual"),
        AccessPattern("into how many lists is a tag spread", "table", "BatchGet pk = TAG#<tag>, sk = SPREAD",
                      "1 RU a tag, twice a minute", "strong"),
        AccessPattern("save a draft whose photos and time stay", "table", "put DRAFTS#<author> if of this version", "1 WU a KB",
                      "conditional"),
        AccessPattern(
            "make, delete or schedule a draft, change its photos", "table",
            "transaction: DRAFTS#<author>, AUTHOR#<id> DRAFTS, DUE#PUBLISH#<shard>, each MEDIUM as it was read",
            "2 WU a KB + 2 WU each", "transaction",
        ),
        AccessPattern(
            "publish a draft", "table",
            "as a post with a key; with it delete DRAFTS#<author> and DUE#PUBLISH#<shard>, count down",
            "a post's + 2 WU a KB + 4 WU", "transaction",
        ),
        AccessPattern("drafts of an author", "table", "pk = DRAFTS#<author>, sk < <draft id>", "1 RU a 4 KB", "strong"),
        AccessPattern("drafts that are due", "table", "pk = DUE#PUBLISH#<shard>, sk < <now>", "1 RU a 4 KB", "strong"),
        AccessPattern("keep the preview of a link", "table", "put PREVIEW#<digest>", "1 WU a KB", "put"),
        AccessPattern("ask for a preview that is old or gone", "table", "update PREVIEW#<digest> unless asked within a day", "1 WU",
                      "conditional"),
        AccessPattern("previews of links", "table", "BatchGet pk = PREVIEW#<digest>", "0.5 RU a link", "eventual"),
    ),
)  # fmt: skip
