"""The criteria an office begins with, by kind: a draft that it changes as it likes."""

from decimal import Decimal

from django.utils.translation import gettext_noop as _

from appraisal.kinds import Kind

# (words, weight, what is measured or "", value for full points)
USUAL = {
    Kind.INDIVIDUAL: [
        (_("Hours of service in the year"), 25, "hours", Decimal(60)),
        (_("Contacts with the children accompanied"), 15, "contacts", Decimal(20)),
        (_("Share of the five ones done"), 25, "duties_kept", Decimal(100)),
        (_("Activities led"), 10, "sessions", Decimal(6)),
        (_("Duties at the Children's Home"), 5, "shifts", Decimal(6)),
        (_("What the child and family gained"), 20, "", None),
    ],
    Kind.CASE: [
        (_("Days on which it was carried out"), 20, "case_sessions", Decimal(8)),
        (_("Children's attendances"), 20, "case_attendances", Decimal(100)),
        (_("New, and of use to other communities"), 60, "", None),
    ],
    Kind.HOME: [
        (_("Score of the last inspection in the year"), 50, "home_score", Decimal(100)),
        (_("Open hours a week"), 15, "home_hours", Decimal(20)),
        (_("Gaps put right in the year"), 10, "home_repairs", Decimal(3)),
        (_("What children and families say of it"), 25, "", None),
    ],
    Kind.EXAMPLE: [
        (_("Took part in activities"), 20, "attendances", Decimal(10)),
        (_("What others can learn from it"), 80, "", None),
    ],
}
