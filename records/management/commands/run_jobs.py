import signal
import sys
import time

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from records import jobs

PAUSE = 1.0  # seconds between two looks for work


class Command(BaseCommand):
    help = (
        "Does the long work that people asked for (large rosters), one job after another, until it is stopped. "
        "Several may run at once; a job whose worker dies is begun anew."
    )

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="end when nothing is left to do")

    def handle(self, *args, once, **options):
        if once:
            done = 0
            while jobs.work_one():
                done += 1
            self.stdout.write(f"Did {done} jobs.")
            return
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        self.stdout.write("Waiting for work.")
        self.stdout.flush()
        while True:
            self._work()

    def _work(self):
        try:
            close_old_connections()
            found = jobs.work_one()
        except (OperationalError, InterfaceError) as error:
            self.stderr.write(f"The database does not answer: {type(error).__name__}. Trying again.")
            connection.close()
            found = False
        if not found:
            time.sleep(PAUSE)
