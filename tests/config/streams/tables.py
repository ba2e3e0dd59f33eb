"""Tables of the tests' own, with streams."""

from config.dynamodb import KeyPart, Table

NOTES, SONGS, TALES = (
    Table(
        name=f"test-{name}",
        purpose="Tests of the streams",
        partition_key=KeyPart("pk", "S"),
        sort_key=KeyPart("sk", "N"),
        ttl_attribute="ttl",
        stream=True,
    )
    for name in ("notes", "songs", "tales")
)
