"""The `graph` table: who follows whom, who asks to, and how many.

    pattern                      where    key condition                               read/write units    consistency
    does A follow B              table    USER#A, FOLLOWING#B                         1 RU                strong
    which of these does A follow table    BatchGet USER#A, FOLLOWING#<each>           0.5 RU each         eventual
    follow                       table    transaction of 4                            10 WU with index    transaction
    unfollow                     table    transaction of 4                            10 WU with index    transaction
    change notify or kind        table    update USER#A, FOLLOWING#B                  1 WU, notify 2      -
    push or pull B's posts to A  table    update shard of B, FOLLOWER#<A>             1 WU                by edge
    who wants to hear of X       by_notify NOTIFY#X, follower's id upwards            0.5 RU a 60         eventual
    followers, newest first      by_time  FOLLOWER#X (and #1 to #3), id downwards     0.5 RU a page       eventual
    followers by handle          table    each shard of X, FOLLOWER#<letters>         0.5 RU a shard      eventual
    following, newest first      by_time  FOLLOWING#X, created id downwards           0.5 RU a page       eventual
    followers of X for fan-out   table    each shard of X, begins_with FOLLOWER#      up to 50 RU a 1,000 strong
    all that X follows           table    USER#X, begins_with FOLLOWING#              25 RU a 1,000       eventual
    counts                       table    BatchGet USER#<each>, COUNTS#<each region>  0.5 RU each         eventual
    how hot is X                 table    USER#X, HEAT (cached)                       0.5 RU              eventual
    ask to follow                table    transaction of 2                            6 WU with index     transaction
    approve                      table    transaction of 5                            14 WU with index    transaction
    decline, withdraw            table    transaction of 2                            6 WU with index     transaction
    requests in / out            by_time  REQUEST_IN#X / REQUEST_OUT#X, downwards     0.5 RU a page       eventual
    approve all                  table    USER#X, APPROVAL, one item a step           1 WU a step         strong
    block                        table    transaction of 5 to 11                      11 to 23 WU         transaction
    unblock                      table    transaction of 3                            7 WU                transaction
    who of these is blocked      table    BatchGet USER#A, FOLLOWING#<each>           0.5 RU each         eventual
    blocked, muted, close ones   by_time  BLOCK#A / MUTE#A / CLOSE#A, downwards       0.5 RU a page       eventual
    who of these is muted        table    BatchGet USER#A, MUTE#<each>                0.5 RU each         eventual
    who has A as a close friend  table    BatchGet USER#<each>, CLOSE#A               0.5 RU each         eventual
    who has muted X or X close   by_notify MARKED#X, owner's id upwards               0.5 RU a 40         eventual
    who of mine follows X        table    BatchGet USER#<each of 200>, FOLLOWING#X    0.5 RU each         eventual
    a reader's candidates        table    USER#X, SUGGESTIONS                         1 RU                eventual
    store or ask for candidates  table    put or update USER#X, SUGGESTIONS           1 WU a KB           by time
    whom X's followees follow    by_time  FOLLOWING#<each of 200>, 100 of each        1.5 RU each          eventual
    may X be shown these         table    BatchGet of 4 keys a candidate, 2 a name    0.5 RU a key        eventual
    dismiss, restore             table    put or delete USER#X, DISMISSED#Y           1 WU                -
    what of X is archived        table    USER#X, ARCHIVE and ARCHIVE#<number>        1 RU                strong
    a half to the archive        table    48 a transaction, with their mirrors        7 WU out, 5 WU in   transaction
    a half back                  table    48 a transaction, with their mirrors        5 WU                transaction
    does archived A follow B     table    BatchGet each shard of B, FOLLOWER#<A>      0.5 RU a shard      eventual

An edge is two items, out (`FOLLOWING#`, with the follower) and in (`FOLLOWER#`, with the followee), written and deleted
together: either both exist or neither, but for an account whose own halves are archived (`graph.archive`). Both carry the edge's id in `gsk`; the index holds keys only, for the keys say
it all. Keys are spelt in `graph.keys`.

    item            attributes
    out-edge        gpk, gsk, shard (where the in-edge lies), handle (the followee's), notify, kind, rid;
                    npk, nsk while notify is on (`graph.notify_keys`)
    request out     gpk, gsk, rid, in the slot of an out-edge, which takes its place (`graph.slots`)
    tombstone       blocked_by (ids as text) in the slot of an out-edge: no gpk, so it is in no list and is no follow
    in-edge         gpk, gsk; delivery (`graph.delivery`); request in has the first two
    receipt         ttl: a client's request id that has done its work (`graph.receipts`)
    counters        followers, following, changes; in shard 0 also followers_elsewhere (folded sum of the others), folded_at_ms
    mark            BLOCK#, MUTE#, CLOSE# (`graph.mark_repository`): gpk, gsk; of a mute until_ms and ttl, if it ends;
                    npk, nsk of mutes and close friends (`graph.marked_keys`)
    approval        run, of_public, approved, skipped, cursor, done, ttl (`graph.approval_repository`)
    suggestions     line, looked_at_ms, asked_at_ms, ttl; a dismissal has a ttl alone (`graph.suggestion_repository`)
    archive         run, state, stage, after, ... of an account whose edges are away, and of each file (`graph.archive_repository`);
                    on edges: archived (about to go), restored (put back), from_mirror (put back without what was chosen)
    heat            shards, write_shards, epochs ([first edge id, width], newest last), version, calm_since_ms;
                    gpk and gsk HEAT and the account's id, so that hot accounts can be listed

A hot account has `shards` partitions of in-edges and counters (k = hash of the follower), and its newest-first list is
`width` partitions of the index, by the epoch in which an edge was made. Quiet accounts have one of each.
"""

