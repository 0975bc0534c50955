"""The best assignment of rows to columns, exactly: shortest augmenting paths over dual prices."""

from math import inf
from operator import add


def assign(gains):
    """For each row its column, so that the sum of `gains[row][column]` is greatest; never more rows than columns."""
    height, width = len(gains), len(gains[0]) if gains else 0
    row_price, column_price = [0] * height, [0] * width
    row_of, column_of = [-1] * width, [-1] * height
    for start in _give_at_once(gains, row_price, column_price, row_of, column_of):
        _augment(start, gains, row_price, column_price, row_of, column_of)
    return column_of


def _give_at_once(gains, row_price, column_price, row_of, column_of):
    """Rows outbid each other for their best column, three rounds; gives back the rows that are still without one."""
    without = list(range(len(gains)))
    for _round in range(3):
        bidding, without = without, []
        while bidding:
            row = bidding.pop()
            worths = list(map(add, gains[row], column_price))
            best = max(worths)
            column = worths.index(best)
            worths[column] = -inf
            second = max(worths)
            if second == best and row_of[column] >= 0:
                column = next((c for c, worth in enumerate(worths) if worth == best and row_of[c] < 0), column)
            if best > second > -inf:
                column_price[column] -= best - second
                row_price[row] = -second
            else:
                row_price[row] = -best
            outbid, row_of[column], column_of[row] = row_of[column], row, column
            if outbid >= 0:
                column_of[outbid] = -1
                without.append(outbid)
    return without


def _augment(start, gains, row_price, column_price, row_of, column_of):
    """Give row `start` a column, moving others along the cheapest path."""
    width = len(column_price)
    shortest, came_from, remaining = [inf] * width, [-1] * width, list(range(width))
    rows, columns, reached, row = [], [], 0, start
    while True:
        rows.append(row)
        gain, base = gains[row], reached - row_price[row]
        lowest, at = inf, -1
        for index, column in enumerate(remaining):
            cost = base - gain[column] - column_price[column]
            if cost < shortest[column]:
                shortest[column], came_from[column] = cost, row
            else:
                cost = shortest[column]
            if cost < lowest or (cost == lowest and row_of[column] < 0):
                lowest, at = cost, index
        reached, column = lowest, remaining[at]
        columns.append(column)
        remaining[at] = remaining[-1]
        remaining.pop()
        row = row_of[column]
        if row < 0:
            break
    row_price[start] += reached
    for row in rows[1:]:
        row_price[row] += reached - shortest[column_of[row]]
    for passed in columns:
        column_price[passed] -= reached - shortest[passed]
    while True:
        row = row_of[column] = came_from[column]
        column, column_of[row] = column_of[row], column
        if row == start:
            return
