"""A row about a child already on file fills what the file leaves blank, and overwrites nothing."""

from children.importing.facts import enrich, kept_facts
from children.importing.registered import id_key
from children.importing.relatives import Relatives
from children.importing.stored import as_roster_row
from children.models import Child, Need, QualityRating
from children.rating import rate_as_saved
from records.secrets import with_companions
from records.trail import log_act


class Completer:
    def __init__(self, batch, by, note):
        """`note(model, key)` is told of every row written beside the files themselves."""
        self.batch, self.by, self.note = batch, by, note
        self.relatives = Relatives(batch, by, note)
        self.completed = 0
        self.written = {}  # key of a file -> what was filled, and the version that gave

    def complete(self, rows, children):
        """[(row, key of its child)]. `children`: place in this workbook -> key, for rows that repeat an earlier one."""
        numbers = {row.duplicate_of for row in rows if row.duplicate_of not in children}
        keys = children | self._on_file(numbers)
        meant = [(row, keys[row.duplicate_of]) for row in rows if row.duplicate_of in keys]
        files = Child.objects.in_bulk({key for _row, key in meant})
        self.relatives.look_up(files.values())
        for row, key in meant:
            self._fill(files[key], as_roster_row(row).values)
        return meant

    def _on_file(self, numbers):
        """{file number: key of the file that holds the child now}: of files merged since the roster was read the kept
        one; of files erased since, none."""
        here = Child.objects.filter(community__code__startswith=self.batch.division_id)
        here = here.exclude(left_reason=Child.LeftReason.ERASED)
        named = Child.objects.filter(number__in=numbers, community__code__startswith=self.batch.division_id)
        now = {number: kept or key for number, key, kept in named.values_list("number", "pk", "merged_into")}
        standing = set(here.filter(pk__in=now.values()).values_list("pk", flat=True))
        return {number: key for number, key in now.items() if key in standing}

    def _fill(self, child, values):
        before = child.id_number
        changed = enrich(child, values)
        if "id_number" in changed and self._is_taken(child):
            child.id_number = before
            changed.remove("id_number")
        if "grade" in changed and child.school_since is None:
            child.school_since = self.batch.as_of  # told of this school year, so not moved up for it once more
            changed.append("school_since")
        kept = self._keep(child, kept_facts(values, self.batch.as_of))
        if Need in kept and child.needs_asked_on is None:
            child.needs_asked_on = self.batch.as_of
            changed.append("needs_asked_on")
        of_family = self.relatives.fill(child, values)
        if changed or kept or of_family:
            child.save(update_fields=with_companions(Child, changed))
            fields = [*changed, *(model._meta.model_name for model in kept), *of_family]
            log_act(self.by, "completed", child, fields=fields, roster=self.batch)
            if "guardianship_quality" in changed:
                self.note(QualityRating, rate_as_saved(child, on=self.batch.as_of, by=self.by).pk)
            self.completed += 1
            earlier = self.written.get(child.pk, {"fields": []})["fields"]
            self.written[child.pk] = {"fields": sorted({*earlier, *changed}), "version": child.version}

    def _keep(self, child, facts):
        """Rows of kinds of which the file has none yet; which kinds."""
        models = {model for model, _columns in facts}
        # Also what was struck out is no blank: it would come back with every roster that has it wrong.
        blank = {model for model in models if not model.with_struck.filter(child=child).exists()}
        for model, columns in facts:
            if model in blank:
                self.note(model, model.objects.create(child=child, **columns).pk)
        return blank

    @staticmethod
    def _is_taken(child):
        same = Child.objects.filter(community_id=child.community_id, id_number_hash=id_key(child.id_number))
        return same.exclude(pk=child.pk).exists()
