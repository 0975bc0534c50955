"""What a change at one child of an open proposal would cost, against the best proposal from what is on file now."""

from volunteers.matching.engine import changed, cost_against, cost_of, possible, propose
from volunteers.matching.reading import problem_of

CHOICES = 12


class Weighing:
    """What is on file is read once for all changes; each is then worked out for itself.

    A cost is ((priority children, children, points) lost, children without a helper then, the child's helper then)."""

    def __init__(self, line):
        self.line, self.problem = line, problem_of(line.run)
        self.points = possible(self.problem)
        self.best = propose(self.problem, self.points)

    def choices(self):
        """[(helper, points, (priority children, children, points) lost, children without one then)], best first."""
        child = self.line.child_id
        rows = sorted(self.points.get(child, {}).items(), key=lambda pair: (-pair[1], pair[0]))[:CHOICES]
        found = []
        for helper, worth in rows:
            lost, without, other = cost_of(self.problem, self.points, self.best, child=child, helper=helper)
            if other.pairs.get(child) == helper:
                found.append((helper, worth, lost, without))
        return sorted(found, key=lambda choice: (choice[2], -choice[1], choice[0]))

    def of_excluding(self):
        """The cost when the helper suggested is not to come."""
        child, helper = self.line.child_id, self.line.volunteer_id
        row = {key: worth for key, worth in self.points.get(child, {}).items() if key != helper}
        locks = {key: kept for key, kept in self.problem.locks.items() if (key, kept) != (child, helper)}
        return self._cost({**self.points, child: row}, locks=locks)

    def of_letting_go(self):
        """The cost when the child is no longer kept with the helper."""
        return self._cost(locks={key: kept for key, kept in self.problem.locks.items() if key != self.line.child_id})

    def of_parting(self):
        """The cost when the children of this family may have different helpers."""
        return self._cost(apart=self.problem.apart | {self.line.child.household_id})

    def _cost(self, points=None, **changes):
        other = propose(changed(self.problem, **changes), self.points if points is None else points)
        lost, without, other = cost_against(self.best, other)
        return lost, without, other.pairs.get(self.line.child_id)
