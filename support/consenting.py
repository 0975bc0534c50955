"""Without consent to publicity a public notice comes down at once; the application waits for a new consent."""

from children.consenting import when_withdrawn
from children.models import Consent
from support import deciding


@when_withdrawn(Consent.Purpose.PUBLICITY)
def take_notices_down(child, *, by):
    for application in child.applications.on_notice().order_by("pk"):
        deciding.take_down(application, by=by)
