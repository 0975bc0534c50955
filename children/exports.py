"""The register as filtered on screen, as a workbook."""

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from children.ethnic_groups import ethnic_word
from children.grades import grade_word
from children.models import Child, Kinship
from children.status import Facts
from children.status_words import STATUS_WORDS, counts_as
from records.exports import export
from records.privacy import BASIC, CARE, CONTACT, FAMILY, HEALTH, SECRET
from records.scoping import Scope
from records.staff_site import staff_site
from records.workbooks import Column, Sheet

AT_A_TIME = 500


def _parent(relation, what):
    def value(child):
        kinship = next((k for k in child.kinships.all() if k.relation == relation), None)
        return getattr(kinship.adult, what) if kinship else ""

    return value


def _carer(what):
    def value(child):
        kinship = next((k for k in child.kinships.all() if k.is_caregiver), None)
        return what(kinship) if kinship else ""

    return value


def _disability(child):
    level = child.get_disability_level_display() if child.disability_level else ""
    return f"{child.get_disability_type_display()} {level}".strip() if child.disability_type else ""


def _status(child):
    return STATUS_WORDS[counts_as(Facts.of(child, past=False), timezone.localdate())]


def _columns():
    """(class of facts, column); the words are those of the file."""
    words = {f.name: str(f.verbose_name) for f in Child._meta.concrete_fields}
    father, mother = str(Kinship.Relation.FATHER.label), str(Kinship.Relation.MOTHER.label)

    def own(name, facts, value, width=12):
        return facts, Column((words[name],), value, width)

    return [
        own("number", BASIC, lambda c: c.number, 20),
        own("name", BASIC, lambda c: c.name),
        own("sex", BASIC, lambda c: c.get_sex_display(), 8),
        own("birth_date", BASIC, lambda c: c.birth_date.isoformat()[: 10 if c.birth_precision == "day" else 7]),
        own("ethnicity", BASIC, lambda c: ethnic_word(c.ethnicity) if c.ethnicity else ""),
        own("id_number", SECRET, lambda c: c.id_number, 21),
        (FAMILY, Column((_("counts as"),), _status, 14)),
        own("school", BASIC, lambda c: c.school, 20),
        own("grade", BASIC, lambda c: grade_word(c.grade), 18),
        own("registered_address", CONTACT, lambda c: c.registered_address, 28),
        (CONTACT, Column((_("present address"),), lambda c: c.household.address, 28)),
        (FAMILY, Column((father,), _parent("father", "name"))),
        (CONTACT, Column((_("father's phone"),), _parent("father", "phone"), 14)),
        (FAMILY, Column((mother,), _parent("mother", "name"))),
        (CONTACT, Column((_("mother's phone"),), _parent("mother", "phone"), 14)),
        (FAMILY, Column((_("who cares"),), _carer(lambda k: k.adult.name))),
        (FAMILY, Column((_("relation to the child"),), _carer(lambda k: k.get_relation_display()), 18)),
        (CONTACT, Column((_("guardian's phone"),), _carer(lambda k: k.adult.phone), 14)),
        own("guardianship_quality", CARE, lambda c: c.get_guardianship_quality_display()),
        own("health", HEALTH, lambda c: c.health),
        own("disability_type", HEALTH, _disability, 18),
        own("registered_on", BASIC, lambda c: c.registered_on.isoformat()),
        own("left_on", BASIC, lambda c: c.left_on.isoformat() if c.left_on else ""),
        own("community", BASIC, lambda c: str(c.community), 16),
    ]


@export("register", title=gettext_lazy("Register"), needs="children.view_child")
def register(request, params):
    """The children that the register's list shows under the same filters and search."""
    rows = _on_screen(request, params)
    user = request.user
    return Sheet(
        title=_("Register"),
        count=rows.order_by().count(),
        rows=rows.iterator(chunk_size=AT_A_TIME),
        columns=[column for facts, column in _columns() if user.sees(facts)],
        back_url=reverse("admin:children_child_changelist") + (f"?{params}" if params else ""),
        numbered="#",
        file_name="register",
    )


def _on_screen(request, params):
    """The rows of the list at this address where the person is posted, with their families."""
    rows = staff_site.rows_at(Child, request, params).within(Scope.of(*request.user.codes_for(Child)))
    family = Kinship.objects.select_related("adult").prefetch_related("adult__aways")
    return rows.select_related("household", "community").prefetch_related(Prefetch("kinships", family))
