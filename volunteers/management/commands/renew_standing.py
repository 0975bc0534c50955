from django.core.management.base import BaseCommand
from django.utils import timezone

from volunteers.forgetting import forget_old_applications
from volunteers.home_roster import fall_off
from volunteers.memberships import end_memberships_of_those_gone
from volunteers.vetting import lapse_on, let_go_on


class Command(BaseCommand):
    help = (
        "Tells staff which helpers are no longer cleared, lets the pairings of those who are cleared again go on, "
        "takes helpers off the rosters of the Homes, ends what those who have left were members of, and removes the "
        "data of applications that came to nothing. Run it daily after midnight; access itself ends at midnight "
        "without it."
    )

    def handle(self, **options):
        today = timezone.localdate()
        self.stdout.write(f"{lapse_on(today)} helpers lapsed")
        self.stdout.write(f"{let_go_on(today)} pairings go on again")
        self.stdout.write(f"{fall_off(today)} duties at the Homes given back")
        self.stdout.write(f"{end_memberships_of_those_gone()} memberships ended")
        self.stdout.write(f"{forget_old_applications(today)} applications removed")
