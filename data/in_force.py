"""The standard in force on a day, for reviews that name none."""

# ruff: noqa: S608 - tables and columns are ours

from collections.abc import Collection

import duckdb

from data.schema import number

NEEDED = ("policy", "decided_at")
"""What a review must say for its day's standard to be looked up."""
DAYS_IN_FORCE = """
    select
        policy,
        version,
        effective_at as since,
        coalesce(
            lead(effective_at) over (partition by policy order by effective_at, version),
            timestamp '9999-12-31 00:00:00'
        ) as until
    from standards
"""
"""From when until when each version holds: until the next of its policy takes effect."""


def knows_standards(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the store has standards to look up."""
    return number(connection, "select count(*) from standards") > 0


def with_standards(rows: str, columns: Collection[str]) -> str:
    """The SQL of rows of reviews in which `standard_version` is their own, or else that of their policy on their day.

    `columns` are those of the rows; `own_version` is added, the version that a row names itself.
    """
    own, rest = ("rows.standard_version", "rows.* exclude (standard_version)")
    if "standard_version" not in columns:
        own, rest = "cast(null as varchar)", "rows.*"
    return f"""(
        select {rest}, coalesce({own}, in_force.version) as standard_version, {own} as own_version
        from {rows} as rows
        left join ({DAYS_IN_FORCE}) as in_force
            on
                {own} is null
                and rows.policy = in_force.policy
                and rows.decided_at >= in_force.since
                and rows.decided_at < in_force.until
    )"""


def notes(connection: duckdb.DuckDBPyConnection, table: str, columns: Collection[str]) -> list[str]:
    """What a load of these columns of a table says of standards that were looked up, or were not."""
    if table == "reviews" and "standard_version" not in columns and knows_standards(connection):
        return ["Reviews that name no standard are judged by the one in force on their day."] * (
            {*NEEDED} <= {*columns}
        )
    nameless = "select count(*) from held_reviews where standard_version is null and policy is not null"
    if table == "standards" and (left := number(connection, nameless)):
        return [
            f"{left:,} reviews that came before name no standard: load them again to judge them by that of their day."
        ]
    return []
