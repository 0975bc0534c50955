"""What the votes of a committee come to. Pure: a vote is (what was declared, what was chosen)."""

from dataclasses import dataclass

from appraisal.kinds import Choice, Conflict


@dataclass(frozen=True)
class Tally:
    """`entitled` are all members but those with a declared conflict; who declared one never counts."""

    votes_for: int
    votes_against: int
    abstained: int
    entitled: int

    @property
    def cast(self):
        return self.votes_for + self.votes_against + self.abstained

    @property
    def is_quorate(self):
        return self.cast * 2 > self.entitled

    @property
    def is_carried(self):
        return self.is_quorate and self.votes_for > self.votes_against


def tally(ballots):
    """`ballots`: one (conflict, choice) for each member; both may be empty."""
    free = [choice for conflict, choice in ballots if conflict in ("", Conflict.NONE)]
    declared = [choice for conflict, choice in ballots if conflict == Conflict.NONE]
    counts = [declared.count(choice) for choice in (Choice.FOR, Choice.AGAINST, Choice.ABSTAIN)]
    return Tally(*counts, entitled=len(free))
