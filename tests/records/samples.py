"""Small tables of the tests' own: registered nowhere, made when a test asks for the fixture `samples`."""

from django.db import models
from django.test.utils import isolate_apps

from records.attachments import Attachment
from records.privacy import BASIC, SECRET
from records.scoping import Record
from records.secrets import BlindIndexField, LastFourField, SecretField
from records.versions import Versioned

with isolate_apps("records") as registry:
    registry.register_model("records", Attachment)

    class Holder(Record):
        """Somebody with a secret and a picture."""

        phone = SecretField(max_length=20, blank=True, default="")
        phone_hash = BlindIndexField(of="phone", purpose="phone")
        phone_last4 = LastFourField(of="phone")
        # DO_NOTHING: other tests that delete an attachment must not go looking for this table.
        photo = models.ForeignKey(Attachment, models.DO_NOTHING, null=True, blank=True, related_name="+")
        community = models.CharField(max_length=12, default="150902001001")

        community_path = "community"
        attachments = ["photo"]
        personal = {"phone": SECRET, "phone_hash": SECRET, "phone_last4": SECRET, "photo": BASIC}
        not_personal = ["id", "community"]

        class Meta:
            app_label = "records"
            constraints = [
                models.UniqueConstraint(
                    fields=["community", "phone_hash"],
                    name="one_holder_of_a_phone_in_a_community",
                    violation_error_message="Somebody here already has this phone.",
                )
            ]

    class Other(Record):
        """Below a holder: its community is the holder's."""

        phone_hash = BlindIndexField(of="phone", purpose="phone")
        phone = SecretField(null=True)
        holder = models.ForeignKey(Holder, models.PROTECT, null=True, related_name="others")

        community_path = "holder__community"

        class Meta:
            app_label = "records"

    class Shelf(models.Model):
        title = models.CharField(max_length=50)

        class Meta:
            app_label = "records"

        def __str__(self):
            return self.title

    class Sheet(Versioned):
        """Something two people edit."""

        title = models.CharField(max_length=50)
        size = models.CharField(max_length=5, choices=[("s", "small"), ("l", "large")], default="s")
        day = models.DateField(null=True, blank=True)
        shelf = models.ForeignKey(Shelf, models.PROTECT, null=True, blank=True)
        phone = SecretField(blank=True, default="")

        class Meta:
            app_label = "records"


MODELS = [Holder, Other, Shelf, Sheet]
