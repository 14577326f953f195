"""The tree as it stands becomes its first version, and cases that have a category belong to it."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.utils import timezone


def first_version(apps: Any, _schema_editor: Any) -> None:
    """Nothing for an organisation without categories: its first version comes with them."""
    rows = apps.get_model("cases", "Category").objects.select_related("parent").order_by("code")
    tree = [
        {
            "code": row.code,
            "name": row.name,
            "name_en": row.name_en,
            "parent": row.parent.code if row.parent else "",
            "merged_into": "",
            "active": row.active,
        }
        for row in rows
    ]
    if tree:
        versions = apps.get_model("cases", "CategoryVersion").objects
        made = versions.create(number=1, at=timezone.now(), tree=tree)
        apps.get_model("cases", "Case").objects.exclude(category=None).update(category_version=made)


class Migration(migrations.Migration):
    dependencies = [("cases", "0013_category_versions")]

    operations = [migrations.RunPython(first_version, migrations.RunPython.noop)]
