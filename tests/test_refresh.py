"""Rollups that were brought up to date are those of a rebuild, whatever happened to the log."""

# ruff: noqa: S608 - tables are ours

import random
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from data.load import load
from data.store import create, open_workspace, writing
from queries.refresh import KEPT, refresh

FIRST = date(2026, 3, 28)
"""Near the end of a month and of a week, so that items straddle both."""
REVIEWERS = [f"r{number}" for number in range(60)]
LABELS = ["keep", "limit", "remove"]
MANY = [f"label {number}" for number in range(22)]
"""More than three words hold."""
CROWD = "gold-0"
"""An item that so many review that it is counted one by one."""


def some_reviews(chance: random.Random, first_id: int) -> pl.DataFrame:
    """New reviews of few items, most of which agree in everything but the label."""
    rows = []
    for number in range(first_id, first_id + chance.randint(1, 60)):
        item = chance.choice([CROWD, *(f"i{chance.randint(0, 25)}" for _ in range(2))])
        steady = random.Random(item)  # noqa: S311 - made-up rows, no secret
        day = None if chance.random() < 0.05 else FIRST + timedelta(days=chance.randint(0, 9))
        rows.append(
            {
                "review_id": f"v{number}",
                "item_id": item,
                "reviewer_id": chance.choice(REVIEWERS),
                "label": chance.choice(LABELS if chance.random() < 0.8 else MANY),
                "decided_at": day and f"{day}T{chance.randint(0, 23):02}:00:00Z",
                "queue": chance.choice(["a", "b"]) if chance.random() < 0.05 else steady.choice(["a", "b"]),
                "policy": steady.choice(["p", "q", None]),
                "standard_version": "v2" if chance.random() < 0.05 else steady.choice(["v1", None]),
                "is_blind": chance.choice([None, "false"]) if chance.random() < 0.1 else None,
            }
        )
    return pl.DataFrame(
        rows, schema_overrides=dict.fromkeys(("decided_at", "policy", "standard_version", "is_blind"), pl.String)
    )


def some_change(workspace: Path, folder: Path, chance: random.Random, seen: list[pl.DataFrame]) -> None:
    """Something that can happen to a log: rows come, come again, come corrected, are deleted, or gold changes."""
    kind = chance.choice(["new", "new", "corrected", "deleted", "gold", "scores"])
    known = pl.concat(seen) if seen else None
    if kind == "deleted" and known is not None:
        delete(workspace, chance)
        return
    if kind == "gold":
        items = {chance.choice([CROWD, *(f"i{number}" for number in range(25))]) for _ in range(4)}
        table, rows = (
            "gold",
            pl.DataFrame([{"item_id": item, "label": chance.choice(["keep", "remove"])} for item in sorted(items)]),
        )
    elif kind == "scores":
        items = {f"i{chance.randint(0, 25)}" for _ in range(6)}
        table, rows = "predictions", pl.DataFrame([scored(item, chance) for item in sorted(items)])
    elif kind == "corrected" and known is not None:
        again = known.sample(chance.randint(1, known.height), seed=chance.randint(0, 99)).unique("review_id")
        columns = [c for c in ("label", "item_id", "queue", "decided_at") if chance.random() < 0.4]
        shuffled = [pl.col(column).shuffle(seed=chance.randint(0, 99)) for column in columns]
        table, rows = "reviews", again.with_columns(shuffled)
    else:
        table, rows = "reviews", some_reviews(chance, sum(frame.height for frame in seen))
        seen.append(rows)
    rows.write_csv(folder / f"{table}.csv")
    load(workspace, table, [folder / f"{table}.csv"])


def scored(item: str, chance: random.Random) -> dict[str, object]:
    """What a model says about an item."""
    version, score = chance.choice(["m1", "m2"]), round(chance.random(), 2)
    label = "remove" if score > 0.5 else "keep"
    return {
        "item_id": item,
        "model": "m",
        "model_version": version,
        "scored_at": "2026-03-01T00:00:00Z",
        "label": label,
        "score": score,
    }


def delete(workspace: Path, chance: random.Random) -> None:
    """Some reviews leave."""
    with writing(workspace) as writer:
        kept = chance.randint(2, 9)
        writer.connection.execute(f"""
            insert into superseded
            select 'reviews', part, sequence, {writer.generation} from held_reviews where sequence % {kept} = 0
        """)
        writer.changed = True


def brought_up_to_date(workspace: Path, *, from_nothing: bool = False) -> dict[str, pl.DataFrame]:
    """The rollups after a refresh, or after a rebuild."""
    with writing(workspace) as writer:
        if from_nothing:
            writer.connection.execute("delete from rollups")
        refresh(writer)
        writer.changed = True
    with closing(open_workspace(workspace)) as opened:
        return {name: opened.engine.fetch(f"select * from {name}", {}) for name in KEPT}


@pytest.mark.parametrize("seed", range(5))
def test_a_refresh_gives_the_rollups_of_a_rebuild(tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chance, seen = random.Random(seed), list[pl.DataFrame]()  # noqa: S311 - made-up rows, no secret
    create(tmp_path / "w")
    for _ in range(6):
        for _ in range(chance.randint(1, 2)):
            some_change(tmp_path / "w", tmp_path, chance, seen)
        refreshed = brought_up_to_date(tmp_path / "w")
    monkeypatch.setattr("queries.refresh.AT_ONCE", 40)  # So that the rebuild takes several pieces.
    rebuilt = brought_up_to_date(tmp_path / "w", from_nothing=True)
    for name in KEPT:
        assert_frame_equal(refreshed[name], rebuilt[name], check_row_order=False, check_column_order=False)
