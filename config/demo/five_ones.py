"""The five ones: what helpers did in terms that are over, and in the one that runs."""

from collections import defaultdict
from dataclasses import dataclass

from communities.models import Term
from config.demo.days import days
from config.demo.places import PLACES
from records.trail import log_act
from volunteers import contacts, totals, weekly
from volunteers.kinds import DutyKind, HelperKind
from volunteers.models import Contact, ContactDuty, Duty, DutyReminder, DutyRule, Pairing

# (duty, opens so many days after the term begins, is due so many days before it ends)
WINDOWS = [
    (DutyKind.LETTER, 0, 130),  # the letter at the beginning of the term
    (DutyKind.VISIT, 0, 90),
    (DutyKind.GUARDIAN, 0, 60),
    (DutyKind.TEACHER, 20, 45),
    (DutyKind.TALK, 0, 0),
]
WHERE = {
    DutyKind.VISIT: Contact.Place.HOME,
    DutyKind.TALK: Contact.Place.CHILDRENS_HOME,
    DutyKind.TEACHER: Contact.Place.PHONE,
    DutyKind.GUARDIAN: Contact.Place.HOME,
    DutyKind.LETTER: Contact.Place.ELSEWHERE,
}
ON_ONE_DAY = [(DutyKind.VISIT, DutyKind.GUARDIAN), (DutyKind.TALK, DutyKind.LETTER), (DutyKind.TEACHER,)]
NOTES = {
    DutyKind.VISIT: ["家中整洁，老人身体尚好，孩子按时完成作业。", "带去两本课外书，和孩子一起整理了书桌。"],
    DutyKind.TALK: ["谈了新学期的打算，孩子想提高数学成绩。", "孩子说想念父母，约好周末一起视频通话。"],
    DutyKind.TEACHER: ["班主任反映上课认真，数学需要多练。", "老师说最近发言积极，和同学相处好。"],
    DutyKind.GUARDIAN: ["和老人谈了用电用火安全和按时作息。", "提醒老人多和孩子父母通电话，每周至少一次。"],
    DutyKind.LETTER: ["写信鼓励孩子坚持阅读。", "信里约好一起去图书角。"],
}


def set_rules(district):
    first = Term.objects.of(district.pk).order_by("starts_on").first().starts_on
    for kind in (HelperKind.LOVING_MOTHER, HelperKind.ACTING_PARENT):
        DutyRule.objects.bulk_create(
            DutyRule(
                district=district, pairing_kind=kind, duty_kind=duty, opens_after=opens, due_before=due, from_day=first
            )
            for duty, opens, due in WINDOWS
        )


def remind(people, day):
    """In each community whoever has waited longest is reminded."""
    for place in PLACES:
        late = Pairing.objects.filter(community=place.code, status=Pairing.Status.ACTIVE, next_due_on__lt=day)
        if pairing := late.order_by("next_due_on", "pk").first():
            DutyReminder.send(pairing, by=people[place.worker])


def sum_up(district, today):
    """What the nights and the last two Mondays have written."""
    for term in totals.terms_to_count(today):
        totals.count(term, today)
    for day in (today - days(7), today):
        weekly.write(district.pk, day)


