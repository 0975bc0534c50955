from django.core.management.base import BaseCommand

from volunteers import totals
from volunteers.terms import current_terms, end_what_has_run_out, follow_the_terms, open_term_duties


class Command(BaseCommand):
    help = (
        "Opens the five ones of the running term for every active pairing and counts how each term stands. "
        "Run it daily; doing it again adds nothing."
    )

    def handle(self, **options):
        self.stdout.write(f"{end_what_has_run_out()} pairings ended")
        for term in current_terms():
            self.stdout.write(f"{term.district_id} {term.starts_on}: {open_term_duties(term)} opened")
        self.stdout.write(f"{follow_the_terms()} duties follow their term")
        for term in totals.terms_to_count():
            self.stdout.write(f"{term.district_id} {term.starts_on}: {totals.count(term)} communities counted")
