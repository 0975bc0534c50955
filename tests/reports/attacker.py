"""Somebody who reads every number that is shown, knows every sum and every rule, and solves for the hidden ones."""

from reports.suppression import SMALL

MOST = 2_000  # no unknown is tried beyond
STEPS = 30_000  # of one search; a number that is not found to have another value by then counts as found out


class Attacker:
    """Unknown whole numbers, each with the least it can be, tied by sums that lie between two bounds."""

    def __init__(self):
        self.least: dict = {}
        self.sums: list = []
        self.of: dict = {}

    def unknown(self, name, least=0):
        self.least[name] = max(least, self.least.get(name, 0))
        self.of.setdefault(name, [])

    def equal(self, factors, constant):
        """The sum of factor x unknown is known."""
        self.between(factors, constant, constant)

    def between(self, factors, lowest, highest):
        factors = {name: factor for name, factor in factors.items() if factor}
        for name in factors:
            self.of[name].append(len(self.sums))
        self.sums.append((list(factors.items()), lowest, highest))

    def found_out(self, truth, names=None):
        """{unknown: why} of those that have one value only, or that are 1 to 4 and can be nothing else.

        `truth` holds every unknown, and stands where the search for other worlds begins; `names` are those asked for.
        """
        other, large = set(), {name for name, n in truth.items() if n not in SMALL}
        found = {}
        for name in self.least if names is None else names:
            n = truth[name]
            if name not in large and not self._note(
                self._solve(truth, {name: (SMALL.stop, MOST)}), truth, other, large
            ):
                found[name] = "is one of 1 to 4"
            if name not in other and not any(
                self._note(self._solve(truth, {name: span}), truth, other, large)
                for span in ((n + 1, MOST), (0, n - 1))
                if span[0] <= span[1]
            ):
                found[name] = "has one value"
        return found

    def _note(self, world, truth, other, large):
        """What one possible world shows of all unknowns at once."""
        if world is None:
            return False
        other |= {name for name, n in world.items() if n != truth[name]}
        large |= {name for name, n in world.items() if n >= SMALL.stop}
        return True

    def _solve(self, truth, given):
        """A possible world in which the unknowns of `given` lie in their spans, as near to the truth as it goes."""
        low, high = dict(self.least), dict.fromkeys(self.least, MOST)
        for name, (lowest, highest) in given.items():
            low[name], high[name] = max(low[name], lowest), min(high[name], highest)
            if low[name] > high[name]:
                return None
        self.steps = STEPS
        return self._search(truth, low, high, range(len(self.sums)))

    def _search(self, truth, low, high, touched):
        """Bring everything as near to the truth as its span lets it; mend the first sum that does not hold, and on."""
        if not self._narrow(low, high, touched):
            return None
        near = {name: min(max(truth[name], low[name]), high[name]) for name in low}
        factors, wanting = self._broken(near)
        if not factors:
            return near
        self.steps -= 1
        if self.steps < 0:
            return None
        for name, factor in sorted(factors, key=lambda one: (low[one[0]] - high[one[0]], str(one))):
            for value in dict.fromkeys(
                [near[name] + wanting // factor, near[name] + (1 if wanting * factor > 0 else -1)]
            ):
                value = min(max(value, low[name]), high[name])
                if value != near[name]:
                    lower, upper = dict(low), dict(high)
                    lower[name] = upper[name] = value
                    if (world := self._search(truth, lower, upper, self.of[name])) is not None:
                        return world
        return None

    def _broken(self, near):
        """(the terms of the first sum that does not hold, by how much it must change)"""
        for factors, lowest, highest in self.sums:
            total = sum(factor * near[name] for name, factor in factors)
            if lowest is not None and total < lowest:
                return factors, lowest - total
            if highest is not None and total > highest:
                return factors, highest - total
        return [], 0

    def _narrow(self, low, high, touched):
        """Carry bounds through the sums until nothing moves; whether they leave a world."""
        todo = set(touched)
        while todo:
            factors, lowest, highest = self.sums[todo.pop()]
            reach_low = sum(f * (low[n] if f > 0 else high[n]) for n, f in factors)
            reach_high = sum(f * (high[n] if f > 0 else low[n]) for n, f in factors)
            if (highest is not None and reach_low > highest) or (lowest is not None and reach_high < lowest):
                return False
            for name, f in factors:
                own_low, own_high = (low[name], high[name]) if f > 0 else (high[name], low[name])
                bounds = [low[name], high[name]]
                if lowest is not None:
                    n = lowest - (reach_high - f * own_high)
                    bounds = [max(bounds[0], -(-n // f)), bounds[1]] if f > 0 else [bounds[0], min(bounds[1], n // f)]
                if highest is not None:
                    n = highest - (reach_low - f * own_low)
                    bounds = [bounds[0], min(bounds[1], n // f)] if f > 0 else [max(bounds[0], -(-n // f)), bounds[1]]
                if bounds[0] > bounds[1]:
                    return False
                if bounds != [low[name], high[name]]:
                    low[name], high[name] = bounds
                    todo.update(self.of[name])
                    reach_low = sum(f * (low[n] if f > 0 else high[n]) for n, f in factors)
                    reach_high = sum(f * (high[n] if f > 0 else low[n]) for n, f in factors)
        return True
