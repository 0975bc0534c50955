"""The account from which the others come: no role can grant it, so it is made at the machine, without a password."""

from django.contrib.auth.tokens import default_token_generator
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from communities.models import Division, Posting, User
from records.trail import log_act

ROLE = "administrator"


class Command(BaseCommand):
    help = "Make an administrator's account and print the link at which that person sets a password."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("name")
        parser.add_argument("--division", required=True, help="code of the district")

    @transaction.atomic
    def handle(self, username, name, division, **options):
        district = Division.objects.filter(code=division).first()
        if district is None:
            raise CommandError(f"There is no division {division}: run load_divisions first.")
        if User.objects.filter(username=username).exists():
            raise CommandError(f"The sign-in name {username} is in use.")
        user = User.objects.create_user(username, name)
        posting = Posting(user=user, role=ROLE, division=district, starts_on=timezone.localdate())
        posting.full_clean()
        posting.save()
        log_act(user, "made administrator", posting, user=user.pk, division=district.pk)
        key = urlsafe_base64_encode(force_bytes(user.pk))
        link = reverse("one_time_link", args=[key, default_token_generator.make_token(user)])
        self.stdout.write(f"{name} sets a password at {link} within three days; put the site's address before it.")
