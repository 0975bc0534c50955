"""What a helper typed about a child and did not send goes with the child's file."""

import json

from children.erasing import goes_with_the_file
from records.drafts import Draft
from volunteers.models import Deputy, Pairing
from volunteers.portal_drafts import ENTRY, LETTER, children_of


@goes_with_the_file
def drop_drafts(files, *, by):
    """Those that name one of these children; where none is chosen yet, it may be about any the helper has had."""
    pairings = Pairing.objects.filter(child__in=files)
    helpers = set(pairings.values_list("volunteer__user", flat=True))
    helpers |= set(Deputy.objects.filter(pairing__in=pairings).values_list("volunteer__user", flat=True))
    gone = set(map(str, files))
    for draft in Draft.objects.filter(key__in=[ENTRY, LETTER], user__in=helpers - {None}).order_by("pk"):
        chosen = children_of(draft.key, json.loads(draft.data))
        if not chosen or chosen & gone:
            draft.delete()
