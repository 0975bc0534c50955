"""The same bars and points as `bars` and `scores` give one by one, for millions of pairs: what is shared is one AND of
two masks, looked up; what is rare is asked by name. A test holds the two ways against each other."""

from records.scoping import DISTRICT_DIGITS
from volunteers.matching.bars import HELPER_BARS, PAIR_BARS, too_young_after
from volunteers.matching.cards import HelperCard
from volunteers.matching.scores import POINTS, SHARED, lives_in, points_of

BITS = 24  # room for the members of one shared set
FIELDS = [(weight.points, weight.most, ((1 << BITS) - 1) << BITS * place) for place, weight in enumerate(SHARED)]
ONE_OF_EACH = {sex: HelperCard(0, "", sex, None, 1) for sex in "MF"}
SEX = next(bar for bar in PAIR_BARS if bar.key == "sex")


class Possible:
    """The helpers of one problem who may be given a child at all, in the order in which rows are asked for."""

    def __init__(self, helpers, rule, day):
        self.rule, self.day = rule, day
        ready = [h for h in helpers if not any(bar.holds(None, h, rule, day) for bar in HELPER_BARS)]
        self.helper = {helper.key: helper for helper in ready}
        self.codes, self.worth, self.near, self.far, self.marked, self.inside = {}, {}, {}, {}, {}, {}
        for helper in ready:
            if helper.born is None:
                continue  # no pair of theirs passes the bar of age
            entry = (helper.key, helper.sex, helper.born, self._mask(helper, "offered"))
            self.near.setdefault(helper.community, []).append(entry)
            if helper.comes_far:
                district = self.far.setdefault(helper.community[:DISTRICT_DIGITS], {})
                district.setdefault(helper.community, []).append(entry)
            for mark in helper.marks:
                self.marked.setdefault(mark, []).append(helper.key)

    def row(self, child):
        """{helper: points} for one child."""
        mask, latest, sexes = self._mask(child, "needed"), too_young_after(child, self.rule), self._sexes(child)
        found = {}
        for bonus, entries in self._within_reach(child):
            for key, sex, born, offered in entries:
                if sex in sexes and born <= latest:
                    both = mask & offered
                    worth = self.worth.get(both)
                    found[key] = bonus + (self._worth(both) if worth is None else worth)
        for mark in child.family_marks:
            for key in self.marked.get(mark, ()):
                found.pop(key, None)
        for key in child.excluded:
            found.pop(key, None)
        for key in self._linked(child):
            if key in found:
                found[key] = points_of(child, self.helper[key])
        return found

    def _within_reach(self, child):
        yield POINTS["community"] + 1, self.near.get(child.community, ())
        for community, entries in self.far.get(child.community[:DISTRICT_DIGITS], {}).items():
            if community != child.community:
                yield 1, entries

    def _sexes(self, child):
        return {sex for sex, one in ONE_OF_EACH.items() if not SEX.holds(child, one, self.rule, self.day)}

    def _linked(self, child):
        """Helpers with points that stand for one child alone, by name or by building."""
        if not child.building:
            return child.known | child.with_siblings
        where = child.community, child.building
        if where not in self.inside:
            keys = [entry[0] for _bonus, entries in self._within_reach(child) for entry in entries]
            self.inside[where] = {key for key in keys if lives_in(self.helper[key].address, child.building)}
        return child.known | child.with_siblings | self.inside[where]

    def _mask(self, card, side):
        mask = 0
        for place, weight in enumerate(SHARED):
            codes = self.codes.setdefault(weight.key, {})
            for one in getattr(weight, side)(card):
                mask |= 1 << BITS * place + codes.setdefault(one, len(codes))
        return mask

    def _worth(self, both):
        total = sum(points * min((both & field).bit_count(), most) for points, most, field in FIELDS)
        self.worth[both] = total
        return total
