"""The declared tables as a page of documentation."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from config.dynamodb.tables import Index, KeyPart, Projection, Table

HEADER = """# Data model

Made by `manage.py data_model --write` from the declarations in `<room>/tables.py` and from `docs/measured-units.json`; a test
holds it to both. Names in DynamoDB carry the prefix of the installation (`ROOST_TABLE_PREFIX`). All tables are on demand.
"""
MEASURED = """## Measured units per operation

Counted by AWS's rules on small items (`bin/bench units --json` prints them afresh, a test compares): a write unit is a started
KB of an item, two in a transaction, and one for each index that holds it; a read unit is a started 4 KB, half of that when
eventually consistent. Rounds are requests that had to wait for each other.

| operation | requests | rounds | read units | write units |
|---|---|---|---|---|
"""


def key_text(partition_key: KeyPart, sort_key: KeyPart | None) -> str:
    """A key in words: `pk` (S), `sk` (S)."""
    return ", ".join(f"`{part.name}` ({part.type})" for part in (partition_key, sort_key) if part)


def projection_text(projection: Projection) -> str:
    """A projection in words."""
    if isinstance(projection, tuple):
        return ", ".join(f"`{name}`" for name in projection)
    return "all attributes" if projection == "ALL" else "keys only"


def index_rows(indexes: Iterable[Index]) -> list[str]:
    """A bullet an index."""
    return [
        f"- index `{index.name}`: {key_text(index.partition_key, index.sort_key)}; {projection_text(index.projection)}"
        for index in indexes
    ]


def table_section(table: Table) -> str:
    """One table: purpose, keys, indexes, access patterns."""
    lines = [
        f"## `{table.name}`",
        "",
        table.purpose,
        "",
        f"- key: {key_text(table.partition_key, table.sort_key)}",
    ]
    lines += index_rows(table.indexes)
    if table.ttl_attribute:
        lines.append(f"- expires by `{table.ttl_attribute}` (deleted up to 48 h later: every read filters)")
    lines.append(f"- stream: {'new and old images' if table.stream else 'none'}")
    if table.patterns:
        lines += ["", "| pattern | index | key condition | cost | consistency |", "|---|---|---|---|---|"]
        lines += [
            f"| {p.question} | {p.index} | `{p.key_condition}` | {p.cost} | {p.consistency} |"
            for p in table.patterns
        ]
    return "\n".join(lines) + "\n"


def measured_rows(measured: Mapping[str, float]) -> list[str]:
    """A row an operation, from keys such as "follow / requests"."""
    rows: dict[str, dict[str, float]] = defaultdict(dict)
    for key, value in measured.items():
        name, _, figure = key.rpartition(" / ")
        rows[name][figure] = value
    return [
        f"| {name} | {row['requests']:g} | {row['rounds']:g} | {row['read_units']:g} | {row['write_units']:g} |"
        for name, row in rows.items()
        if name
    ]


def data_model(tables: Iterable[Table], measured: Mapping[str, float]) -> str:
    """The whole page. `measured`: figures as `benchmarks/units.py` prints them."""
    rows = measured_rows(measured)
    sections = [table_section(table) for table in sorted(tables, key=lambda table: table.name)]
    return "\n".join([HEADER, *sections, MEASURED + "\n".join(rows) + "\n"])
