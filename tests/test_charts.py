"""Every chart template: the same from run to run, open to keyboard and theme, and without data of its own."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dashboard import charts, theme

SPECS = Path(__file__).parent / "specs"
CLICKABLE = ("confusion", "confused_with", "pairs")


def specification(name: str) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(charts.template(name))
    return parsed


def objects(node: Any) -> Iterator[dict[str, Any]]:
    """Every object of a JSON tree."""
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    if isinstance(node, list):
        for part in node:
            yield from objects(part)


@pytest.mark.parametrize("name", charts.TEMPLATES)
def test_a_template_is_what_its_snapshot_says(name: str) -> None:
    """After a wanted change, delete the snapshot and run again: a missing one is written, and fails once."""
    path = SPECS / f"{name}.json"
    if not path.exists():
        path.write_text(json.dumps(specification(name), indent=1, sort_keys=True) + "\n")
        pytest.fail(f"{path.name} was missing and is written: look at it and run again")
    assert specification(name) == json.loads(path.read_text())


def test_no_snapshot_outlives_its_template() -> None:
    assert {path.stem for path in SPECS.glob("*.json")} == set(charts.TEMPLATES)


@pytest.mark.parametrize("name", charts.TEMPLATES)
def test_a_template_holds_no_data(name: str) -> None:
    named = {part["data"]["name"] for part in objects(specification(name)) if "data" in part}
    assert named <= {"data", "reference", "events"}
    assert "datasets" not in specification(name)


@pytest.mark.parametrize("name", charts.TEMPLATES)
def test_every_parameter_and_every_marked_view_is_named(name: str) -> None:
    """Names that Altair makes up change with the content of a chart."""
    for param in specification(name).get("params", []):
        assert param["name"] == charts.PICK
        assert param["views"] == ["marks"]


@pytest.mark.parametrize("name", charts.TEMPLATES)
def test_every_colour_is_a_name_of_the_theme(name: str) -> None:
    for part in objects(specification(name)):
        if "color" in part.get("encoding", {}):
            colour = part["encoding"]["color"]
            assert set(colour.get("scale", {}).get("range", [colour.get("value")])) <= set(theme.COLOUR_NAMES)
    assert "#" not in charts.template(name).replace("$schema", "")


@pytest.mark.parametrize("name", charts.TEMPLATES)
def test_decoration_has_no_tooltip_and_a_value_has_one(name: str) -> None:
    """The theme would give every mark a tooltip, and a dashed line would say `high 0.957510558`."""
    layers = specification(name).get("layer", [specification(name)])
    for layer in layers:
        mark = layer["mark"]
        assert ("tooltip" in layer["encoding"]) != ("tooltip" in mark and mark["tooltip"] is None)


@pytest.mark.parametrize("name", CLICKABLE)
def test_a_cell_is_picked_by_its_row_and_column(name: str) -> None:
    row, column = (specification(name)["layer"][0]["encoding"][axis]["field"] for axis in ("y", "x"))
    assert specification(name)["params"][0]["select"]["fields"] == [row, column]
