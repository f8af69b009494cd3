"""The palette can be read by everybody, and numbers are written the same everywhere."""

import pytest

from dashboard import theme
from metrics.catalogue import CATALOGUE

MODES: tuple[theme.Mode, ...] = ("light", "dark")


def luminance(colour: str) -> float:
    """Relative luminance of a hex colour, as WCAG 2.2 defines it."""
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", [*theme.COLOUR_NAMES, "text"])
def test_every_colour_can_be_read_on_the_background(mode: theme.Mode, name: str) -> None:
    palette = theme.colours(mode)
    assert contrast(palette[name], palette["background"]) >= 4.5


def test_black_on_white_has_the_highest_contrast() -> None:
    """The contrast formula itself, at its known end."""
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


def test_both_modes_name_the_same_colours() -> None:
    assert theme.colours("light").keys() == theme.colours("dark").keys()


def test_every_unit_of_the_catalogue_has_a_format() -> None:
    assert {metric.unit for metric in CATALOGUE.values()} <= theme.FORMATS.keys()


@pytest.mark.parametrize(
    ("value", "unit", "n", "written"),
    [
        (0.9432, "share", 196_091, "94.3 %"),
        (0.9432, "share", 120, "94 %"),
        (-0.0412, "coefficient", 900, "−0.041"),
        (None, "share", 0, "–"),
        (0.0, "share", 900, "0.0 %"),
        (-0.314, "z", 900, "−0.31"),
    ],
)
def test_numbers_are_written_by_unit_and_size_of_the_sample(
    value: float | None, unit: str, n: int, written: str
) -> None:
    assert theme.number(value, unit, n) == written


def test_an_interval_is_written_in_the_units_own_scale() -> None:
    assert theme.interval(0.921, 0.9344, "share", 1000) == "92.1 to 93.4"
    assert theme.interval(None, None, "share", 1000) == ""
