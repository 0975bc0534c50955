"""Small counts of children could point at a child: 1 to 4 are hidden, and so is what would reveal them.

The rule is cell suppression of statistical disclosure control (Cox, "Suppression methodology and statistical disclosure
control", Journal of the American Statistical Association 75, 1980; Hundepool and others, "Statistical Disclosure
Control", Wiley 2012, chapter 4):

* Primary: a count of 1 to 4 is hidden. Zero is shown.
* Complementary: shown numbers are tied by sums (a district is its streets, a total is its parts), so further numbers
  are hidden until subtraction finds nothing. Beneath every shown total at least two parts are hidden, or none; and what
  is hidden there could be shared out otherwise: every small one could be 5, and every other could be another number.

The second half is the feasibility interval. A reader knows of a hidden number that it reaches its floor: 1, for zeros
are shown. Beneath a shown total the hidden numbers add up to a known sum; one of them can grow by as much as the others
lie above their floors, their room. So the room of the others must reach from a small number to 5.

Sums form a tree: a number is part of one sum. That makes these intervals exact, and no ring of sums can be closed.
What ties numbers otherwise (quarters, measures, reports that come one after the other) is the matter of
`reports.publishing`.
"""

from collections import deque

SMALL = range(1, 5)


def hidden(values, sums):
    """The keys whose values must not be shown; the same for the same numbers, in whatever order they come.

    `values`: {key: count}. `sums`: [(key of the total, [keys of its parts])]; every key stands in `values`, is a part
    at most once, and only a total that is no part itself is divided in several ways.
    """
    return hidden_together([(values, {})], sums, small(values))


def small(values):
    return {key for key, n in values.items() if n in SMALL}


def hidden_together(faces, sums, primary, least=0):
    """The keys hidden in several counts at once, which are tied so that a hidden one would follow from another.

    `faces`: [({key: count}, {key: floor, where it is not 1})], all with the same keys. `primary`: the keys to hide in
    any case. `least`: how much room the others must leave to a hidden number that is not small.
    """
    return _Suppression(faces, sums, primary, least).run()


class _Suppression:
    def __init__(self, faces, sums, primary, least):
        self.values = [values for values, _floors in faces]
        self.rooms = [{key: n - min(floors.get(key, 1), n) for key, n in values.items()} for values, floors in faces]
        self.sums = sorted(((total, sorted(parts, key=str)) for total, parts in sums), key=str)
        self.gone = set(primary)
        self.least = least
        self.divided: dict = {}  # total: the numbers of its sums
        self.above: dict = {}  # part: the number of the sum it stands in
        for number, (total, parts) in enumerate(self.sums):
            self.divided.setdefault(total, []).append(number)
            self.above.update(dict.fromkeys(parts, number))

    def run(self):
        todo = deque(range(len(self.sums)))
        waiting = set(todo)
        while todo:
            number = todo.popleft()
            waiting.discard(number)
            while (key := self._to_hide(*self.sums[number])) is not None:
                self.gone.add(key)
                for other in self._touched(key):
                    if other not in waiting:
                        waiting.add(other)
                        todo.append(other)
        return self.gone

    def _touched(self, key):
        """The sums whose secret is another one now that `key` is hidden: its own, and those above it."""
        yield from self.divided.get(key, ())
        while (number := self.above.get(key)) is not None:
            yield number
            key = self.sums[number][0]

    def _to_hide(self, total, parts):
        """One more key to hide in this sum, or None when it keeps its secret."""
        secret = [key for key in parts if key in self.gone]
        if total in self.gone:
            if secret or not parts:
                return None
            return max(parts, key=lambda key: (self._room(key), *(values[key] for values in self.values), str(key)))
        if not secret:
            return None
        lacking, rooms = self._lacking([end for key in secret for end in self._hidden_ends(key)])
        if len(secret) > 1 and lacking <= 0:
            return None
        open_parts = [(self._room(key, [rooms]), str(key), key) for key in parts if key not in self.gone]
        open_parts = sorted(part for part in open_parts if part[0] > 0)
        if not open_parts:
            return total
        return next((key for room, _name, key in open_parts if room >= lacking), open_parts[-1][2])

    def _lacking(self, ends):
        """(how much room is wanting beneath a shown total with these hidden ends, the rooms of the face it wants in)"""
        worst = None
        for values, rooms in zip(self.values, self.rooms, strict=True):
            room = sum(rooms[end] for end in ends)
            wanting = max(self._needed(values[end]) - (room - rooms[end]) for end in ends)
            if worst is None or max(wanting, 1 - room) > worst[0]:
                worst = max(wanting, 1 - room), rooms
        return worst

    def _needed(self, n):
        return SMALL.stop - n if n in SMALL else self.least

    def _hidden_ends(self, key):
        """The hidden numbers beneath a hidden one that are divided no further."""
        if key not in self.divided:
            return [key]
        parts = self.sums[self.divided[key][0]][1]
        return [end for part in parts if part in self.gone for end in self._hidden_ends(part)]

    def _room(self, key, faces=None):
        """How far the value may fall; of a total, how far that of its roomiest part may."""
        if key not in self.divided:
            return sum(rooms[key] for rooms in faces or self.rooms)
        return max((self._room(part, faces) for part in self.sums[self.divided[key][0]][1]), default=0)
