"""A table of the tests' own, for the door to DynamoDB."""

from config.dynamodb import Index, KeyPart, Table

THINGS = Table(
    name="test-things",
    purpose="Tests of the door",
    partition_key=KeyPart("pk", "S"),
    sort_key=KeyPart("sk", "S"),
    indexes=(
        Index("by_rank", KeyPart("group", "S"), KeyPart("rank", "N")),
        Index("slim", KeyPart("group", "S"), KeyPart("sk", "S"), projection=("rank",)),
    ),
    ttl_attribute="ttl",
    stream=True,
)
