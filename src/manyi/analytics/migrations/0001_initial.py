import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("surveys", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Snapshot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("generation", models.PositiveIntegerField(default=0)),
                ("parts", models.JSONField(default=list)),
                ("rows", models.PositiveIntegerField(default=0)),
                ("stale", models.BooleanField(default=False)),
                ("rebuild", models.BooleanField(default=False)),
                ("codebook", models.JSONField(default=dict)),
                ("written_at", models.DateTimeField(null=True)),
                (
                    "round",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="snapshot",
                        to="surveys.round",
                    ),
                ),
            ],
        ),
    ]
