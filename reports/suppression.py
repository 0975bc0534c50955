"""Small counts of children could point at a child: 1 to 4 are hidden, and so is what would reveal them.

Published numbers are tied by sums (a district is its streets, a total is its parts). Wherever a hidden number could
be found by subtraction, a further one is hidden, until in every sum the hidden ones could be many things.
"""

SMALL = range(1, 5)
SAFE_SUM = 2 * SMALL.stop  # what is hidden within one sum must reach this, or it could be guessed


def hidden(values, sums):
    """The keys whose values must not be shown.

    `values`: {key: count}. `sums`: [(key of the total, [keys of its parts])]; every key stands in `values`.
    """
    gone = {key for key, n in values.items() if n in SMALL}
    changed = True
    while changed:
        changed = False
        for total, parts in sums:
            if (extra := _to_hide(total, parts, values, gone)) is not None:
                gone.add(extra)
                changed = True
    return gone


def _to_hide(total, parts, values, gone):
    """One more key to hide in this sum, or None when it keeps its secret."""
    secret = [key for key in parts if key in gone]
    if not secret:
        # The total alone is hidden: its parts would add up to it.
        return max((k for k in parts if values[k]), key=values.get, default=None) if total in gone else None
    if total in gone:
        return None
    if len(secret) > 1 and sum(values[key] for key in secret) >= SAFE_SUM:
        return None
    open_parts = sorted(
        (key for key in parts if key not in gone and values[key]), key=lambda key: (values[key], str(key))
    )
    return open_parts[0] if open_parts else total
