"""The one exception for what a person can mend."""


class LogError(ValueError):
    """Something about a log, a workspace or a request that a person can mend.

    Its message says what is wrong, where, and what to change. Commands print it without a traceback and exit with 2;
    pages show it in place. Everything else that is raised is a bug.
    """


class LargeQuestionError(LogError):
    """A question that would read a whole large log, which the reader has not asked for yet."""


class NoRowsError(LogError):
    """A question that only reviews answer, of a workspace that does not hold them any more, or never did."""
