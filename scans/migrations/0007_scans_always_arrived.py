import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scans", "0006_where_scans_arrived")]

    operations = [
        migrations.AlterField(
            model_name="scan",
            name="arrived_in",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="arrived_scans", to="scans.case"
            ),
        ),
    ]
