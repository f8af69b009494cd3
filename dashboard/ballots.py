"""Ballots of a calibration session: what voters get to see, which is nothing of what others said."""

from html import escape

import polars as pl

from dashboard import document
from data.calibrations import Calibration

HOW = (
    "Open each item where you review, and decide by the standard as you understand it now. Write one of the labels for "
    "each case, and why in a few words. Show your votes to nobody before all are in."
)


def table(calibration: Calibration, cases: pl.DataFrame) -> pl.DataFrame:
    """The ballot as a table to fill in: `vote`, `reason`, and `voter` where the file is not named after the voter."""
    asked = cases.select("policy", "standard_version")
    return cases.select(
        pl.lit("").alias("voter"),
        "case_id",
        "item_id",
        "policy",
        "standard_version",
        pl.Series("question", [_question(*case) for case in asked.iter_rows()], dtype=pl.String),
        pl.lit(" | ".join(calibration.labels)).alias("labels"),
        pl.lit("").alias("vote"),
        pl.lit("").alias("reason"),
    )


def printed(calibration: Calibration, cases: pl.DataFrame) -> str:
    """The ballot as a page to print."""
    return document.page(
        f"Ballot: {calibration.name}",
        [
            document.paragraph(HOW),
            document.paragraph("Voter: ______________________________"),
            *(_case(row, calibration.labels) for row in table(calibration, cases).to_dicts()),
        ],
    )


def file_name(name: str, kind: str) -> str:
    """What a file of a session is called; a voter who returns a ballot under its name has not named anybody."""
    return f"{name.replace(' ', '-')}-{kind}"


def _question(policy: str | None, standard: str | None) -> str:
    under = f" under {policy}" if policy else ""
    return f"Which label is right{under}{f', standard {standard}' if standard else ''}?"


def _case(row: dict[str, str], labels: tuple[str, ...]) -> str:
    choices = "".join(f'<span class="choice">☐ {escape(label)}</span>' for label in labels)
    return (
        f'<section class="case"><p><b>{escape(row["item_id"])}</b> <span class="quiet">{escape(row["case_id"])}</span>'
        f"</p><p>{escape(row['question'])}</p><p>{choices}</p>"
        '<p class="quiet">Why:</p><div class="line"></div></section>'
    )
