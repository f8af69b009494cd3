"""Pictures of charts are made here, from the same templates, and fetch nothing."""

from datetime import date
from xml.etree import ElementTree as ET

import polars as pl
import pytest

from dashboard import charts, export, theme
from dashboard.sentences import plain

ESTIMATE = {"value": [0.9, 0.5, None], "low": [0.8, None, None], "high": [0.95, None, None]}
REFERENCE = pl.DataFrame({"value": [0.7]})


def frames(name: str) -> dict[str, pl.DataFrame]:
    """Two or three made-up rows that a template can draw."""
    fields = {"n": [300, 20, 3], "note": ["", "few", "withheld"], **ESTIMATE}
    if name == "volume":
        return {"data": pl.DataFrame({"day": [date(2025, 1, 1), date(2025, 1, 2)], "reviews": [5, 7]})}
    if name.endswith("_over_time"):
        days = [date(2025, 1, day) for day in (6, 13, 20)]
        return {"data": pl.DataFrame({"period": days, **fields}), "reference": REFERENCE}
    rows = {"confusion": "gold_label", "confused_with": "label_a", "pairs": "reviewer_a"}
    if name in rows:
        columns = {"confusion": "label", "confused_with": "label_b", "pairs": "reviewer_b"}
        cells = {rows[name]: ["keep", "keep"], columns[name]: ["keep", "remove"], "text": ["90 %", "10 %"]}
        return {"data": pl.DataFrame({**cells, "shade": [0.9, 0.1], "is_agreement": [True, False]})}
    category = "title" if name == "coefficients" else name.rpartition("_")[0]
    return {"data": pl.DataFrame({category: ["one", "two", "three"], **fields}), "reference": REFERENCE}


@pytest.mark.parametrize("name", charts.TEMPLATES)
def test_a_picture_parses_names_its_rows_and_points_nowhere(name: str) -> None:
    picture = export.picture(charts.template(name), frames(name), "svg").decode()
    tree = ET.fromstring(picture)  # noqa: S314 - our own picture
    texts = [element.text for element in tree.iter("{http://www.w3.org/2000/svg}text")]
    assert len(texts) >= 2
    assert "cdn" not in picture
    assert "href" not in picture


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_a_picture_has_the_colours_of_its_mode(mode: theme.Mode) -> None:
    name = "policy_shares"
    picture = export.picture(charts.template(name), frames(name), "svg", mode=mode).decode().upper()
    palette = theme.colours(mode)
    assert palette["blue"].upper() in picture
    assert palette["background"].upper() in picture
    assert '"BLUE"' not in picture


def test_a_png_is_a_png() -> None:
    picture = export.picture(charts.template("confusion"), frames("confusion"), "png")
    assert picture.startswith(b"\x89PNG")


def test_a_name_from_the_log_is_not_taken_for_formatting() -> None:
    assert plain("*b* [a](x) :red[c]") == r"\*b\* \[a\]\(x\) \:red\[c\]"
