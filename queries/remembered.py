"""Reviews whose rows were forgotten, but that the rollups still tell one by one: of items with several, and with gold.

They count as the rows of one more part. Of other items whose rows were forgotten only the counts are known, so a review
that comes to one of these counts as that of a new item.
"""

# ruff: noqa: S608 - tables and columns are ours

from data.schema import number
from data.store import Connection

PART = -2
"""The part that remembered reviews count as."""
ERASED = f"(select sequence from superseded where part = {PART})"
"""Which of them no longer count, because who made them was erased."""
_COLUMNS = """
    sequence, item_id, hash(item_id) as item_key, reviewer_places.reviewer_id, label_places.label, held.day, decided_at,
    cells.* exclude (cell), held.has_repeats
"""
_NAMED = """
    inner join store.reviewer_places on held.reviewer = reviewer_places.place
    inner join store.label_places on held.label = label_places.place
    inner join store.cells on held.cell = cells.cell
"""
# Rows know of each other's repeats, but not of those that were forgotten.
_REPEATS = f"""
    count(*) over (partition by item_id, reviewer_id, standard_version) > 1
    or (part <> {PART} and has_repeats) as has_repeats
"""


def remember(connection: Connection) -> bool:
    """Have `remembered` mean these reviews; whether any rows were forgotten."""
    if not number(connection, "select count(*) from forgotten"):
        return False
    old = "held.day < (select max(before) from forgotten)"
    connection.execute(f"""
        create or replace temp view remembered as
        select {PART} as part, {_COLUMNS}
        from (
            select held.* exclude (decided_at), shared_items.item_id, times.decided_at
            from store.multi_rated as held
            inner join store.shared_items on held.item = shared_items.item
            inner join store.forgotten_times as times on held.sequence = times.sequence
        ) as held {_NAMED}
        where {old}
        union all
        select {PART} as part, {_COLUMNS} from store.gold_reviews as held {_NAMED}
        where {old} and sequence not in (select sequence from store.multi_rated as held where {old})
    """)
    return True


def separate(connection: Connection) -> None:
    """Touch the whole of crowded items in which someone repeats a review that was forgotten."""
    connection.execute("""
        update touched_items set in_part = false
        where in_part and exists (
            select 1 from added_reviews as added inner join remembered
            on
                added.item_key = remembered.item_key and added.item_id = remembered.item_id
                and added.reviewer_id = remembered.reviewer_id
                and added.standard_version is not distinct from remembered.standard_version
            where added.item_id = touched_items.item_id
        )
    """)


def mark(connection: Connection) -> None:
    """Set `has_repeats` for what repeats a forgotten review or is one; a review in which that changes comes anew."""
    for rows in ("before", "after"):
        connection.execute(f"create or replace temp table {rows} as select * replace ({_REPEATS}) from {rows}")
    connection.execute(f"""
        update added_reviews set has_repeats = after.has_repeats from after
        where after.part = added_reviews.part and after.sequence = added_reviews.sequence;
        create or replace temp table marked as
        select after.sequence, after.has_repeats from before inner join after using (part, sequence)
        where before.part = {PART} and before.has_repeats <> after.has_repeats;
        insert into removed_reviews select before.* from before inner join marked using (sequence);
        insert into added_reviews select after.* from after inner join marked using (sequence);
        create or replace temp table with_new_gold as
        select * replace ({_REPEATS}) from reviews_now
        where (item_key, item_id) in (select item_key, item_id from changed_gold);
        create or replace temp view reviews_now as from with_new_gold
    """)
