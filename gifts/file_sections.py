"""What a child's file shows of gifts: what the child and its family were given."""

from children.sections import file_section
from gifts.models import HandOut
from records.privacy import BASIC


@file_section(tab="care", order=70, needs="gifts.view_handout")
def gifts_received(request, child):
    if not request.user.sees(BASIC):
        return None
    rows = HandOut.objects.visible_to(request.user).reaching(child).standing()
    return "gifts/file_section.html", {"hand_outs": list(rows)}
