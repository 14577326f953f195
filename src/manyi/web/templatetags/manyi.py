"""Words, figures, times and icons in templates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from manyi.kernel.labels import Label
from manyi.kernel.workflow import Transition
from manyi.measures.figure import Figure
from manyi.measures.text.masking import masked as mask
from manyi.organisation import clock
from manyi.organisation.china import reason_label
from manyi.organisation.roles import Role
from manyi.surveys.tree import Text
from manyi.web.public.languages import name_of

register = template.Library()
SELECTED = mark_safe(" selected")


class Bilingual(Protocol):
    """A Label, or a text of a questionnaire."""

    def text(self, language: str) -> str:
        """The wording for a language code."""


def label_text(label: Bilingual | dict[str, str] | str | None) -> str:
    """A bilingual text (or its stored form ``{"zh": …, "en": …}``) in the language of the page.

    A text without a language (a name) stays what it is.
    """
    if label is None or isinstance(label, str):
        return label or ""
    if isinstance(label, dict):
        label = Label(label.get("zh", "") or label.get("en", ""), label.get("en", "") or label.get("zh", ""))
    return label.text(get_language() or "zh-hans")


register.filter("words", label_text)


@register.filter
def named(thing: object) -> str:
    """The name or title of a row in the language of the page: ``name_en``/``title_en`` where there is one."""
    if thing is None:
        return ""
    english = (get_language() or "").startswith("en")
    for field in ("name", "title"):
        if hasattr(thing, field):
            other = getattr(thing, f"{field}_en", "")
            return str(other if english and other else getattr(thing, field))
    return str(thing)


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str) -> SafeString:
    """A decorative icon of the sprite."""
    sprite = static("vendor/tabler-icons.svg")
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', sprite, name)


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """The query of the present page with some values changed; None takes one away."""
    values = context["request"].GET.copy()
    for name, value in changes.items():
        values.pop(name, None)
        if value is not None:
            values[name] = str(value)
    return f"?{values.urlencode()}"


@register.simple_tag
def options(choices: Iterable[tuple[object, Bilingual | str]], chosen: str = "") -> SafeString:
    """The options of a select in the language of the page; the one that reads as ``chosen`` is marked."""
    found = ((value, SELECTED if str(value) == chosen else "", label_text(label)) for value, label in choices)
    return format_html_join("", '<option value="{}"{}>{}</option>', found)


@register.filter
def moment(at: datetime | None) -> SafeString | str:
    """A time: relative within a day, else date and time in the reader's zone."""
    if at is None:
        return "–"
    exact = f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
    # A list has a hundred of them: only the words can need escaping, the rest is figures.
    words = escape(_relative(at)) or exact
    return mark_safe(f'<time datetime="{at.isoformat()}" title="{exact}">{words}</time>')


def _relative(at: datetime) -> str:
    minutes = round((clock.now() - at).total_seconds() / 60)
    if abs(minutes) >= 24 * 60:
        return ""
    if minutes == 0:
        return _("just now")
    if abs(minutes) < 60:
        return _("%d min ago") % minutes if minutes >= 0 else _("in %d min") % -minutes
    hours = round(abs(minutes) / 60)
    return _("%d h ago") % hours if minutes > 0 else _("in %d h") % hours


def figure_text(figure: Figure) -> str:
    """A figure's value with its interval: 86.2 (±1.4), 71.3% (68.0–74.4), 2.3× (1.1–4.8)."""
    if figure.suppressed:
        return _("Too few answers; not shown")
    if figure.value is None:
        return _("no data")
    share = figure.unit == "share"
    scale, mark = (100, "%") if share else (1, "×" if figure.unit == "times" else "")
    shown = f"{figure.value * scale:.1f}{mark}"
    if figure.low is None or figure.high is None:
        return shown
    if mark:
        return f"{shown} ({figure.low * scale:.1f}–{figure.high * scale:.1f})"
    return f"{shown} (±{(figure.high - figure.low) / 2:.1f})"


register.filter("figure_value", figure_text)


@register.filter
def figure_base(figure: Figure) -> str:
    """What a figure rests on: n, and the valid n where it differs."""
    if figure.valid_n == figure.n:
        return f"n = {figure.n:,}"
    return _("n = %(valid)s of %(all)s") % {"valid": f"{figure.valid_n:,}", "all": f"{figure.n:,}"}


@register.filter
def percent(share: float) -> str:
    """A share of 0 to 1 with one decimal: 34.2%."""
    return f"{float(share) * 100:.1f}%"


@register.filter
def masked(text: str) -> str:
    """A text without phones, names and other personal data, in the language of the page."""
    return mask(text, (get_language() or "zh").partition("-")[0])


@register.filter
def holiday(reason: str) -> str:
    """Why a date differs from the week: the name of a holiday in the language of the page."""
    return label_text(reason_label(reason))


@register.filter
def role_words(role: str) -> str:
    """The name of a role by its code."""
    return label_text(Role(role).label)


@register.filter
def pairs(values: dict[str, Any]) -> str:
    """Names and values of a small record on one line: code: HC-E; active: yes."""
    return "; ".join(f"{name}: {_plain(value)}" for name, value in values.items())


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return ", ".join(map(_plain, value)) if isinstance(value, list) else str("–" if value is None else value)


@register.filter
def has_dangerous(acts: Iterable[Transition]) -> bool:
    """Whether some of the acts belong in the menu."""
    return any(act.dangerous for act in acts)


@register.filter
def get(mapping: dict[Any, Any], key: Any) -> Any:
    """The value under a key, or None."""
    return mapping.get(key) if mapping else None


@register.filter
def within(text: Text, language: str) -> str:
    """The words of a questionnaire's text in exactly one language; empty where there are none."""
    return text.within(language)


@register.filter
def suffix(language: str) -> str:
    """What the name of a field ends with for a language: nothing for Chinese, else ``_en``, ``_de``."""
    return "" if language == "zh" else f"_{language}"


@register.filter
def own_name(language: str) -> str:
    """What a language is called in itself."""
    return name_of(language)
