"""The household's form: its own facts, a row for each child, a row for each adult; works without any script."""

from django.db import transaction
from django.utils.translation import gettext as _

from children import duplicates
from children.adult_form import AdultRowForm, rows_beside
from children.families_on_file import families_on_file
from children.family_roles import check_roles
from children.forms import ChildRowForm, HouseholdForm
from children.heard import NAME as HEARD
from children.heard import HeardForm
from children.intake import register_household, update_household
from children.models import Household, Likeness
from records.drafts import Draft, as_sent, typed_in
from records.lifecycle import Refused

ROWS_AT_MOST = 12
NOT_SAME = "not_same"  # a file that looks like a child of this form and is about another one
OTHER_FAMILY = "other_family"  # a household on file that an adult of this form seems to be of, and that is another one
ADD = "add"  # the name of the buttons that ask for another row
THERE = "there"  # the name of the buttons that take what was typed to a household on file
ROWS_OF = {"child": "new_children", "adult": "new_adults"}


def rows_asked_for(sent, name):
    """How many further rows a form or its draft holds: none where it says no number, and never more than are shown."""
    try:
        return max(0, min(int(sent.get(name) or 0), ROWS_AT_MOST))
    except ValueError:
        return 0


def _names_of(typed, prefix):
    return [name for name in typed if name.startswith(f"{prefix}-")]


