"""A row about a child already on file fills what the file leaves blank, and overwrites nothing."""

from children.importing.facts import enrich, kept_facts
from children.importing.registered import id_key
from children.importing.stored import as_roster_row
from children.models import Child, Need
from children.rating import rate_as_saved
from records.secrets import with_companions
from records.trail import log_act


class Completer:
    def __init__(self, batch, by):
        self.batch, self.by = batch, by
        self.completed = 0
        self.written = {}  # key of a file -> what was filled, and the version that gave

    def complete(self, rows, children):
        """[(row, key of its child)]. `children`: place in this workbook -> key, for rows that repeat an earlier one."""
        numbers = {row.duplicate_of for row in rows if row.duplicate_of not in children}
        on_file = Child.objects.filter(number__in=numbers, community__code__startswith=self.batch.division_id)
        keys = children | dict(on_file.values_list("number", "pk"))
        meant = [(row, keys[row.duplicate_of]) for row in rows if row.duplicate_of in keys]
        files = Child.objects.in_bulk({key for _row, key in meant})
        for row, key in meant:
            self._fill(files[key], as_roster_row(row).values)
        return meant

    def _fill(self, child, values):
        before = child.id_number
        changed = enrich(child, values)
        if "id_number" in changed and self._is_taken(child):
            child.id_number = before
            changed.remove("id_number")
        if "grade" in changed and child.school_since is None:
            child.school_since = self.batch.as_of  # told of this school year, so not moved up for it once more
            changed.append("school_since")
        changed += self._keep(child, kept_facts(values, self.batch.as_of))
        if changed:
            child.save(update_fields=with_companions(Child, changed))
            log_act(self.by, "completed", child, fields=changed, roster=self.batch)
            if "guardianship_quality" in changed:
                rate_as_saved(child, on=self.batch.as_of, by=self.by)
            self.completed += 1
            earlier = self.written.get(child.pk, {"fields": []})["fields"]
            self.written[child.pk] = {"fields": sorted({*earlier, *changed}), "version": child.version}

    @staticmethod
    def _keep(child, facts):
        """Rows of kinds of which the file has none yet; the columns of the child that changed with them."""
        models = {model for model, _columns in facts}
        blank = {model for model in models if not model.objects.filter(child=child).exists()}
        for model, columns in facts:
            if model in blank:
                model.objects.create(child=child, **columns)
        if Need in blank:
            child.needs_asked_on = child.needs_asked_on or facts[0][1]["noted_on"]
        return ["needs_asked_on"] if blank else []

    @staticmethod
    def _is_taken(child):
        same = Child.objects.filter(community_id=child.community_id, id_number_hash=id_key(child.id_number))
        return same.exclude(pk=child.pk).exists()