from config.dynamodb import KEYS_ONLY, AccessPattern, Index, KeyPart, Table
from config.stamps import Stamped

GRAPH = Table(
    name="graph",
    purpose="Follows, requests to follow, and their counts; blocks, mutes, close friends.",
    partition_key=KeyPart("pk", "S"),
    sort_key=KeyPart("sk", "S"),
    indexes=(
        Index(
            "by_time", partition_key=KeyPart("gpk", "S"), sort_key=KeyPart("gsk", "N"), projection=KEYS_ONLY
        ),
        Index(
            "by_notify", partition_key=KeyPart("npk", "S"), sort_key=KeyPart("nsk", "N"), projection=KEYS_ONLY
        ),
    ),
    ttl_attribute="ttl",
    stream=True,
    stamped=(
        Stamped("USER#", "FOLLOWING#", "EDGES#{pk}"),
        Stamped("USER#", "MUTE#", "EDGES#{pk}"),
        Stamped("USER#", "CLOSE#", "CLOSE#{sk}"),
    ),
    patterns=(
        AccessPattern("does A follow B", "table", "pk = USER#A, sk = FOLLOWING#B", "1 RU", "strong"),
        AccessPattern(
            "which of these does A follow",
            "table",
            "BatchGet pk = USER#A, sk = FOLLOWING#<each>",
            "0.5 RU each",
            "eventual",
        ),
        AccessPattern(
            "follow", "table", "one transaction: 2 edges put, 2 counts added", "10 WU", "transaction"
        ),
        AccessPattern(
            "unfollow", "table", "one transaction: 2 edges deleted, 2 counts added", "10 WU", "transaction"
        ),
        AccessPattern(
            "followers of X, newest first",
            "by_time",
            "gpk = FOLLOWER#X, gsk < last",
            "0.5 RU a page",
            "eventual",
        ),
        AccessPattern(
            "following of X, newest first",
            "by_time",
            "gpk = FOLLOWING#X, gsk < last",
            "0.5 RU a page",
            "eventual",
        ),
        AccessPattern(
            "followers of X for fan-out",
            "table",
            "each shard of X, sk begins_with FOLLOWER#",
            "up to 50 RU a 1,000",
            "strong",
        ),
        AccessPattern(
            "all that X follows",
            "table",
            "pk = USER#X, sk begins_with FOLLOWING#",
            "25 RU a 1,000",
            "eventual",
        ),
        AccessPattern(
            "counts", "table", "BatchGet pk = USER#<each>, sk = COUNTS#<region>", "0.5 RU each", "eventual"
        ),
        AccessPattern("how hot is X (cached)", "table", "pk = USER#X, sk = HEAT", "0.5 RU", "eventual"),
        AccessPattern(
            "followers of X by handle",
            "table",
            "each shard of X, sk begins_with FOLLOWER#<letters>",
            "0.5 RU a shard",
            "eventual",
        ),
        AccessPattern(
            "change notify or kind of a follow",
            "table",
            "update pk = USER#A, sk = FOLLOWING#B",
            "1 WU, notify 2",
            "-",
        ),
        AccessPattern(
            "push or pull B's posts to A",
            "table",
            "update pk = shard of B, sk = FOLLOWER#<handle of A>#A",
            "1 WU",
            "by edge",
        ),
        AccessPattern(
            "who wants to hear of X's posts",
            "by_notify",
            "npk = NOTIFY#X, nsk > last",
            "0.5 RU a 60",
            "eventual",
        ),
        AccessPattern("ask to follow", "table", "one transaction: 2 requests put", "6 WU", "transaction"),
        AccessPattern(
            "approve", "table", "one transaction: as follow, in the request's place", "14 WU", "transaction"
        ),
        AccessPattern(
            "decline, withdraw", "table", "one transaction: 2 requests deleted", "6 WU", "transaction"
        ),
        AccessPattern(
            "requests in / out",
            "by_time",
            "gpk = REQUEST_IN#X / REQUEST_OUT#X, gsk < last",
            "0.5 RU a page",
            "eventual",
        ),
        AccessPattern("approve all", "table", "pk = USER#X, sk = APPROVAL", "1 WU a step", "strong"),
        AccessPattern(
            "block", "table", "one transaction: 5 items, 6 more for follows", "11 to 23 WU", "transaction"
        ),
        AccessPattern(
            "unblock", "table", "one transaction: block deleted, both slots", "7 WU", "transaction"
        ),
        AccessPattern(
            "who of these is blocked, either way",
            "table",
            "BatchGet pk = USER#A, sk = FOLLOWING#<each>",
            "0.5 RU each",
            "eventual",
        ),
        AccessPattern(
            "blocked, muted, close friends of A",
            "by_time",
            "gpk = BLOCK#A / MUTE#A / CLOSE#A, gsk < last",
            "0.5 RU a page",
            "eventual",
        ),
        AccessPattern(
            "who of these is muted",
            "table",
            "BatchGet pk = USER#A, sk = MUTE#<each>",
            "0.5 RU each",
            "eventual",
        ),
        AccessPattern(
            "who of these has A as a close friend",
            "table",
            "BatchGet pk = USER#<each>, sk = CLOSE#A",
            "0.5 RU each",
            "eventual",
        ),
        AccessPattern(
            "who has muted X or has X as a close friend",
            "by_notify",
            "npk = MARKED#X, nsk > last",
            "0.5 RU a 40",
            "eventual",
        ),
        AccessPattern(
            "who of those A follows follows X",
            "table",
            "BatchGet pk = USER#<each of the last 200>, sk = FOLLOWING#X",
            "0.5 RU each",
            "eventual",
        ),
        AccessPattern("a reader's candidates", "table", "pk = USER#X, sk = SUGGESTIONS", "1 RU", "eventual"),
        AccessPattern(
            "store a reader's candidates, or ask for better ones",
            "table",
            "put or update pk = USER#X, sk = SUGGESTIONS",
            "1 WU a KB",
            "by time",
        ),
        AccessPattern(
            "whom those X follows follow",
            "by_time",
            "gpk = FOLLOWING#<each of the last 200>, 100 of each",
            "1.5 RU each",
            "eventual",
        ),
        AccessPattern(
            "may X be shown these candidates",
            "table",
            "BatchGet of 4 keys a candidate, 2 a name",
            "0.5 RU a key",
            "eventual",
        ),
        AccessPattern(
            "what of X is in the archive",
            "table",
            "pk = USER#X, sk = ARCHIVE; sk begins_with ARCHIVE#",
            "1 RU, 1 RU a 25 files",
            "strong",
        ),
        AccessPattern(
            "take a half of an edge to the archive",
            "table",
            "transactions of 48: marked, then deleted with its mirror checked",
            "7 WU out, 5 WU in",
            "transaction",
        ),
        AccessPattern(
            "put a half of an edge back",
            "table",
            "transaction of 48: put with its mirror checked",
            "5 WU",
            "transaction",
        ),
        AccessPattern(
            "does archived A follow B",
            "table",
            "BatchGet each shard of B, sk = FOLLOWER#<handle of A>#A",
            "0.5 RU a shard",
            "eventual",
        ),
        AccessPattern(
            "dismiss or restore a suggestion",
            "table",
            "put or delete pk = USER#X, sk = DISMISSED#Y",
            "1 WU",
            "-",
        ),
    ),
)
