"""What charts show, in words, for those who do not see them."""

from datetime import date

import polars as pl

from dashboard.sentences import value_with_interval


def of_slices(slices: pl.DataFrame, dimension: str, unit: str) -> str:
    """What a dot plot shows, in words."""
    known = slices.drop_nulls("value").sort("value")
    if known.is_empty():
        return "No value can be shown"
    least, most = known.row(0, named=True), known.row(-1, named=True)
    return (
        f"From {least[dimension]} at {value_with_interval(least, unit)} to "
        f"{most[dimension]} at {value_with_interval(most, unit)}, {known.height} in all"
    )


def of_cells(cells: pl.DataFrame, row: str, column: str, text: str = "text") -> str:
    """What a matrix shows, in words: its cells, one after the other, while they are few."""
    few = 16
    said = "; ".join(f"{cell[row]} as {cell[column]} {cell[text]}" for cell in cells.head(few).iter_rows(named=True))
    return said + ("; and more" if cells.height > few else "")


def of_pairs(pairs: pl.DataFrame) -> str:
    """What the matrix of reviewers shows, in words."""
    known = pairs.rename({"cohen_kappa": "value"}).drop_nulls("value").sort("value")
    if known.is_empty():
        return "No pair has enough items in common"
    least, most = (
        f"{row['reviewer_a']} and {row['reviewer_b']} {value_with_interval(row, 'coefficient')}"
        for row in (known.row(0, named=True), known.row(-1, named=True))
    )
    return f"{known.height} pairs, from {least} to {most}"


def of_volume(days: pl.DataFrame) -> str:
    """What the volume strip shows, in words."""
    first, last = (
        f"{day:%d %b %Y}" if isinstance(day, date) else "–" for day in (days["day"].min(), days["day"].max())
    )
    return f"{days['reviews'].sum():,} reviews on {days.height} days from {first} to {last}"
