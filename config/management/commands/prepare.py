"""What has to be in place before the server starts; safe to repeat, and quick when there is nothing to do."""

import hashlib

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Bring database and static files up to date; in demo mode, tell an empty database the demo's story."

    def handle(self, *args, **options):
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        self.collect_static_files()
        if settings.DEMO:
            if not get_user_model().objects.exists():
                self.stdout.write("Building the demo …")
                call_command("seed_demo")
            call_command("seed_demo", "--sign-ins")

    def collect_static_files(self):
        """Compressing them takes seconds, so only when one has changed."""
        facts = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
        for finder in get_finders():
            for path, storage in finder.list([]):
                facts.update(f"{path} {storage.size(path)} {storage.get_modified_time(path)}\n".encode())
        stamp = settings.STATIC_ROOT.with_suffix(".stamp")
        if not settings.STATIC_ROOT.exists() or not stamp.exists() or stamp.read_text() != facts.hexdigest():
            call_command("collectstatic", verbosity=0, interactive=False)
            stamp.write_text(facts.hexdigest())
