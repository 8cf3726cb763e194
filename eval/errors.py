"""What can go wrong with an evaluation.

EvaluationFault
├── BrokenCase       a line of a case file is no case; the message names file and line
├── NothingThere     no case, run, record or system of that name
└── NotComparable    two runs that were not scored on the same cases
"""


class EvaluationFault(Exception):
    """Anything wrong with cases or runs that the user can mend."""


class BrokenCase(EvaluationFault):
    """A line of a case file is no case."""


class NothingThere(EvaluationFault):
    """There is nothing of that name."""


class NotComparable(EvaluationFault):
    """Two runs that were not scored on the same cases."""
