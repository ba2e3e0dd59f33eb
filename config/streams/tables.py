"""Tables of the stream consumer. Neither has a stream, so reading streams makes no records."""

from config.dynamodb import AccessPattern, KeyPart, Table

LEASES = Table(
    name="leases",
    purpose="Who reads which shard of a stream, and how far it has been handled.",
    partition_key=KeyPart("pk", "S"),
    sort_key=KeyPart("sk", "S"),
    ttl_attribute="ttl",
    patterns=(
        AccessPattern("all leases of a table's stream", "table", "pk = GROUP#TABLE", "0.5-1 RU", "strong"),
        AccessPattern(
            "take, renew, checkpoint, release",
            "table",
            "pk = GROUP#TABLE, sk = STREAM#SHARD, if owner and fence are unchanged",
            "1 WU",
            "conditional write",
        ),
    ),
)

DEAD_LETTERS = Table(
    name="dead_letters",
    purpose="Changes and tasks that could not be digested, kept until they are replayed or dropped.",
    partition_key=KeyPart("source", "S"),
    sort_key=KeyPart("sk", "S"),
    ttl_attribute="ttl",
    patterns=(
        AccessPattern("keep one", "table", "source = stream, sk = EVENT#HANDLER", "1 WU per KB", "write"),
        AccessPattern("keep a task", "table", "source = tasks, sk = TASK#ID", "1 WU per KB", "write"),
        AccessPattern("list", "table", "source = stream or tasks", "0.5 RU per 4 KB", "eventual"),
        AccessPattern(
            "replay or drop one", "table", "source = stream or tasks, its sk", "1 WU per KB", "write"
        ),
    ),
)
