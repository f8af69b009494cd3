"""Pages of HTML that stand alone, to be printed and sent around: no script, nothing fetched, light and dark."""

from collections.abc import Iterable
from html import escape
from string import Template

import polars as pl

_PAGE = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>$title</title>
<style>
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid #8886; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; }
.case { break-inside: avoid; border: 1px solid #8886; border-radius: .5rem; padding: .2rem 1rem; margin: 1rem 0; }
.choice { display: inline-block; margin-right: 1.5rem; white-space: nowrap; }
.line { border-bottom: 1px solid #888; height: 2rem; }
figure { background: #fff; margin: 1rem 0; overflow-x: auto; }
.quiet { opacity: .75; font-size: .9em; }
@media print { body { margin: 0; max-width: none; font-size: 11pt; } }
</style>
</head>
<body>
<h1>$title</h1>
$parts
</body>
</html>
""")


def page(title: str, parts: Iterable[str]) -> str:
    """A whole page; the parts are HTML."""
    return _PAGE.substitute(title=escape(title), parts="\n".join(parts))


def heading(text: str) -> str:
    """The heading of a part."""
    return f"<h2>{escape(text)}</h2>"


def paragraph(text: str, *, quiet: bool = False) -> str:
    """A paragraph of plain text."""
    return f"{'<p class=quiet>' if quiet else '<p>'}{escape(text)}</p>"


def points(sentences: Iterable[str]) -> str:
    """A list of sentences."""
    return "<ul>" + "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences) + "</ul>"


def figure(svg: str, alt: str) -> str:
    """A picture of ours, on a ground that suits its ink in light and dark."""
    return f'<figure role="img" aria-label="{escape(alt)}">{svg}</figure>'


def table(frame: pl.DataFrame) -> str:
    """A table; what is unknown is a dash."""
    kinds = ["number" if kind.is_numeric() else "" for kind in frame.dtypes]
    head = "".join(_cell("th", kind, name.replace("_", " ")) for name, kind in zip(frame.columns, kinds, strict=True))
    rows = (
        "".join(_cell("td", kind, "–" if value is None else str(value)) for value, kind in zip(row, kinds, strict=True))
        for row in frame.iter_rows()
    )
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _cell(tag: str, kind: str, text: str) -> str:
    named = f' class="{kind}"' if kind else ""
    return f"<{tag}{named}>{escape(text)}</{tag}>"
