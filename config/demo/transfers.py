"""Files that went, or are on their way, from one community of the story to another."""

from children import transfer
from children.models import Child
from config.demo.days import days
from config.demo.places import DONGMINJIAN, ENHE, LONGWAN, STADIUM


def tell(people, divisions, story_days):
    """One accepted, one refused, one waiting for the director and one the director waits for."""

    def offer(from_place, to_place, which, **details):
        facts = {"reason": "moved", "moves_on": story_days.today - days(5), **details}
        by = people[from_place.worker]
        facts.setdefault("contact", f"{by.name} 0474-8001234")
        return transfer.offer(_family(from_place, which), divisions[to_place.code], **facts, by=by)

    accepted = offer(DONGMINJIAN, STADIUM, 0, message="全家已搬到体育场社区租房，孩子九月起在新学校就读。")
    transfer.accept(accepted, by=people[STADIUM.worker])
    refused = offer(STADIUM, ENHE, 1, reason="boundary", message="门牌号似属恩和路社区，请核对。")
    transfer.refuse(refused, answer="经核对，该住址仍属体育场社区。", by=people[ENHE.worker])
    offer(LONGWAN, ENHE, 0, reason="caregiver", message="外婆住恩和路社区，孩子从本月起由外婆照料。")
    offer(ENHE, DONGMINJIAN, 0, message="父母在东民建社区租房，孩子随父母居住。")


def _family(place, which):
    """The children of a household without helper or referral; brothers and sisters together."""
    children = Child.objects.filter(community=place.code, left_on=None)
    busy = children.exclude(pairings=None, referrals=None).values("household")
    households = children.exclude(household__in=busy).order_by("household").values_list("household", flat=True)
    return list(children.filter(household=households.distinct()[which]))
