"""Times as logs write them, to naive UTC timestamps."""

import re

import polars as pl

MICROSECONDS = pl.Datetime("us")

_SHAPE = re.compile(
    r"\d{4}-\d\d-\d\d(?P<between>[T ])\d\d:\d\d:\d\d(?P<fraction>\.\d{1,9})?(?P<offset>Z|[+-]\d\d(:?\d\d)?)?"
)
_ZONED = ("%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M%#z", "%Y-%m-%d %H:%M%#z")
_NAIVE = ("%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M")
# Fewer digits before the point would be a date such as 20240131, or a year.
_EPOCH = r"^\d{9,19}(\.\d+)?$"


def utc_times(texts: pl.Series, *, zone: str, layout: str | None = None) -> tuple[pl.Series, bool]:
    """The times in UTC, and whether any came without an offset.

    A time is null where a text is missing, is no time, or names an hour that the zone skipped.
    ISO 8601 with a space or T, fractions, Z, or an offset; a plain date is its first instant; a number of at least nine
    digits counts seconds from 1970 on, or milli-, micro- or nanoseconds when it is that large. Times without an offset
    were taken in `zone`; an hour that the zone had twice means the first of the two. With a `layout` in the letters of
    strptime, times are written so and in no other way.
    """
    if layout:
        return _declared(texts, zone, layout)
    read, naive = _quick(texts, zone)
    quick = texts.to_frame().select(read).to_series()
    naive = naive and quick.null_count() < quick.len()
    if quick.null_count() == texts.null_count():
        return quick, naive
    failed = quick.is_null() & texts.is_not_null()
    slow = texts.filter(failed).to_frame().lazy().select(_slow(pl.first(), zone)).collect()
    return quick.scatter(failed.arg_true(), slow["time"]), naive or bool(slow["naive"].any())


def _declared(texts: pl.Series, zone: str, layout: str) -> tuple[pl.Series, bool]:
    # Browsers put a narrow space before AM and PM, which no layout can name.
    text = pl.col(texts.name).str.replace_all("[\u00a0\u202f]", " ")
    aware = "%z" in layout
    times = _read(text, layout) if re.search("%[HIcT]", layout) else text.str.to_date(layout, strict=False)
    read = _dropped_zone(times) if aware else _in_utc(times.cast(MICROSECONDS), zone)
    return texts.to_frame().select(read).to_series(), not aware


def _quick(texts: pl.Series, zone: str) -> tuple[pl.Expr, bool]:
    """The layout of the first value, tried on the whole column, and whether it has no offset.

    One layout is several times faster than eight.
    """
    name = texts.name
    present = texts.drop_nulls().head(1).to_list()
    first = present[0] if present else ""
    if re.match(_EPOCH, first):
        return _epoch(pl.col(name)), False
    shape = _SHAPE.fullmatch(first)
    if shape is None:
        return pl.lit(None, dtype=MICROSECONDS).repeat_by(pl.len()).explode().alias(name), False
    offset = shape["offset"] or ""
    utc = offset in {"Z", "+00:00", "+00"}
    layout = f"%Y-%m-%d{shape['between']}%H:%M:%S{'%.f' if shape['fraction'] else ''}"
    # An offset of zero is matched as a letter for letter text, which Polars reads fastest.
    read = _read(pl.col(name), layout + (offset if utc or not offset else "%#z"))
    if utc:
        return read, False
    return (_dropped_zone(read), False) if offset else (_in_utc(read, zone), True)


def _slow(text: pl.Expr, zone: str) -> tuple[pl.Expr, pl.Expr]:
    """The `time` of a text in any layout, and whether it is a `naive` one, without an offset."""
    plain = text.str.replace(r"(?i)\s*(UTC|GMT|Z)$", "Z").str.replace("t", "T", literal=True)
    dates = plain.str.to_date("%Y-%m-%d", strict=False).cast(MICROSECONDS)
    zoned = pl.coalesce(_dropped_zone(_read(plain, layout)) for layout in _ZONED)
    naive = pl.coalesce(*(_read(plain, layout) for layout in _NAIVE), dates)
    time = pl.coalesce(zoned, _in_utc(naive, zone), _epoch(plain))
    return time.alias("time"), (zoned.is_null() & naive.is_not_null()).alias("naive")


def _read(text: pl.Expr, layout: str) -> pl.Expr:
    return text.str.to_datetime(layout, strict=False, time_unit="us")


def _dropped_zone(aware: pl.Expr) -> pl.Expr:
    return aware.dt.convert_time_zone("UTC").dt.replace_time_zone(None)


def _in_utc(naive: pl.Expr, zone: str) -> pl.Expr:
    if zone == "UTC":
        return naive
    return _dropped_zone(naive.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null"))


def _epoch(text: pl.Expr) -> pl.Expr:
    """Seconds below 1e11, which lies in the year 5138; milliseconds below 1e14; microseconds below 1e17."""
    number = pl.when(text.str.contains(_EPOCH)).then(text).cast(pl.Float64, strict=False)
    scale = pl.lit(1e-3)
    for limit, microseconds in ((1e17, 1.0), (1e14, 1e3), (1e11, 1e6)):
        scale = pl.when(number < limit).then(microseconds).otherwise(scale)
    return (number * scale).round().cast(pl.Int64, strict=False).cast(MICROSECONDS)
