from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import models, transaction
from django.db.models.functions import Cast, Substr

from records.secrets import Companion, SecretBytesField, SecretUnreadable, decrypt, secret_fields


class Command(BaseCommand):
    help = (
        "Encrypts every secret with the first key of FIELD_KEYS. May be stopped and run again at any time; "
        "once it ends without complaint, older keys may be removed."
    )

    def add_arguments(self, parser):
        parser.add_argument("--batch", type=int, default=500)
        parser.add_argument("--index", action="store_true", help="also make the search hashes anew, with INDEX_KEY")

    def handle(self, *args, batch, index, **options):
        self.unreadable = 0
        for model in apps.get_models():
            for field in secret_fields(model):
                self.rotate(model, field, batch, index)
            for field in secret_fields(model, SecretBytesField):
                self.rotate_files(model, field)
        if self.unreadable:
            raise CommandError(f"{self.unreadable} values could not be read; keep every old key.")

    def rotate(self, model, field, size, index):
        done = 0
        last = None
        while pks := self.rotate_batch(model, field, size, index, last):
            last, done = pks[-1], done + len(pks)
            self.stdout.write(f"{field.place}: {done}")
        self.stdout.write(f"{field.place}: all under key {settings.FIELD_KEYS[0][0]}")

    @transaction.atomic
    def rotate_batch(self, model, field, size, index, last):
        """Rows are locked while they change, so a save at the same time is neither lost nor undone."""
        rows = model._base_manager.annotate(stored=Cast(field.name, models.TextField())).exclude(stored="")
        rows = rows.filter(stored__isnull=False).order_by("pk")
        if not index:
            rows = rows.exclude(stored__startswith=f"{settings.FIELD_KEYS[0][0]}:")
        if last is not None:
            rows = rows.filter(pk__gt=last)
        batch = list(rows.select_for_update().values_list("pk", "stored")[:size])
        companions = [f for f in model._meta.concrete_fields if isinstance(f, Companion) and f.of == field.name]
        for pk, stored in batch:
            try:
                plain = decrypt(stored, field.place)
            except SecretUnreadable as error:
                self.unreadable += 1
                self.stderr.write(f"{error} (row {pk})")
                continue
            derived = {f.name: f.derived(plain) for f in companions} if index else {}
            model._base_manager.filter(pk=pk).update(**{field.name: plain}, **derived)
        return [pk for pk, _stored in batch]

    def rotate_files(self, model, field):
        """Whole files or pieces of one, each by itself: memory holds one at a time."""
        first = settings.FIELD_KEYS[0][0].encode() + b":"
        begins = Substr(field.name, 1, len(first), output_field=models.BinaryField())
        rows = model._base_manager.annotate(begins=begins).exclude(begins=first)
        for done, pk in enumerate(list(rows.order_by("pk").values_list("pk", flat=True)), 1):
            self.rotate_file(model, field, pk)
            self.stdout.write(f"{field.place}: {done}")
        self.stdout.write(f"{field.place}: all under key {settings.FIELD_KEYS[0][0]}")

    @transaction.atomic
    def rotate_file(self, model, field, pk):
        """A file that was fetched or discarded meanwhile is gone, and nothing is left to do."""
        try:
            for (content,) in model._base_manager.filter(pk=pk).select_for_update().values_list(field.name):
                model._base_manager.filter(pk=pk).update(**{field.name: content})
        except SecretUnreadable as error:
            self.unreadable += 1
            self.stderr.write(f"{error} (row {pk})")
