"""Which pieces are shown, on the page, on labels and in the workbook alike."""

from premises.models import Asset
from premises.models.asset_request import AssetKind
from premises.registering import search
from records.staff_filters import clean_search
from records.text import clean_key


class AssetFilter:
    """What the address asks for; what is no choice narrows nothing. Without a status: all that is not scrapped."""

    def __init__(self, asked):
        self.home = clean_key(asked.get("home"))
        self.kind = asked.get("kind", "") if asked.get("kind") in AssetKind.values else ""
        self.standing = asked.get("status", "") if asked.get("status") in Asset.Status.values else ""
        self.text = clean_search(asked.get("q", ""))

    @property
    def narrows(self):
        return bool(self.kind or self.standing or self.text)

    def rows(self, user):
        rows = Asset.objects.visible_to(user).select_related("home", "community")
        if self.home:
            rows = rows.filter(home=self.home)
        if self.kind:
            rows = rows.filter(kind=self.kind)
        rows = rows.filter(status=self.standing) if self.standing else rows.kept()
        if self.text:
            rows = search(rows, self.text)
        return rows.order_by("community_id", "home_id", "number")
