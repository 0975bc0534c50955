import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from records.attachments import Attachment


class Command(BaseCommand):
    help = "Removes files that no row knows, left by an undone upload, and names rows whose file is gone."

    def add_arguments(self, parser):
        parser.add_argument(
            "--minutes", type=int, default=60, help="leave younger files alone: an upload may be going on"
        )

    def handle(self, *args, minutes, **options):
        root = Path(settings.PRIVATE_ROOT)
        before = time.time() - minutes * 60
        # Files first, rows second: a file that is new since then is missing from neither list by mistake.
        files = {path.relative_to(root).as_posix(): path for path in root.glob("??/??/*") if path.is_file()}
        known = dict(Attachment.objects.values_list("file", "pk"))
        removed = 0
        for name in files.keys() - known.keys():
            if files[name].stat().st_mtime < before:
                files[name].unlink()
                removed += 1
        self.stdout.write(f"{len(known)} attachments, {removed} files without a row removed.")
        missing = sorted(pk for name, pk in known.items() if not (root / name).is_file())
        if missing:
            raise CommandError(f"Attachments without a file: {missing}. Restore them from a backup.")
