"""One block of children and helpers: the best assignment in which families that wish so stay with one helper.

Without such families it is one exact assignment. With them, that assignment is an upper bound: where it takes a
family apart, we look at both ways (this helper takes the whole family, or none of it) and keep the best.
"""

from volunteers.matching.assignment import assign


def best_block(gains, places, families=(), looks=400):
    """({child: helper}, whether it is proven best). `gains[child][helper]` only where the two may be paired."""
    found, best = {}, -1
    waiting = [({}, gains, places, tuple(families))]
    while waiting and looks > 0:
        fixed, left, free, groups = waiting.pop()
        left = _whole_families_only(left, free, groups)
        looks -= 1
        pairs = fixed | _relaxed(left, free)
        total = sum(gains[child][helper] for child, helper in pairs.items())
        if total <= best:
            continue
        torn = _torn(pairs, groups)
        whole = pairs if torn is None else fixed | _families_first(left, free, groups, pairs)
        worth = sum(gains[child][helper] for child, helper in whole.items())
        if worth > best:
            found, best = whole, worth
        if torn is None or total <= best:
            continue
        family, helper = torn
        without = {c: {h: g for h, g in row.items() if c not in family or h != helper} for c, row in left.items()}
        waiting.append((fixed, without, free, groups))
        waiting.append(_given(fixed, left, free, groups, family, helper))
    return found, not waiting


def _given(fixed, left, free, groups, family, helper):
    rest = {child: row for child, row in left.items() if child not in family}
    others = tuple(group for group in groups if group != family)
    return fixed | dict.fromkeys(family, helper), rest, free | {helper: free[helper] - len(family)}, others


def _whole_families_only(gains, places, families):
    """Without the pairs in which a helper could not take the whole family."""
    kept = dict(gains)
    for family in families:
        shared = set.intersection(*(set(kept.get(child, ())) for child in family))
        able = {helper for helper in shared if places[helper] >= len(family)}
        for child in family:
            kept[child] = {h: g for h, g in kept.get(child, {}).items() if h in able}
    return kept


def _torn(pairs, families):
    """A family taken apart, and the helper who has most of it; None when all are whole."""
    for family in families:
        helpers = [pairs.get(child) for child in family]
        if len(set(helpers)) > 1:
            served = [helper for helper in helpers if helper is not None]
            return family, max(served, key=lambda helper: (served.count(helper), -helper))
    return None


def _families_first(gains, places, families, pairs):
    """A good answer, if not the best: families one after another, then the best for the other children."""
    given, places, free = {}, dict(places), dict(gains)
    for family in families:
        wish = {helper: sum(gains[child][helper] for child in family) for helper in gains[family[0]]}
        able = [helper for helper in wish if places[helper] >= len(family)]
        if able:
            liked = [pairs.get(child) for child in family]
            helper = max(able, key=lambda one: (liked.count(one), wish[one], -one))
            given |= dict.fromkeys(family, helper)
            places[helper] -= len(family)
        for child in family:
            del free[child]
    return given | _relaxed(free, places)


def _relaxed(gains, places):
    """The best assignment of single children; the smaller side are the rows."""
    children = [child for child, row in gains.items() if row]
    wanted = {helper for child in children for helper in gains[child]}
    slots = [h for h in sorted(wanted) for _place in range(min(places[h], len(children)))]
    if not children or not slots:
        return {}
    if len(children) <= len(slots):
        table = [[gains[child].get(helper, 0) for helper in slots] for child in children]
        chosen = enumerate(assign(table))
    else:
        rows = {helper: [gains[child].get(helper, 0) for child in children] for helper in wanted}
        chosen = ((child, slot) for slot, child in enumerate(assign([rows[helper] for helper in slots])))
    pairs = ((children[child], slots[slot]) for child, slot in chosen)
    return {child: helper for child, helper in pairs if helper in gains[child]}
