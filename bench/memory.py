"""Seconds that some work takes, and by how many MB the process rises at its highest meanwhile."""

import os
import threading
import time

PAGE = os.sysconf("SC_PAGE_SIZE")
LOOKED_EVERY = 0.02  # seconds


def risen(work):
    """({seconds, megabytes}, what `work` gave). What was needed earlier and let go again does not count."""
    before = highest = held()
    ended = threading.Event()

    def look():
        nonlocal highest
        while not ended.wait(LOOKED_EVERY):
            highest = max(highest, held())

    watch = threading.Thread(target=look, daemon=True)
    watch.start()
    begun = time.perf_counter()
    try:
        given = work()
    finally:
        seconds = time.perf_counter() - begun
        ended.set()
        watch.join()
    return {"seconds": seconds, "megabytes": (max(highest, held()) - before) / 2**20}, given


def held():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * PAGE
