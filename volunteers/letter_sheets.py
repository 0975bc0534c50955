"""A helper's letter on letter paper, and a certificate of service on paper: what their sheets need to know."""

from django.utils.translation import gettext_lazy as _

from records.papers import Both
from volunteers.seen import given_name

CERTIFICATE_WORDS = {
    "title": _("Certificate of service"),
    "says": _("This is to certify that"),
    "served": _("accompanied children of this community as a volunteer:"),
    "period": _("Period"),
    "hours": _("Hours of service"),
    "contacts": _("Contacts with children"),
    "sessions": _("Activities led or helped at"),
    "shifts": _("Duties at the Children's Home"),
    "number": _("Certificate number"),
    "issued": _("Issued on"),
    "seal": _("seal of the community office"),
    "check": _("Whether this certificate is valid can be seen by this code, or at the address below."),
    "revoked": _("This certificate was revoked."),
}


def sheets_of(letters):
    return {"sheets": [{"letter": letter, "to": given_name(letter.pairing.child.name)} for letter in letters]}


def certificate_sheets(certificates):
    return {"certificates": certificates, "words": {name: Both(text) for name, text in CERTIFICATE_WORDS.items()}}
