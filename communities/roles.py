"""What each role is for, and what it may do. Data in code, so that a change of rights is read and reviewed as such."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from records.privacy import BASIC, CARE, CONTACT, FAMILY, HEALTH, SECRET

DIVISION, OWN = "division", "own"


def may(*actions, on):
    """The permissions for `actions` ("view", "add", "change", or an act's own verb) on "app.model" names."""
    names = [on] if isinstance(on, str) else on
    return frozenset(f"{app}.{action}_{model}" for action in actions for app, model in (n.split(".") for n in names))


@dataclass(frozen=True)
class Role:
    """`reach` DIVISION sees the rows under its posting; OWN sees only rows tied to the person (`Record.own_to`)."""

    title: Any
    purpose: Any
    permissions: frozenset[str]
    sees: frozenset[str] = frozenset()
    reach: str = DIVISION
    staff: bool = True
    level: str | None = None
    grants: tuple[str, ...] = ()


EVERY_FACT = frozenset({BASIC, CONTACT, SECRET, FAMILY, HEALTH, CARE})

_FILE = ["children.household", "children.child", "children.adult", "children.kinship", "children.away"]
_FILE += ["children.consent", "children.referral"]
_RIGHTS = ["children.correction", "children.erasure"]
_FILE += ["children.awayrevision", "children.parentcontact", "children.qualityrating"]
_FILE += ["children.statusreview", "children.earlierleaving"]
_FILE += ["children.schoolperiod", "children.need", "children.wish", "children.hardship", "children.growthnote"]
_HELP = ["volunteers.volunteer", "volunteers.recordcheck", "volunteers.pairing", "volunteers.contact"]
_VETTING = ["volunteers.requirement", "volunteers.pledgetext"]
_SERVICE = ["volunteers.childletter", "volunteers.certificate", "volunteers.thanks"]
_REVIEW = ["volunteers.contactquestion", "volunteers.contactremark", "volunteers.contactversion"]
_DUTY = ["volunteers.homeshift", "volunteers.homeday", "volunteers.homeduty"]
_SUMS = ["volunteers.termtotal", "volunteers.weekdigest"]
_MATCH = ["volunteers.matchrun", "volunteers.matchline", "volunteers.matchveto"]
_COURSE = ["volunteers.promise", "volunteers.closeout", "volunteers.leftout", "volunteers.feedback"]
_COURSE += ["volunteers.deputy", "volunteers.renewal"]
_COURSE += ["volunteers.caregroup", "volunteers.groupmember", "volunteers.groupchild"]
_DOING = ["activities.activity", "activities.session", "activities.enrolment", "activities.attendance"]
_DOING += ["activities.sessionphoto", "activities.scheme", "activities.schemeaction", "activities.waiting"]
_DOING += ["activities.childrengroup", "activities.groupplace", "activities.groupmeeting"]
_DOING += ["activities.meetingattendance"]
_DOING += ["activities.carerattendance", "activities.phototag", "activities.publicityitem"]
_DOING += ["activities.helperplace", "activities.helperattendance", "activities.told"]
_DOING += ["activities.handoutsheet", "activities.materialline"]
_HOME = ["homes.home", "homes.opentime", "homes.inspection", "homes.answer", "homes.answerphoto"]
_EVALUATION = ["homes.evaluationyear", "homes.evaluation", "homes.ruling"]
_HOME += ["homes.repair", "homes.repairreport", "homes.postedrule", "homes.closure", "homes.roompicture"]
_IN_HOME = ["premises.asset", "premises.assetnote", "premises.assetrequest", "premises.assetcount"]
_IN_HOME += ["premises.countline", "premises.booking", "premises.loan", "premises.homedaylog", "premises.childvisit"]
_IN_HOME += ["premises.dutyholder", "premises.holdertraining", "premises.homewish"]
_BUILDING = ["premises.buildingplan", "premises.milestone", "premises.budgetline", "premises.spending"]
_STANDARD = ["homes.standard", "homes.standarditem"]
_TRANSFER = ["children.transfer", "children.transferline"]
_MERGED = ["children.merge", "children.joinedadult", "children.joinedhousehold"]
_ROUND = ["surveys.surveyround"]
_CARE = ["guardianship.letter", "guardianship.signature", "guardianship.familycontact", "guardianship.card"]
_COUNSELLING = ["counselling.case", "counselling.counsellingsession"]
_OWN_WORDS = ["counselling.casewords", "counselling.sessionwords", "counselling.admission"]
_VISIT = ["surveys.householdvisit"]
_ROSTER = ["surveys.roster", "surveys.rosteredition", "surveys.rosterline", "surveys.reminder"]
_EXPORT = "records.exportrequest"
_SUPPORT = ["support.application", "support.objection", "support.payment"]
_GIFTS = ["gifts.giver", "gifts.gift", "gifts.giftline", "gifts.entry", "gifts.handout"]
_GIFTS += ["gifts.wishcard", "gifts.drive"]
_GROUP = ["communities.leadinggroupmember", "communities.meeting", "communities.decision"]
_GROUP += ["communities.officeduty"]
_VISITS = ["appraisal.visit", "appraisal.finding", "appraisal.demand", "appraisal.demandanswer"]
_CALLS = ["appraisal.call", "appraisal.criterion", "appraisal.seat"]
_NOMINATED = ["appraisal.nomination", "appraisal.nominationevidence"]

ROLES: dict[str, Role] = {
    "community_worker": Role(
        _("Child director"),
        _("Keeps the files of one community, pairs its children with helpers, runs its Home and activities, reports."),
        may("view", "add", "change", on=[*_FILE, *_HELP, *_DOING, *_HOME, *_GROUP])
        | may("view", "add", "change", on=[*_IN_HOME, *_BUILDING])
        | may("view", "add", "change", on=["children.concern"])
        | may("follow", on="children.concern")
        | may("view", "add", on=["children.concernentry"])
        | may("view", on=[*_COUNSELLING, "communities.helpline"])
        | may("view", "add", "change", on=_RIGHTS)
        | may("view", "add", "change", on=_CARE)
        | may("view", "add", on=["children.importbatch", "children.importrow", "children.columnmeaning"])
        | may("view", on=_MERGED)
        | may("view", "change", on=["volunteers.duty"])
        | may("view", on=_SUMS)
        | may("view", on=["volunteers.contactduty", "volunteers.dutyrule", "volunteers.pause", *_VETTING])
        | may("view", "change", on="volunteers.helperapplication")
        | may("view", "add", on="volunteers.evidence")
        | may("view", "add", "change", on=["volunteers.team", "volunteers.teammember"])
        | may("view", "add", "change", on=_SERVICE)
        | may("view", on=_REVIEW)
        | may("view", "add", "change", on=[*_MATCH, *_DUTY, *_COURSE])
        | may("view", "add", on="volunteers.dutyreminder")
        | may("view", "add", "change", on=["reports.quarterlyreport"])
        | may("view", "add", on="reports.amendment")
        | may("view", on="reports.reportreminder")
        | may("view", on=["communities.division", "communities.term", "communities.closedday", *_STANDARD])
        | may("view", on=_ROUND)
        | may("view", "add", "change", "decide", on=_TRANSFER)
        | may("view", "add", "change", on=_VISIT)
        | may("view", on=[*_ROUND, *_ROSTER])
        | may("add", on="surveys.roster")
        | may("view", "add", "release", on=_EXPORT)
        | may("view", "add", "change", on=[*_SUPPORT, *_GIFTS])
        | may("view", on=["support.aidkind", "support.sheet"])
        | may("selfcheck", on="homes.home")
        | may("view", on=[*_EVALUATION, "homes.standing"])
        | may("state", on="homes.evaluation")
        | may("view", on=_VISITS)
        | may("answer", on="appraisal.demand")
        | may("view", on=[*_CALLS, "appraisal.ballot"])
        | may("view", "add", on="appraisal.yearbook")
        | may("view", "add", "change", on=_NOMINATED)
        | may("reveal", on=["children.child", "children.adult", "children.household", "volunteers.volunteer"]),
        sees=EVERY_FACT,
        level="community",
    ),
    "street_officer": Role(
        _("Child supervisor"),
        _("Receives a street's rosters and reports, checks files and Homes, settles what communities share."),
        may("view", "change", on=[*_FILE, *_HELP, "children.likeness"])
        | may("view", on=_CARE)
        | may("view", "add", "change", on=_MATCH)
        | may("view", on=[*_MERGED, *_DUTY])
        | may("view", "add", "change", on=_GROUP)
        | may("view", on=[*_DOING, "volunteers.duty", "children.importbatch", "children.importrow"])
        | may("view", on=_SUMS)
        | may("view", on=["volunteers.contactduty", "volunteers.dutyrule", "volunteers.pause", *_VETTING])
        | may("view", on=["volunteers.helperapplication", "volunteers.team", "volunteers.teammember"])
        | may("view", "add", on="volunteers.evidence")
        | may("view", on=[*_SERVICE, *_REVIEW, *_COURSE])
        | may("view", "add", on="volunteers.dutyreminder")
        | may("view", "add", "change", on=_RIGHTS)
        | may("decide", on="children.erasure")
        | may("add", on=["children.importbatch"])
        | may("view", "add", on=["children.columnmeaning"])
        | may("view", "add", "change", on=_HOME)
        | may("view", on=[*_IN_HOME, *_BUILDING])
        | may("decide", on=["premises.asset", "premises.assetrequest"])
        | may("view", "add", "change", on=["children.concern"])
        | may("follow", "decide", on="children.concern")
        | may("view", "add", on=["children.concernentry"])
        | may("view", "add", "change", on=["children.concernnaming", "communities.helpline"])
        | may("view", on=_COUNSELLING)
        | may("view", "change", "decide", on=["reports.quarterlyreport"])
        | may("view", "decide", on="reports.amendment")
        | may("view", "add", "change", on="reports.streetreport")
        | may("view", "add", on="reports.streetamendment")
        | may("view", on=["communities.division", "communities.term", "communities.closedday", *_STANDARD])
        | may("view", "add", "change", on=_ROUND)
        | may("view", "add", "change", "decide", on=_TRANSFER)
        | may("view", on=_VISIT)
        | may("view", on=_ROSTER)
        | may("decide", on="surveys.roster")
        | may("add", on="surveys.reminder")
        | may("view", "add", "release", on=_EXPORT)
        | may("view", on=[*_SUPPORT, *_GIFTS])
        | may("check", on=["support.application", "support.objection"])
        | may("view", on=["support.aidkind", "support.sheet"])
        | may("view", "add", "change", on=[*_VISITS, *_CALLS])
        | may("decide", on="appraisal.call")
        | may("view", on=[*_NOMINATED, "appraisal.ballot"])
        | may("view", "add", on="appraisal.yearbook")
        | may("inspect", on="homes.home")
        | may("view", on=[*_EVALUATION, "homes.standing"])
        | may("reveal", on=["children.child", "children.adult", "children.household", "volunteers.volunteer"]),
        sees=EVERY_FACT,
        level="street",
    ),
    "federation_officer": Role(
        _("Federation officer"),
        _(
            "Reads a district's accepted reports and aggregates, never a child; decides on support from masked sheets; "
            "evaluates Homes."
        ),
        may("read", on=["reports.quarterlyreport", "surveys.roster", "appraisal.yearbook"])
        | may("view", "decide", on=["reports.streetreport", "reports.streetamendment"])
        | may("view", "add", on="reports.reportrule")
        | may("view", on=["reports.publishedquarter", "reports.publishedfigure", "reports.reportreminder"])
        | may("add", on="reports.reportreminder")
        | may("view", "add", "change", on="reports.savedview")
        | may("view", "add", "change", on=[*_VISITS, *_CALLS])
        | may("decide", on="appraisal.call")
        | may("view", on=[*_NOMINATED, "appraisal.ballot"])
        | may("view", on=[*_HOME, *_STANDARD])
        | may("inspect", on="homes.home")
        | may("view", "add", "change", on=_EVALUATION)
        | may("decide", on="homes.evaluation")
        | may("view", on="homes.standing")
        | may("add", on=_EXPORT)
        | may("view", "add", "change", on=_ROUND)
        | may("view", "decide", on="support.sheet")
        | may("view", "add", "change", on="support.aidkind")
        | may("view", on=["communities.division", "communities.term", "communities.closedday"]),
        level="district",
    ),
    "counsellor": Role(
        _("Counsellor"),
        _("Sees the children referred to them, and nobody else. What is said in counselling stays with them."),
        may("view", on=["children.child", "children.household", "children.kinship", "children.adult"])
        | may("view", on=["children.away", "children.referral", "children.schoolperiod", "children.need"])
        | may("view", on=["children.wish", "children.hardship", "children.growthnote"])
        | may("view", "add", on=["children.concern", "children.concernentry"])
        | may("follow", on="children.concern")
        | may("view", "add", "change", on=[*_COUNSELLING, *_OWN_WORDS]),
        sees=frozenset({BASIC, FAMILY, HEALTH, CARE}),
        reach=OWN,
        level="district",
    ),
    "volunteer": Role(
        _("Volunteer"),
        _("Sees, in the portal, the children they are paired with, as long as the pairing and the record check hold."),
        frozenset(),
        reach=OWN,
        staff=False,
        level="community",
    ),
    "administrator": Role(
        _("Administrator"),
        _("Manages accounts, divisions, terms and standards; sees no child's file."),
        may("view", "add", "change", on=["communities.user", "communities.posting", "communities.division"])
        | may("view", "add", "change", on=["communities.term", "communities.closedday"])
        | may("view", "add", "change", on=_STANDARD)
        | may("view", "add", "change", on=["volunteers.dutyrule", "communities.helpline", "support.aidkind", *_VETTING])
        | may("view", on=["records.trailentry", "records.trailseal"]),
        level="district",
        grants=("community_worker", "street_officer", "federation_officer", "counsellor", "volunteer"),
    ),
}

ROLE_CHOICES = [(key, role.title) for key, role in ROLES.items()]
