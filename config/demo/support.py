"""Kinds of support of the district, and applications in every state; the girls and their families are invented."""

from decimal import Decimal

from children.caring import note_hardship
from children.consenting import give_consent
from children.models import Child, Consent, Hardship
from config.demo.days import days
from config.demo.places import PLACES
from support import applying, deciding, paying
from support.models import AidKind, Application, Payment

LOW = Hardship.Kind.LOW_INCOME
KINDS = [
    {
        "title_zh": "春蕾计划助学金",
        "title_en": "Spring Bud grant",
        "giver": "春蕾计划（示例儿童基金）",
        "sex": "F",
        "age_from": 6,
        "age_to": 17,
        "stages": ["primary", "junior", "senior"],
        "hardships": [LOW, "illness", "orphan", "unattended", "one_parent", "disaster"],
        "amount": Decimal(1200),
        "papers": "户口簿\n家庭困难证明",
    },
    {
        "title_zh": "困境儿童救助",
        "title_en": "Hardship aid",
        "giver": "区妇联爱心基金（示例）",
        "hardships": list(Hardship.Kind.values),
        "amount": Decimal(800),
        "per": "once",
        "papers": "家庭困难证明",
        "needs_school_review": False,
        "notice_days": 5,
    },
    {
        "title_zh": "开学文具补助",
        "title_en": "School supplies",
        "giver": "爱心企业（示例）",
        "age_from": 5,
        "age_to": 15,
        "stages": ["primary", "junior"],
        "circumstance": "either",
        "amount": Decimal(200),
        "per": "term",
        "needs_school_review": False,
        "notice_days": 0,
    },
]
REASONS = [
    "父母均在外务工，收入不稳，家中老人长期服药，学习用品和生活费有困难。",
    "家庭享受低保，主要劳力患病，无力负担学费以外的开支。",
    "由祖辈照料，家庭收入微薄，孩子学习努力，希望得到资助。",
]
OPINION = "该生品学兼优，家庭确有困难，同意推荐。"
# How far each application went, in the director's community and in one far away.
FATES = {
    PLACES[0].code: ["draft", "submitted", "returned", "checked", "notice", "ready", "paid", "declined"],
    PLACES[1].code: ["submitted"],
    PLACES[2].code: ["notice", "ready", "paid"],
}


def give(divisions, people, story_days):
    first = story_days.today - days(90)
    shared = {"district": divisions["150902"], "open_from": first, "open_until": story_days.today + days(120)}
    kinds = [AidKind.objects.create(**shared, **facts) for facts in KINDS]
    for place in PLACES:
        girls = Child.objects.filter(community=place.code, left_on=None, sex="F", birth_precision="day")
        girls = girls.filter(grade__in=kinds[0].rules.grades).order_by("pk")
        fates = FATES.get(place.code, [])
        for number, (child, fate) in enumerate(zip(_fitting(girls, story_days.today), fates, strict=False)):
            Case(child, kinds[0], place, people, story_days.today, number).go(fate)


def _fitting(girls, today):
    return [g for g in girls if 7 <= (today - g.birth_date).days / 365.25 < 17]


class Case:
    def __init__(self, child, kind, place, people, today, number):
        self.child, self.kind, self.today, self.number = child, kind, today, number
        self.worker, self.officer, self.federation = (people[n] for n in (place.worker, place.officer, "federation"))

    def go(self, fate):
        self._make_fit()
        self.application = application = applying.prepare(self.child, self.kind, by=self.worker)
        self._fill_in(application, fate)
        if fate == "draft":
            return
        applying.submit(application, by=self.worker)
        if fate == "returned":
            deciding.give_back(application, remark="请补充低保证复印件。", by=self.officer)
        if fate in ("submitted", "returned"):
            return
        deciding.check(application, by=self.officer)
        if fate != "checked":
            self._tell_the_public(fate)

    def _make_fit(self):
        if not self.child.hardships.filter(kind=LOW, until=None).exists():
            note_hardship(self.child, LOW, since=self.child.registered_on, by=self.worker)
        if not self.child.consents.in_force().filter(purpose=Consent.Purpose.PUBLICITY).exists():
            agreed = {"given_by": "监护人", "on": self.today - days(40)}
            give_consent(self.child, Consent.Purpose.PUBLICITY, **agreed, by=self.worker)

    def _fill_in(self, application, fate):
        application.reason, application.reason_group = REASONS[self.number % len(REASONS)], "hardship"
        application.papers_seen = self.kind.rules.papers
        applying.fill_in(application, ["reason", "reason_group", "papers_seen"], by=self.worker)
        if fate != "submitted":
            opinion = {"teacher": "李老师", "on": self.today - days(30), "opinion": OPINION}
            applying.note_school(application, **opinion, by=self.worker)

    def _tell_the_public(self, fate):
        deciding.post_notice(self.application, by=self.worker)
        if fate in ("notice", "paid"):
            objection = deciding.object_to(self.application, text="邻居认为该家庭有经营收入。", by=self.worker)
            if fate == "paid":
                deciding.settle(objection, answer="入户核实，铺面已停业一年。", by=self.officer)
        if fate == "notice":
            return
        stood = {"notice_from": self.today - days(20), "notice_until": self.today - days(14)}
        Application.objects.filter(pk=self.application.pk).update(**stood)
        if fate == "ready":
            return
        sheet = self.application.sheets.current().get()
        reason = "符合条件，同意资助。" if fate == "paid" else "本年度名额已满，请下一批次申报。"
        deciding.decide(sheet, is_approved=fate == "paid", reason=reason, by=self.federation)
        if fate == "paid":
            self._pay()

    def _pay(self):
        application = Application.objects.get(pk=self.application.pk)
        Application.objects.filter(pk=application.pk).update(decided_at=application.decided_at - days(10))
        halves = [paying.plan(application, planned_on=self.today - days(8), amount=Decimal(600), by=self.worker)]
        halves.append(paying.plan(application, planned_on=self.today, amount=Decimal(600), by=self.worker))
        for half, ago in zip(halves, (8, 1), strict=True):
            half = Payment.objects.get(pk=half.pk)
            paying.pay(half, on=self.today - days(ago), method="bank", by=self.worker)
        receipt = {"received_by": "监护人", "on": self.today - days(7), "receipt_number": f"CL-{application.pk:04}"}
        paying.confirm(halves[0], **receipt, by=self.worker)
