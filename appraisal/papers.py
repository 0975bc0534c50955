from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appraisal import year_papers  # noqa: F401 - it registers its paper
from appraisal.kinds import Kind
from appraisal.models import Call, Demand, Finding, Nomination, Visit
from appraisal.naming import names_for, public_name
from appraisal.points import BY_KEY
from records.lifecycle import Refused
from records.papers import Both, paper
from records.trail import log_read


@paper("supervision_visit", model="appraisal.Visit", title=_("Record of a supervision visit"))
def supervision_visit(rows, user):
    """Before the visit what is looked at, with room to write; afterwards findings, opinions and requirements."""
    found = Visit.objects.filter(pk__in=[row.pk for row in rows]).select_related("community", "office")
    verdicts = {value: Both(label) for value, label in Finding.Verdict.choices}
    statuses = {value: Both(label) for value, label in Demand.Status.choices}
    sheets = []
    for one in found.prefetch_related("findings", "demands"):
        findings = {finding.point: finding for finding in one.findings.all()}
        lines = [(Both(p.label), Both(p.asks), p.source, findings.get(p.key)) for p in one.listed_points]
        sheets.append(
            {
                "visit": one,
                "lines": [(*line[:3], line[3] and verdicts[line[3].verdict], line[3]) for line in lines],
                "demands": [(d, BY_KEY.get(d.point), statuses[d.status]) for d in one.demands.all()],
            }
        )
    words = {name: Both(text) for name, text in WORDS.items()}
    return {"sheets": sheets, "words": words, "verdicts": verdicts.values(), "back_url": rows[0].get_absolute_url()}


WORDS = {
    "title": _("Record of a supervision visit"),
    "community": _("Community"),
    "office": _("Inspected by"),
    "day": _("Day"),
    "visitors": _("Inspectors"),
    "point": _("What is looked at"),
    "finding": _("Finding"),
    "words": _("In a few words"),
    "focus": _("What else is looked at"),
    "summary": _("Summary"),
    "opinions": _("Opinions"),
    "demands": _("Requirements"),
    "what": _("What is required"),
    "by": _("By when"),
    "status": _("Status"),
    "none": _("none"),
    "inspector": _("Inspector (signature)"),
    "head": _("For the community (signature)"),
}


@paper("commendation", model="appraisal.Nomination", title=_("Certificate of commendation"))
def commendation(rows, user):
    """A certificate for each award, with the nominee's name for those who may read it."""
    found = Nomination.objects.filter(pk__in=[row.pk for row in rows]).awarded()
    found = list(found.select_related("call__division", "community"))
    names = names_for(found, user)
    if not found or not all(names[one.pk].is_known for one in found):
        raise Refused(gettext("Only what was awarded is printed, by somebody who may read the name."))
    if seen := [names[one.pk].child for one in found if names[one.pk].child]:
        log_read(user, seen)
    sheets = certificates_of([(one, names[one.pk].words) for one in found])
    return {**sheets, "back_url": rows[0].get_absolute_url()}


def certificates_of(awards):
    """What the certificate's template needs of [(nomination, the name to write)]."""
    kinds = {kind: Both(KINDS[kind]) for kind in KINDS}
    return {
        "certificates": [(one, name, kinds[one.call.kind]) for one, name in awards],
        "words": {name: Both(text) for name, text in CERTIFICATE.items()},
    }


KINDS = {
    Kind.INDIVIDUAL: _("Outstanding individual"),
    Kind.CASE: _("Innovative case"),
    Kind.HOME: _("Model Children's Home"),
    Kind.EXAMPLE: _("Good example"),
}
CERTIFICATE = {
    "title": _("Certificate of commendation"),
    "says": _("This certificate is awarded to"),
    "as": _("commended in the care of left-behind and migrant children as"),
    "year": _("Year"),
    "number": _("Number of the certificate"),
    "day": _("Day of the decision"),
    "office": _("Awarded by (seal)"),
    "check": _("Whether this certificate is valid can be seen by this code, or at the address below."),
}


@paper("commendation_notice", model="appraisal.Call", title=_("Public notice of commendations"))
def commendation_notice(rows, user):
    """The notice to hang up: what is agreed to today, in the words of the nominations, no child's name."""
    sheets = []
    for call in Call.objects.filter(pk__in=[row.pk for row in rows]).select_related("division"):
        awards = Nomination.objects.published().filter(call=call)
        awards = awards.select_related("call", "community", "helper", "home").order_by("community", "pk")
        sheets.append((call, [(one, public_name(one)) for one in awards]))
    words = {"title": Both(_("Public notice of commendations")), "none": Both(_("Nothing is published of this call."))}
    return {"sheets": sheets, "words": words, "today": timezone.localdate(), "back_url": rows[0].get_absolute_url()}
