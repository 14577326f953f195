"""Every text of the interface has its Chinese."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import messages
from tools.messages import Message


def test_every_text_is_translated_and_every_catalogue_is_compiled() -> None:
    assert list(messages.problems()) == []


def test_a_template_gives_its_plain_plural_and_contextual_texts() -> None:
    template = """
        {% load i18n %}<p title="{% translate "Due 'today'" %}">{% translate "Open" context "verb" %}</p>
        {% blocktranslate count n=cases|length %}{{ n }} case{% plural %}{{ n }} cases{% endblocktranslate %}
    """
    assert set(messages.template_messages(template, Path("page.html"))) == {
        Message("Due 'today'"),
        Message("Open", context="verb"),
        Message("%(n)s case", plural="%(n)s cases"),
    }


def test_python_gives_its_texts() -> None:
    code = 'a = _("Save")\nb = ngettext("one row", "%(n)d rows", n)\nc = pgettext_lazy("noun", "Round")'
    assert set(messages.python_messages(code, Path("views.py"))) == {
        Message("Save"),
        Message("one row", plural="%(n)d rows"),
        Message("Round", context="noun"),
    }


def test_a_computed_text_cannot_be_translated_and_is_refused() -> None:
    with pytest.raises(ValueError, match=r"views\.py:1"):
        list(messages.python_messages('_(f"{name} saved")', Path("views.py")))
