"""The report of a calibration session as a page to print and send around."""

from dashboard import charts, document, export
from dashboard.calibration import Outcome
from dashboard.calibration_report import cases, clauses, drawn, remarks, sentence
from data.calibrations import now

METHOD = """\
Cases are ranked by ambiguity × volume × harm. Ambiguity is the chance that two further reviewers of the case would
disagree, as forecast from its independent reviews and from how far reviewers agree elsewhere in the log. Volume is the
share of the reviews that its policy has. Harm is what the labels that met cost if one of them is wrong.

Agreement is the share of pairs of votes (before: of independent reviews) on a case that are alike, averaged over cases.
The rise is taken case by case, and its 95 % interval (Student's t) says how far it would move with other cases. It is
not what the talk brought: cases that were chosen because they split are agreed on more when anybody is asked again.

“Expected” is that regression to the mean: the agreement of two further reviewers, from the same forecast.

“Beyond controls” is what the talk brought: agreement on the cases talked about minus agreement on cases of the same
clause that ranked next to them, that a coin kept out of the talk, and that were on the same ballot. Without controls it
is not known. Several clauses are several intervals: of twenty, one leaves out 0 by chance.
"""


def printed(outcome: Outcome) -> str:
    """The report of a session, as a page that stands alone."""
    made = outcome.calibration
    parts = [
        document.paragraph(sentence(outcome)),
        document.points(remarks(outcome)),
        *([_picture(outcome)] if outcome.clauses["cases"][0] else []),
        document.heading("By clause"),
        document.table(clauses(outcome)),
        document.heading("Cases"),
        document.table(cases(outcome)),
        document.heading("How this was found"),
        *(document.paragraph(said) for said in METHOD.split("\n\n")),
        document.paragraph(f"Harm was measured by {made.harm}."),
        document.paragraph(f"Made {made.made_at} from {made.scope}; {made.stamp}. Report of {now()}.", quiet=True),
    ]
    return document.page(f"Calibration: {made.name}", parts)


def _picture(outcome: Outcome) -> str:
    svg = export.picture(charts.template("before_after"), {"data": drawn(outcome)}, "svg").decode()
    return document.figure(svg, f"Agreement before and after by clause. {sentence(outcome)}")
