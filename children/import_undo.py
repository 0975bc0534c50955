"""Taking back a whole roster, as long as nobody has touched anything that came of it.

What it opened is removed and what it completed is put back blank, in one act on the trail. File numbers are not given
out again.
"""

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from children.imports import lock
from children.models import Adult, Away, Child, Household, ImportBatch, ImportRow, Kinship
from records.lifecycle import Refused
from records.secrets import with_companions
from records.trail import READ, TrailEntry, log_act

WRITTEN = (Kinship, Away, Child, Adult, Household)  # in the order in which they can go
MOST_NAMED = 5


def undo(batch, *, by):
    """Take back what this roster wrote, all of it; refused where anybody has touched any of it since."""
    with transaction.atomic():
        lock(batch)
        if batch.status != ImportBatch.Status.CONFIRMED:
            raise Refused(_("Only a roster that is taken in can be taken back."))
        if "trail" not in batch.written:
            raise Refused(_("This roster was taken in before rosters could be taken back."))
        written = Written(batch)
        written.lock()
        if touched := written.touched():
            raise Refused(_in_words(touched))
        written.blank_again(by)
        batch.rows.update(child=None, values="", cells="", duplicate_of="")
        written.remove()
        batch.note_undone(by=by)
    return batch


def _in_words(children):
    numbers = list(Child.objects.filter(pk__in=children).order_by("number").values_list("number", flat=True))
    named = ", ".join(numbers[:MOST_NAMED]) + (" …" if len(numbers) > MOST_NAMED else "")
    return ngettext(
        "This roster can no longer be taken back: %(n)s file of it was changed or used since (%(files)s).",
        "This roster can no longer be taken back: %(n)s files of it were changed or used since (%(files)s).",
        len(numbers),
    ) % {"n": len(numbers), "files": named}


class Written:
    """What taking in one roster made and completed."""

    def __init__(self, batch):
        self.batch = batch
        self.completed = {int(key): done for key, done in batch.written["completed"].items()}
        self.keys = {
            model: [key for first, last in batch.written[model._meta.label_lower] for key in range(first, last + 1)]
            for model in WRITTEN
        }
        self.opened = set(self.keys[Child])
        self.completed = {key: done for key, done in self.completed.items() if key not in self.opened}

    def lock(self):
        """Nobody changes these rows, or points at them, until this is over."""
        for model in reversed(WRITTEN):
            keys = sorted({*self.keys[model], *(self.completed if model is Child else ())})
            list(model.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk").values_list("pk"))

    def touched(self):
        """Keys of the files that somebody has changed or used since."""
        found = set()
        for model in WRITTEN:
            keys = self.keys[model]
            here = self._on_trail(model, [*keys, *self.completed] if model is Child else keys)
            here |= self._pointed_at(model)
            standing = model.objects.filter(pk__in=keys)
            if hasattr(model, "version"):
                here |= set(standing.exclude(version=1).values_list("pk", flat=True)) - self._completed_here(model)
            found |= self._files_of(model, here)
            if len(standing.values_list("pk")) != len(keys):
                found |= self.opened
        versions = dict(Child.objects.filter(pk__in=self._all_completed()).values_list("pk", "version"))
        return found | {key for key, done in self._all_completed().items() if versions.get(key) != done["version"]}

    def _all_completed(self):
        return {int(key): done for key, done in self.batch.written["completed"].items()}

    def _completed_here(self, model):
        """Files that this roster opened and completed by a later row of its own."""
        return self.opened & self._all_completed().keys() if model is Child else set()

    def _on_trail(self, model, keys):
        entries = TrailEntry.objects.filter(pk__gt=self.batch.written["trail"], model_label=model._meta.label_lower)
        changed = entries.filter(refused=False).exclude(verb=READ).values_list("object_key", flat=True).distinct()
        return {int(key) for key in changed if key.isdigit()} & set(keys)

    def _pointed_at(self, model):
        """Rows that something points at which this roster did not write."""
        found = set()
        for relation in model._meta.get_fields(include_hidden=True):
            if not relation.auto_created or relation.concrete or not (relation.one_to_many or relation.one_to_one):
                continue
            other, name = relation.related_model, relation.field.name
            pointing = other._base_manager.filter(**{f"{name}__in": self.keys[model]})
            if other is ImportRow:
                pointing = pointing.exclude(batch=self.batch)
            elif other in self.keys:
                pointing = pointing.exclude(pk__in=self.keys[other])
            found |= set(pointing.order_by().values_list(name, flat=True))
        return found

    def _files_of(self, model, keys):
        """The files of this roster that these rows belong to."""
        if not keys:
            return set()
        paths = {
            Child: Q(pk__in=keys),
            Kinship: Q(kinships__in=keys),
            Away: Q(kinships__adult__aways__in=keys),
            Adult: Q(kinships__adult__in=keys),
            Household: Q(household__in=keys),
        }
        files = set(Child.objects.filter(paths[model]).values_list("pk", flat=True))
        return files & (self.opened | self.completed.keys()) or set(self.opened)

    def blank_again(self, by):
        for child in Child.objects.filter(pk__in=self.completed).order_by("pk"):
            fields = self.completed[child.pk]["fields"]
            for name in fields:
                if name == "birth_date":
                    child.birth_date = child.birth_date.replace(day=1)
                elif name == "birth_precision":
                    child.birth_precision = Child.BirthPrecision.MONTH
                else:
                    setattr(child, name, Child._meta.get_field(name).get_default())
            child.save(update_fields=with_companions(Child, fields))
            log_act(by, "took back what a roster completed", child, fields=fields, roster=self.batch)

    def remove(self):
        with connection.cursor() as cursor:
            for model in WRITTEN:
                table = connection.ops.quote_name(model._meta.db_table)
                for first, last in self.batch.written[model._meta.label_lower]:
                    cursor.execute(f"DELETE FROM {table} WHERE id BETWEEN %s AND %s", [first, last])