class FamilyForm:
    """`data` is what was sent; `as_typed` shows it again unchecked, with a further row where one was asked for."""

    def __init__(self, user, household=None, data=None, *, as_typed=False, may_add=True, heard=None):
        self.user, self.data, self.as_typed = user, data, as_typed
        self.household = household or Household()
        self.is_new = household is None
        self.may_add = may_add
        self.different: list[duplicates.Likely] = []  # files that a person said are about other children
        self.new_children = self._how_many("new_children", 1 if self.is_new else 0)
        self.new_adults = self._how_many("new_adults", 2 if self.is_new else 0)
        self.day_form = self._day_form(heard) if heard else None
        self.household_form = self._form(HouseholdForm, "home", self.household)
        children, adults = ([], []) if self.is_new else self._on_file()
        self.old_children = [self._form(ChildRowForm, f"child{c.pk}", c) for c in children]
        self.old_adults = [self._form(AdultRowForm, f"adult{a.pk}", a) for a in adults]
        self.added_children = [self._form(ChildRowForm, f"newchild{n}") for n in range(self.new_children)]
        among = {"children": self._named_children()}
        self.added_adults = [self._form(AdultRowForm, f"newadult{n}", **among) for n in range(self.new_adults)]

    def _on_file(self):
        children = self.household.children.standing_for_somebody().order_by("birth_date", "pk")
        return children, self.household.adults.prefetch_related(*rows_beside())

    def _how_many(self, name, at_first):
        if self.data is None:
            return at_first
        more = self.data.get(ADD) == name
        return min(rows_asked_for(self.data, name) + more, ROWS_AT_MOST) if self.may_add else 0

    def _day_form(self, heard):
        if self.data is not None and not self.as_typed:
            return HeardForm(heard, self.data)
        return HeardForm(heard, typed=self.data and self.data.get(f"{HEARD}-on"))

    def _named_children(self):
        """(key of the row, name as far as there is one) of each child."""
        names = [(form.prefix, (form["name"].value() or "").strip()) for form in self.children]
        return [(key, name or _("Child %(number)s") % {"number": n}) for n, (key, name) in enumerate(names, 1)]

    def _form(self, form_class, prefix, instance=None, **more):
        new_row = instance is None
        first = self.is_new and prefix == "newchild0"
        details = {"user": self.user, "instance": instance, "empty_permitted": new_row and not first, **more}
        if self.data is None:
            return form_class(prefix=prefix, **details)
        if self.as_typed:
            if instance is not None and not _names_of(self.data, prefix):
                return form_class(prefix=prefix, **details)  # a draft of further rows alone: the others are as stored
            return form_class.typed(self.data, prefix, **details)
        return form_class(self.data, prefix=prefix, **details)

    @property
    def children(self):
        return [*self.old_children, *self.added_children]

    @property
    def adults(self):
        return [*self.old_adults, *self.added_adults]

    @property
    def forms(self):
        return [self.household_form, *self.children, *self.adults]

    @property
    def checked_forms(self):
        return [*([self.day_form] if self.day_form else []), *self.forms]

    @property
    def has_errors(self):
        return any(form.is_bound and form.errors for form in self.checked_forms)

    @property
    def day(self):
        """On which day the family said so; None for today."""
        return self.day_form.cleaned_data["on"] if self.day_form else None

    @property
    def draft_key(self):
        """A draft belongs to the versions it was typed over; it is not offered once somebody saved newer ones."""
        if self.is_new:
            return "children.new"
        versions = sum(f.instance.version for f in self.forms if f.instance.pk)
        return f"children.household.{self.household.pk}.v{versions}"

    def drop_draft(self):
        Draft.drop(self.user, self.draft_key)

    def carry_to(self, there):
        """Make what was typed here the draft of another household's form: the children, and adults unknown there.

        Returns the place on that form's page where the children stand; refused where that form has no room for them.
        """
        rows, typed, place = Draft.find(self.user, there.draft_key) or {}, typed_in(self.data), ""
        children = [f for f in self.added_children if f.has_changed()]
        for kind, forms in (("child", children), ("adult", self._unknown_to(there))):
            first = rows_asked_for(as_sent(rows), ROWS_OF[kind])
            if first + len(forms) > ROWS_AT_MOST:
                raise Refused(
                    _("That household's form has no room for what you typed. Save there first, then come back.")
                )
            if kind == "child" and forms:
                place = f"newchild{first}"
            for number, form in enumerate(forms, first):
                for name in _names_of(rows, f"new{kind}{number}"):
                    del rows[name]  # left there beyond the count of rows
                for name in _names_of(typed, form.prefix):
                    if name != f"{form.prefix}-only_of":  # it names rows by their keys here
                        rows[f"new{kind}{number}-{name.removeprefix(form.prefix + '-')}"] = typed[name]
            rows[ROWS_OF[kind]] = str(first + len(forms))
        rows |= {name: typed[name] for name in (f"{HEARD}-on", NOT_SAME) if name in typed}
        Draft.keep(self.user, there.draft_key, rows)
        self.drop_draft()
        return place

    def _unknown_to(self, there):
        """Rows of typed adults who are not on file there, neither by name nor as `families_on_file` knows them."""
        names = {form.instance.name for form in there.old_adults}
        typed = [(form, form.half_typed()) for form in self.added_adults if form.has_changed()]
        found = families_on_file([member for _form, member in typed], self.user, of=there.household)
        known = [member for family in found for member in family.known]
        return [form for form, member in typed if member.adult.name not in names and member not in known]

    # Checks -----------------------------------------------------------------------------------------------------------

    def is_valid(self, community_id):
        """Every row on its own, then what only the whole family shows."""
        are_right = [form.is_valid() for form in self.checked_forms]  # each is asked, so that all errors show at once
        if not all(are_right):
            return False
        self._check_numbers(community_id)
        check_roles(self._filled(self.children), self._filled(self.adults))
        return not any(form.errors for form in self.forms)

    def newcomers(self):
        return [f.instance for f in self.added_children if f.has_changed()]

    def members(self):
        children = {f.prefix: f.instance for f in self._filled(self.children)}
        return [f.member(children) for f in self._filled(self.adults)]

    def _filled(self, rows):
        return [form for form in rows if form.instance.pk or form.has_changed()]

    def likely_duplicates(self):
        """Files that look like one of the new children and are not yet said to be other ones."""
        self.different = duplicates.likely(self.newcomers(), self.members(), self.user)
        return [one for one in self.different if str(one.child.pk) not in self.not_same]

    @property
    def not_same(self):
        """Keys of files said to be about another child, one by one or all at once."""
        if self.data is None:
            return []
        at_once = [str(one.child.pk) for one in self.different] if self.data.get("all_the_same") else []
        return list(dict.fromkeys([*self.data.getlist(NOT_SAME), *at_once]))

    def families_on_file(self, added=None):
        """Other households to which an adult added here seems to belong, and not yet said to be other families."""
        if added is None:
            added = [form.member({}) for form in self.added_adults if form.has_changed()]
        own = str(self.household.pk)
        found = families_on_file(added, self.user)
        return [one for one in found if str(one.household.pk) not in (own, *self.other_families)]

    @property
    def other_families(self):
        return self.data.getlist(OTHER_FAMILY) if self.data is not None else []

    def likely_so_far(self):
        """As `likely_duplicates` and `families_on_file`, of a form still being typed: what is wrong is left aside."""
        new = [f.half_typed() for f in self.added_children if f.has_changed()]
        members = [f.half_typed() for f in self.adults]
        found = duplicates.likely(new, members, self.user)
        families = self.families_on_file([f.half_typed() for f in self.added_adults if f.has_changed()])
        return [one for one in found if str(one.child.pk) not in self.not_same], families

    def _check_numbers(self, community_id):
        seen = set()
        for form in self.children:
            number = form.instance.id_number
            if not number or "id_number" not in form.fields:
                continue
            if number in seen:
                form.add_error("id_number", _("Two children cannot have the same ID number."))
            seen.add(number)
            if same := duplicates.with_same_id(form.instance, community_id):
                words = _("This community already has a file with this ID number: %(number)s.")
                form.add_error("id_number", words % {"number": same.number})

    # The act ----------------------------------------------------------------------------------------------------------

    def save(self, *, community, by):
        """Save; likely doubles said to be others are remembered; what is on file elsewhere is for the street office."""
        with transaction.atomic():
            self._save(community=community, by=by)
            for one in self.different:
                Likeness.note_different(one.newcomer, one.child, by=by)
            duplicates.ask_about([child.pk for child in self.newcomers()], by=by)
            duplicates.ask_about_changed({f.instance.pk: f.changed_data for f in self.old_children}, by=by)
        return self.household

    def _save(self, *, community, by):
        if self.is_new:
            family = (self.household, self.newcomers(), self.members())
            register_household(*family, community=community, on=self.day, by=by)
        else:
            old = [(f.instance, [n for n in f.changed_data if n != "seen_version"]) for f in self.old_children]
            update_household(
                self.household,
                [*old, *((child, []) for child in self.newcomers())],
                self.members(),
                fields=[n for n in self.household_form.changed_data if n != "seen_version"],
                on=self.day,
                by=by,
            )
