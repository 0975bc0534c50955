"""What a helper sees of a child: an allow-list of columns, so that what is not listed is not even loaded."""

from dataclasses import dataclass, field

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from children.grades import grade_word
from children.models import Child, Consent, Kinship, Need
from volunteers.kinds import DUTY_ICONS, DutyKind
from volunteers.models import ChildLetter, Deputy, Duty, Pairing

CHILD_COLUMNS = [
    "name",
    "birth_date",
    "school",
    "grade",
    "hobbies",
    "photo",
    "community",
    "district",
    "household",
]
PAIRING_COLUMNS = [
    "kind",
    "status",
    "volunteer",
    "community",
    "district",
    "starts_on",
    "ends_on",
    "missing",
    "next_due_on",
]
TEACHER_COLUMNS = ["class_teacher", "class_teacher_phone"]

TWO_CHARACTER_SURNAMES = frozenset(
    ["欧阳", "司马", "上官", "诸葛", "夏侯", "东方", "皇甫", "尉迟", "公孙", "令狐", "慕容", "长孙"]
    + ["宇文", "司徒", "端木", "南宫", "独孤", "万俟", "澹台", "单于", "呼延", "闻人", "赫连"]
)


def given_name(name):
    """The name without the family name: "陈小雨" → "小雨". A name with a separator keeps its first part."""
    if "·" in name:
        return name.split("·")[0]
    if not name or not name[0] >= "㐀":
        return name.split(" ")[0]
    if name[:2] in TWO_CHARACTER_SURNAMES and len(name) > 2:
        return name[2:]
    return name[1:] or name


def age_words(birth_date, day):
    years = day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))
    return ngettext("%(years)d year old", "%(years)d years old", years) % {"years": years}


@dataclass
class Seen:
    """One child as its helper sees it, with the pairings that give the right to."""

    child: Child
    pairings: list = field(default_factory=list)
    duties: list = field(default_factory=list)
    photo_agreed: bool = False
    topics: list = field(default_factory=list)
    letter_on_its_way: bool = False

    @property
    def pk(self):
        return self.child.pk

    @property
    def name(self):
        return given_name(self.child.name)

    @property
    def has_photo(self):
        return self.photo_agreed and self.child.photo_id is not None

    @property
    def age(self):
        return age_words(self.child.birth_date, timezone.localdate())

    @property
    def schooling(self):
        return " · ".join(filter(None, [self.child.school, str(grade_word(self.child.grade))]))

    @property
    def hobbies(self):
        return [Child.Hobby(h).label for h in self.child.hobbies if h in Child.Hobby.values]

    @property
    def needs(self):
        return [Child.Topic(topic).label for topic in self.topics]

    @property
    def kinds(self):
        return [p.get_kind_display() if p.is_own else _standing_in(p) for p in self.pairings]

    @property
    def own_pairings(self):
        """Without those in which the helper stands in for another."""
        return [p for p in self.pairings if p.is_own]

    @property
    def needs_teacher(self):
        """Whether a pairing owes a contact with the class teacher, and so needs to know who that is."""
        return any(d.kind == DutyKind.TEACHER for d in self.duties)

    @property
    def owed(self):
        return [d for d in self.duties if not d.excused_on]

    @property
    def done(self):
        return [d for d in self.duties if d.done_on]

    @property
    def open(self):
        return [d for d in self.duties if not d.is_settled]

    @property
    def next(self):
        return min(self.open, key=lambda d: d.due_on, default=None)

    @property
    def lines(self):
        """The duties of the term in the order of the five ones, each with its words for the page."""
        return [DutyLine(duty) for duty in sorted(self.duties, key=lambda d: (ORDER[d.kind], d.number))]


ORDER = {kind: place for place, kind in enumerate(DutyKind.values)}


@dataclass
class DutyLine:
    duty: Duty

    @property
    def icon(self):
        return DUTY_ICONS[self.duty.kind]

    @property
    def status(self):
        return self.duty.status

    @property
    def can_log(self):
        return self.status in (Duty.Status.DUE, Duty.Status.OVERDUE)


