"""What rows about a child call when they are written; each app has its own tables call it."""

from django.db import migrations

from communities.following import LOOKED, LOOKS_AGAIN


class Migration(migrations.Migration):
    dependencies = [("communities", "0002_cache_table")]
    operations = [migrations.RunSQL(LOOKS_AGAIN, LOOKED)]
