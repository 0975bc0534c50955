"""Taking back a whole roster, as long as nobody has touched anything that came of it.

What it opened is removed and what it completed is put back blank, in one act on the trail. File numbers are not given
out again.
"""

from functools import reduce
from itertools import islice
from operator import or_

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from children.importing import writing
from children.importing.facts import UNNAMED
from children.imports import AT_A_TIME, lock
from children.models import (
    Adult,
    Away,
    Child,
    Hardship,
    Household,
    ImportBatch,
    ImportRow,
    Kinship,
    Likeness,
    Need,
    QualityRating,
    Transfer,
    TransferLine,
    Wish,
)
from records.lifecycle import Refused
from records.secrets import with_companions
from records.trail import TrailEntry, log_act
from records.wording import listed

WRITTEN = (Likeness, *reversed(writing.WRITTEN))  # in the order in which they can go
FILLED = (Household, Adult, Kinship)  # of which a roster fills what is blank, beside the children's own files
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
            raise Refused(_in_words(touched, batch))
        written.blank_again(by)
        batch.rows.update(child=None, values="", cells="", duplicate_of="")
        written.remove()
        batch.note_undone(by=by)
    return batch


def _in_words(children, batch):
    """A file that went elsewhere is named by the number that it had here."""
    numbers = dict(Child.objects.filter(pk__in=children).values_list("pk", "number"))
    here = {"transfer__from_community__code__startswith": batch.division_id}
    gone = Child.objects.filter(pk__in=children).exclude(community__code__startswith=batch.division_id)
    lines = TransferLine.objects.filter(child__in=gone, transfer__status=Transfer.Status.ACCEPTED, **here)
    numbers |= dict(lines.order_by("pk").values_list("child", "number_before"))
    numbers = sorted(numbers.values())
    named = listed(numbers[:MOST_NAMED]) + (" …" if len(numbers) > MOST_NAMED else "")
    return ngettext(
        "This roster can no longer be taken back: %(n)s file of it was changed or used since (%(files)s).",
        "This roster can no longer be taken back: %(n)s files of it were changed or used since (%(files)s).",
        len(numbers),
    ) % {"n": len(numbers), "files": named}


