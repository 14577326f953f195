"""Words, figures and times in templates."""

from __future__ import annotations

from django import template
from django.utils.translation import get_language

from manyi.kernel.labels import Label

register = template.Library()


@register.filter
def words(label: Label | dict[str, str] | None) -> str:
    """A Label (or its stored form ``{"zh": …, "en": …}``) in the language of the page."""
    if label is None:
        return ""
    if isinstance(label, dict):
        label = Label(label.get("zh", ""), label.get("en", "") or label.get("zh", ""))
    return label.text(get_language() or "zh-hans")


@register.filter
def named(thing: object) -> str:
    """The name or title of a row in the language of the page: ``name_en``/``title_en`` where there is one."""
    english = (get_language() or "").startswith("en")
    for field in ("name", "title"):
        if hasattr(thing, field):
            other = getattr(thing, f"{field}_en", "")
            return str(other if english and other else getattr(thing, field))
    return str(thing)
