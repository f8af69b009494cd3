"""Pictures of charts, made on the server without a browser or a network."""

import json
from collections.abc import Mapping
from typing import Any, Literal

import polars as pl
import polars.selectors as cs
import vl_convert as vlc

from dashboard import theme

Picture = Literal["svg", "png"]

_WIDTH = 720
_FONT = "Roboto, Arial, sans-serif"


def picture(template: str, frames: Mapping[str, pl.DataFrame], kind: Picture, *, mode: theme.Mode = "light") -> bytes:
    """A chart as SVG or PNG, from its template and frames; nothing is fetched."""
    palette = theme.colours(mode)
    specification: dict[str, Any] = _resolved(json.loads(template), palette)
    specification |= {"datasets": {name: _rows(frame) for name, frame in frames.items()}, "config": _config(palette)}
    specification.setdefault("width", _WIDTH)
    if kind == "svg":
        return vlc.vegalite_to_svg(specification).encode()
    return bytes(vlc.vegalite_to_png(specification, scale=2))


def _resolved(node: Any, palette: Mapping[str, str]) -> Any:
    """The specification with every theme colour name replaced by its hex value."""
    if isinstance(node, dict):
        return {key: _resolved(value, palette) for key, value in node.items()}
    if isinstance(node, list):
        return [_resolved(value, palette) for value in node]
    return palette.get(node, node) if isinstance(node, str) and node in theme.COLOUR_NAMES else node


def _rows(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """A frame as plain rows; Vega outside the browser reads dates as text only."""
    return frame.with_columns(cs.temporal().dt.to_string("iso")).to_dicts()


def _config(palette: Mapping[str, str]) -> dict[str, Any]:
    ink = {"labelColor": palette["gray"], "titleColor": palette["gray"], "labelFontSize": 12, "titleFontSize": 12}
    return {
        "font": _FONT,
        "background": palette["background"],
        "padding": 16,
        "view": {"stroke": None},
        "axis": {**ink, "gridColor": palette["gray"], "gridOpacity": 0.15, "tickColor": palette["gray"]},
        "text": {"fontSize": 12},
    }