def _standing_in(pairing):
    words = gettext("standing in until %(day)s (%(kind)s)")
    return words % {"day": date_format(pairing.deputy_until, "SHORT_DATE_FORMAT"), "kind": pairing.get_kind_display()}


def pairings_of(volunteer):
    """The pairings open to a helper today with what may be seen of the children."""
    rows = Pairing.objects.open_to(volunteer).select_related("child")
    return rows.only(*PAIRING_COLUMNS, *(f"child__{name}" for name in CHILD_COLUMNS)).order_by("child_id", "pk")


def children_of(volunteer, only=None, stands_in=True):
    """The helper's children today, each with the duties of the newest term; three queries however many there are."""
    return with_duties(children_to_write_of(volunteer, only, stands_in))


def children_to_write_of(volunteer, only=None, stands_in=True):
    """The helper's children today, without what is to do for them."""
    pairings = pairings_of(volunteer) if stands_in else pairings_of(volunteer).filter(volunteer=volunteer)
    if only is not None:
        pairings = pairings.filter(child=only)
    consent = Consent.objects.in_force().filter(child=OuterRef("child"), purpose=Consent.Purpose.PHOTO)
    seen = {}
    needs = Need.objects.filter(child=OuterRef("child"), met_on=None).values("topic")
    on_its_way = ChildLetter.objects.filter(pairing=OuterRef("pk")).on_its_way()
    deputy = Deputy.objects.standing_on(timezone.localdate()).filter(volunteer=volunteer, pairing=OuterRef("pk"))
    facts = {"photo_agreed": Exists(consent), "topics": ArraySubquery(needs), "letter_written": Exists(on_its_way)}
    for pairing in pairings.annotate(**facts, deputy_until=Subquery(deputy.values("until_day")[:1])):
        pairing.is_own = pairing.volunteer_id == volunteer.pk
        one = seen.setdefault(pairing.child_id, Seen(pairing.child))
        one.pairings.append(pairing)
        one.photo_agreed, one.topics = pairing.photo_agreed, pairing.topics
        one.letter_on_its_way |= pairing.letter_written
    return list(seen.values())


def with_duties(children):
    by_key = {one.pk: one for one in children}
    for duty in _duties_of_newest_term([p for one in children for p in one.pairings]):
        by_key[duty.pairing.child_id].duties.append(duty)
    return children


def _duties_of_newest_term(pairings):
    by_key = {p.pk: p for p in pairings}
    rows = Duty.objects.filter(pairing__in=by_key).with_rest().select_related("term")
    duties = list(rows) if by_key else []
    newest = {}
    for duty in duties:
        newest[duty.pairing_id] = max(newest.get(duty.pairing_id, duty.term.starts_on), duty.term.starts_on)
    for duty in duties:
        duty.pairing = by_key[duty.pairing_id]
    of_newest = [d for d in duties if d.term.starts_on == newest[d.pairing_id]]
    return [d for d in of_newest if d.pairing.is_own or _as_deputy_sees(d)]


def _as_deputy_sees(duty):
    """Whether it is a deputy's to do: no letter; what only rests while the helper is away is still to be done."""
    if duty.rests:
        duty.excused_on, duty.excuse = None, ""
    return duty.kind != DutyKind.LETTER


def family_to_reach(child, with_teacher):
    """Who looks after the child, where and under which number; loaded only after the helper asked for it."""
    caregiver = (
        Kinship.objects.filter(child=child, is_caregiver=True)
        .select_related("adult")
        .only("relation", "adult", "adult__name", "adult__phone")
        .first()
    )
    columns = ["household__address", *(TEACHER_COLUMNS if with_teacher else [])]
    home = Child.objects.select_related("household").only("household", *columns).get(pk=child.pk)
    return {
        "caregiver": caregiver,
        "address": home.household.address,
        "teacher": home.class_teacher if with_teacher else "",
        "teacher_phone": home.class_teacher_phone if with_teacher else "",
    }
