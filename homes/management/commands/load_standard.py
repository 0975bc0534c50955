from django.core.management.base import BaseCommand, CommandError

from communities.models import Division
from homes.standard_2026 import load_standard
from records.lifecycle import Refused


class Command(BaseCommand):
    help = "Gives a district the shipped Children's Home standard as a draft, for an administrator to approve."

    def add_arguments(self, parser):
        parser.add_argument("district", help="the district's six digits")

    def handle(self, district, **options):
        try:
            division = Division.objects.get(pk=district, level="district")
            standard = load_standard(division)
        except Division.DoesNotExist:
            raise CommandError(f"There is no district {district}.") from None
        except Refused as refusal:
            raise CommandError(str(refusal.message)) from None
        self.stdout.write(f"{standard}: {standard.items.count()} requirements, waiting for approval.")