class Written:
    """What taking in one roster made and completed. Of the rows it made, ranges of keys are known, never all keys."""

    def __init__(self, batch):
        self.batch = batch
        self.ranges = {model: batch.written[model._meta.label_lower] for model in WRITTEN}
        self.all_completed = {int(key): done for key, done in batch.written["completed"].items()}
        self.completed = {key: done for key, done in self.all_completed.items() if not self._opened(key)}
        of_families = batch.written["filled"]
        self.all_filled = {
            model: {int(key): done for key, done in of_families[model._meta.label_lower].items()} for model in FILLED
        }
        self.filled = {
            model: {key: done for key, done in rows.items() if not self._is_made(model, key)}
            for model, rows in self.all_filled.items()
        }

    def _is_made(self, model, key):
        return any(first <= key <= last for first, last in self.ranges[model])

    def _opened(self, key):
        return self._is_made(Child, key)

    def _filled(self, model):
        """Keys of rows that stood there before this roster and of which it filled what was blank."""
        return self.completed if model is Child else self.filled.get(model, {})

    def _made(self, model, path="pk"):
        """The condition that picks the rows of `model` made here, or the rows whose `path` leads to one of them."""
        spans = [Q(**{f"{path}__range": span}) for span in self.ranges[model]]
        return reduce(or_, spans) if spans else Q(pk__in=())

    def lock(self):
        """Nobody changes these rows, or points at them, until this is over."""
        for model in reversed(WRITTEN):
            rows = self._made(model) | Q(pk__in=self._filled(model))
            locked = model.objects.select_for_update(of=("self",)).filter(rows).order_by("pk").values_list("pk")
            for _key in locked.iterator(AT_A_TIME):
                continue

    def touched(self):
        """Keys of the files that somebody has changed or used since."""
        found = self._changed_again()
        for model in WRITTEN:
            here = self._on_trail(model) | self._pointed_at(model)
            standing = model.objects.filter(self._made(model))
            if hasattr(model, "version"):
                saved = set(standing.exclude(version=1).values_list("pk", flat=True))
                here |= saved - (self.all_completed if model is Child else self.all_filled.get(model, {})).keys()
            found |= self._files_of(model, here)
            if standing.count() != sum(last - first + 1 for first, last in self.ranges[model]):
                found |= self._files_opened()
        return found

    def _changed_again(self):
        """Files that were saved after this roster had completed them."""
        versions = dict(Child.objects.filter(pk__in=self.all_completed).values_list("pk", "version"))
        found = {key for key, done in self.all_completed.items() if versions.get(key) != done["version"]}
        for model in (Household, Adult):
            versions = dict(model.objects.filter(pk__in=self.all_filled[model]).values_list("pk", "version"))
            rows = self.all_filled[model].items()
            found |= {done["child"] for key, done in rows if versions.get(key) != done["version"]}
        still = set(
            Kinship.objects.filter(pk__in=self.all_filled[Kinship], is_caregiver=True).values_list("pk", flat=True)
        )
        return found | {done["child"] for key, done in self.all_filled[Kinship].items() if key not in still}

    def _on_trail(self, model):
        entries = TrailEntry.objects.filter(pk__gt=self.batch.written["trail"], model_label=model._meta.label_lower)
        changed = entries.acts().filter(refused=False).values_list("object_key", flat=True).distinct()
        keys = {int(key) for key in changed.iterator(AT_A_TIME) if key.isdigit()}
        made = self._made(model) | Q(pk__in=self._filled(model))
        return set(model.objects.filter(made, pk__in=keys).values_list("pk", flat=True))

    def _pointed_at(self, model):
        """Rows that something points at which this roster did not write."""
        found = set()
        for relation in model._meta.get_fields(include_hidden=True):
            if not relation.auto_created or relation.concrete or not (relation.one_to_many or relation.one_to_one):
                continue
            other, name = relation.related_model, relation.field.name
            pointing = other._base_manager.filter(self._made(model, f"{name}__pk"))
            if other is ImportRow:
                pointing = pointing.exclude(batch=self.batch)
            elif other in self.ranges:
                pointing = pointing.exclude(self._made(other))
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
            QualityRating: Q(ratings__in=keys),
            Need: Q(needs__in=keys),
            Wish: Q(wishes__in=keys),
            Hardship: Q(hardships__in=keys),
            Likeness: Q(pk__in=Likeness.objects.filter(pk__in=keys).values("first"))
            | Q(pk__in=Likeness.objects.filter(pk__in=keys).values("second")),
        }
        files = Child.objects.filter(paths[model]).values_list("pk", flat=True)
        return {key for key in files if key in self.completed or self._opened(key)} or self._files_opened()

    def _files_opened(self):
        return set(Child.objects.filter(self._made(Child)).values_list("pk", flat=True))

    def blank_again(self, by):
        keys = iter(sorted(self.completed))
        while some := list(islice(keys, AT_A_TIME)):
            for child in Child.objects.filter(pk__in=some).order_by("pk"):
                self._blank(child, by)
        for model, rows in self.filled.items():
            for row in model.objects.filter(pk__in=rows).order_by("pk"):
                self._blank_of_family(row, rows[row.pk]["fields"], by)

    def _blank_of_family(self, row, fields, by):
        for name in fields:
            is_name = isinstance(row, Adult) and name == "name"
            setattr(row, name, UNNAMED if is_name else row._meta.get_field(name).get_default())
        row.save(update_fields=with_companions(type(row), fields))
        log_act(by, "took back what a roster completed", row, fields=fields, roster=self.batch)

    def _blank(self, child, by):
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
                for first, last in self.ranges[model]:
                    cursor.execute(f"DELETE FROM {table} WHERE id BETWEEN %s AND %s", [first, last])
