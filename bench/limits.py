"""What the figures keep to; the end of a run names what is beyond.

Machines are noisy: what is beyond is asked again alone (`--question`) before anybody believes it.
"""

from dataclasses import dataclass

LIBRARY_BY_OURS = {"import": 8}  # a row, of what is done to rows; of the rest no library may be faster
MEMORY_GROWTH = 1.3  # ten times as many rows
MEMORY_SPARED = 8  # MB by which two runs of one program differ


@dataclass(frozen=True)
class Limits:
    """`growth`: the largest size by the smallest, of every question but those that are `free`.

    `by_floor`: a page's own statements by the best bare SQL; `by_naive`: the naive question by the page's own.
    """

    growth: float = 1.3
    free: tuple[str, ...] = ()
    by_floor: float = 6
    by_naive: float = 10

    def beyond(self, results):
        """What is beyond in [{question: figures}] of sizes in rising order, a line each."""
        few, many = results[0], results[-1]
        for words, figures in many.items():
            own = figures.get("reads", figures["ms"])
            if words not in self.free and (rate := figures["ms"] / few[words]["ms"]) > self.growth:
                yield f"{words}: growth {rate:.2f} of {self.growth}"
            if (floor := figures.get("floor")) and (rate := own / floor) > self.by_floor:
                yield f"{words}: own reads {rate:.1f} times the floor, of {self.by_floor}"
            if (naive := figures.get("naive")) and (rate := naive / own) < self.by_naive:
                yield f"{words}: the naive question {rate:.1f} times ours, of {self.by_naive}"


OF_PARTS = {
    "pages": Limits(free=("the street office's start page",)),  # no issue limits it
    "reports": Limits(
        free=("loading", "comparison of all communities", "a quarter drawn for the district"), by_floor=3
    ),
}


def beyond_pages(part, results):
    return list(OF_PARTS.get(part, Limits()).beyond(results))


def beyond_rows(part, words, small, large, peer):
    """The same of what is done to rows, by us to fewer and to more and by a library."""
    if (rate := cost(peer) / cost(large)) < (least := LIBRARY_BY_OURS.get(part, 1)):
        yield f"{words}: the library {rate:.1f} times ours, of {least}"
    if large["megabytes"] > small["megabytes"] * MEMORY_GROWTH + MEMORY_SPARED:
        yield f"{words}: memory rose from {small['megabytes']:.0f} to {large['megabytes']:.0f} MB"


def cost(figures):
    """Milliseconds a row."""
    return 1000 * figures["seconds"] / figures["rows"]
