"""People at the same time: each in a thread and a connection of their own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection


def at_once(*acts):
    """Run all acts at the same moment; their results, in order."""
    together = Barrier(len(acts))

    def run(act):
        try:
            together.wait(10)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as people:
        return [future.result(30) for future in [people.submit(run, act) for act in acts]]