@dataclass
class FiveOnes:
    place: object
    worker: object
    days: object
    invented: object
    lapsed: set  # helpers whose record check ended weeks ago

    def carry_over(self):
        """Contacts entered at once as from the paper books: of terms that are over, where they are too old for anybody
        to log, and in the other communities, which are the director's background, of the running term too."""
        duties = Duty.objects.filter(community=self.place.code, opens_on__lte=self.days.today).unsettled()
        if self.place is PLACES[0]:
            duties = duties.filter(term__ends_on__lt=self.days.today)
        duties = duties.select_related("pairing__volunteer", "pairing__child", "term").order_by("pk")
        lines = [self._line(self._contact(duty, on), duty) for duty in duties if (on := self._done_on(duty))]
        Contact.objects.bulk_create([line.contact for line in lines])
        for line in lines:
            line.contact_id = line.contact.pk
            line.duty.done_on = line.made_on
        ContactDuty.objects.bulk_create(lines)
        Duty.objects.bulk_update([line.duty for line in lines], ["done_on"])
        for pairing in Pairing.objects.filter(community=self.place.code, status="active"):
            pairing.recount_duties()
        log_act(self.worker, "carried over contacts", self.worker, contacts=len(lines))

    def _done_on(self, duty):
        """A day in the duty's window that has come; None when it was not done."""
        is_over = duty.term.ends_on < self.days.today
        until = self.days.today - days(30) if duty.pairing.volunteer_id in self.lapsed else self.days.today
        last = min(filter(None, [duty.due_on, duty.pairing.ends_on, until]))
        is_done = self._was_done(duty) if is_over else self._is_done_by_now(duty)
        return self.invented.day(duty.opens_on, last) if is_done and duty.opens_on <= last else None

    def _was_done(self, duty):
        """The demo's volunteer is behind with one duty of one child; others as diligent as their community."""
        if duty.pairing.volunteer.user_id:
            is_alone = duty.pairing.child.household.children.count() == 1
            return not (is_alone and duty.kind == DutyKind.LETTER)
        return self.invented.chance.random() < 0.85 + 0.15 * self.place.diligence

    def _is_done_by_now(self, duty, has_siblings=False):
        if duty.pairing.volunteer.user_id:
            return duty.kind == DutyKind.VISIT or (duty.kind == DutyKind.LETTER and has_siblings)
        elapsed = (min(self.days.today, duty.due_on) - duty.opens_on) / max(duty.due_on - duty.opens_on, days(1))
        return self.invented.chance.random() < elapsed * self.place.diligence

    def _contact(self, duty, on):
        return Contact(
            volunteer_id=duty.pairing.volunteer_id,
            community_id=self.place.code,
            district=self.place.code[:6],
            made_on=on,
            kinds=[duty.kind],
            place=WHERE[duty.kind],
            minutes=self.invented.chance.choice([15, 20, 30, 45, 60]),
            note=self.invented.chance.choice(NOTES[duty.kind]),
            created_by=self.worker,
        )

    def _line(self, contact, duty):
        return ContactDuty(
            contact=contact,
            pairing=duty.pairing,
            kind=duty.kind,
            duty=duty,
            made_on=contact.made_on,
            community_id=self.place.code,
            district=self.place.code[:6],
        )

    def log_this_term(self):
        """Through the verb, for brothers and sisters together; some duties are left open, some excused."""
        today = self.days.today
        rows = Duty.objects.filter(community=self.place.code, term__starts_on__lte=today, term__ends_on__gte=today)
        rows = rows.filter(pairing__status="active", opens_on__lte=today).unsettled()
        families = defaultdict(lambda: defaultdict(list))
        for duty in rows.select_related("pairing__volunteer", "pairing__child").order_by("pk"):
            families[duty.pairing.volunteer, duty.pairing.child.household_id][duty.kind].append(duty)
        for (helper, _household), owed in families.items():
            self._log_family(helper, owed)

    def _log_family(self, helper, owed):
        kinds = [kind for kind in owed if self._is_done_by_now(owed[kind][0], len(owed[kind]) > 1)]
        together = [[kind for kind in kinds if kind in part] for part in ON_ONE_DAY]
        for part in filter(None, together):
            duties = [duty for kind in part for duty in owed[kind]]
            first = max(max(duty.opens_on for duty in duties), self.days.today - days(contacts.DAYS_BACK))
            until = self.days.today - days(30) if helper.pk in self.lapsed else self.days.today
            last = min([until, *(duty.due_on for duty in duties)])
            if first > last:
                continue
            contacts.log(
                helper,
                pairings=list({duty.pairing_id: duty.pairing for duty in duties}.values()),
                kinds=part,
                made_on=self.invented.day(first, last),
                note="".join(self.invented.chance.choice(NOTES[kind]) for kind in part),
                place=WHERE[part[0]],
                minutes=self.invented.chance.choice([20, 30, 40, 60]),
                by=helper.user or self.worker,
            )
        for kind in [kind for kind in owed if kind not in kinds]:
            self._excuse_some(owed[kind])

    def _excuse_some(self, duties):
        for duty in duties:
            is_overdue = duty.due_on < self.days.today and not duty.pairing.volunteer.user_id
            if is_overdue and self.invented.chance.random() < 0.25:
                duty.forgive(reason=Duty.Excuse.CHILD_AWAY, note="假期随父母在外地", by=self.worker)
