"""How measures of the same place and quarter are tied, other than by sums of divisions and parts.

Who adds a measure that hides small counts looks here: a tie that is not written down is not guarded. A measure that is
the sum of others (`reports.layout.SUMS`) cannot be guarded at all, and is never published.
"""

# A count of some of the children (or duties, or people) that another counts: hidden wherever that one is. Pairings are
# not some of the children; but with a part in common, one of the two shown would tell how far the hidden one reaches.
PART_OF = {
    "left_behind_children": ["children_on_register"],
    "migrant_children": ["children_on_register"],
    "priority_children": ["children_on_register"],
    "children_out_of_school": ["children_on_register"],
    "disabled_children": ["children_on_register"],
    "files_complete": ["children_on_register"],
    "with_valid_letter": ["left_behind_children"],
    "children_with_cards": ["left_behind_children", "migrant_children"],
    "pairings_active": ["children_on_register"],
    "children_paired": ["children_on_register", "pairings_active"],
    "helpers_active": ["helpers_in_service"],
    "helpers_with_valid_check": ["helpers_in_service"],
    "duties_done": ["duties_due_base"],
    "children_reached": ["attendances"],
}

# Two such counts that have nobody in common: with the whole, each nearly tells the other.
DISJOINT = [("left_behind_children", "migrant_children")]

# What stood there a quarter before, and came, and did not leave, stands there now.
BALANCES = [
    ("children_on_register", "newly_registered", "left_register"),
    ("pairings_active", "pairings_begun", "pairings_ended"),
]

FLOWS = {flow for balance in BALANCES for flow in balance[1:]}


def families(keys):
    """Measures that are decided together: [[(measure, …), …]], wholes before their parts, disjoint ones as one."""
    found: list[list] = []
    for key in sorted(keys):
        tied = [family for family in found if any(_tied(key, other) for other in family)]
        found = [family for family in found if family not in tied] + [[key, *(k for f in tied for k in f)]]
    return [_in_order(family) for family in sorted(map(sorted, found))]


def _tied(one, other):
    return one in PART_OF.get(other, []) or other in PART_OF.get(one, [])


def _in_order(family):
    pairs = {key: pair for pair in DISJOINT if set(pair) <= set(family) for key in pair}
    groups = dict.fromkeys(pairs.get(key, (key,)) for key in sorted(family, key=lambda key: (_depth(key), key)))
    return list(groups)


def _depth(key):
    return 1 + max((_depth(whole) for whole in PART_OF.get(key, [])), default=0)
