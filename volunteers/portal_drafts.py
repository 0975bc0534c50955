"""What helpers type in the portal and do not send yet."""

ENTRY, LETTER = "portal-contact", "portal-letter"


def child_named(request, seen):
    """The key of the helper's child that the link names; empty where it names none."""
    named = request.GET.get("child", "")
    return named if named in {str(one.pk) for one in seen} else ""


def draft_key(request, form, seen):
    """What is typed under a link to one child is kept for that child: it never opens under another's, and goes with
    the child's file."""
    child = child_named(request, seen)
    return f"children.child.{child}.{form}" if child else form


def children_of(form, draft):
    """The keys, as words, of the children chosen in a draft that no link named a child for."""
    chosen = draft.get("children" if form == ENTRY else "child") or []
    return set(map(str, chosen if isinstance(chosen, list) else [chosen]))
