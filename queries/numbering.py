"""The numbers that stand for texts in rollups: a combination of dimensions, a reviewer, a label, a pattern, an answer.

A number stands for the same text for as long as the store lives, so that what was counted before means the same.
"""

# ruff: noqa: S608 - tables and columns are ours

from data.store import Connection
from queries.counts import text

NUMBERED: dict[str, tuple[str, ...]] = {
    "cells": ("queue", "policy", "market", "language", "stage", "standard_version", "is_independent"),
    "reviewer_places": ("reviewer_id",),
    "label_places": ("label",),
    "item_patterns": ("word_0", "word_1", "word_2"),
    "model_answers": ("model", "model_version", "label"),
}
"""The tables that give texts their numbers, and what tells their rows apart."""


def number_new(connection: Connection, name: str) -> None:
    """Give what occurs for the first time the next numbers, in the order of the table's text."""
    place = "cell" if name == "cells" else "place"
    same = " and ".join(f"held.{key} is not distinct from found.{key}" for key in NUMBERED[name])
    connection.execute(f"create or replace temp table found as {text(name)}")
    connection.execute(f"create table if not exists store.{name} as from found limit 0")
    connection.execute(f"""
        insert into store.{name} by name
        select * replace (
            row_number() over (order by {place})
            + (select coalesce(max({place}), -1) from store.{name}) as {place}
        )
        from found
        where not exists (select 1 from store.{name} as held where {same})
    """)
    connection.execute("drop table found")
