"""Every scan that is here arrived in the case it lies in. Apart from the change of the column: PostgreSQL asks for it."""

from django.db import migrations
from django.db.models import F


def fill(apps, schema_editor):
    apps.get_model("scans", "Scan").objects.filter(arrived_in=None).update(arrived_in=F("case"))


class Migration(migrations.Migration):
    dependencies = [("scans", "0005_the_front_desk")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
