"""A state machine is a table, and every door checks the same things in the same order."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from manyi.kernel.labels import Label
from manyi.kernel.workflow import Machine, Need, State, Transition, WorkflowError


def not_by_the_writer(thing: object, actor: int | None, facts: Mapping[str, object]) -> Label | None:
    """Four eyes: whoever wrote the letter does not sign it."""
    return Label("不能审批自己写的信。", "Nobody signs their own letter.") if thing == actor else None


LETTER = Machine(
    "letter",
    Label("信", "Letter"),
    states=(
        State("written", Label("已写", "Written")),
        State("signed", Label("已签", "Signed")),
        State("sent", Label("已寄", "Sent"), open=False),
    ),
    transitions=(
        Transition(
            "sign",
            Label("签发", "Sign"),
            ("written",),
            "signed",
            ("reports.approve",),
            guards=(not_by_the_writer,),
        ),
        Transition(
            "send",
            Label("寄出", "Send"),
            ("signed",),
            "sent",
            ("reports.publish", "reports.approve"),
            needs=(
                Need("way", Label("方式", "Way"), "choice", choices=(("post", Label("邮寄", "Post")),)),
                Need("note", Label("备注", "Note"), required=False),
            ),
        ),
        Transition("expire", Label("过期", "Expire"), ("written", "signed"), "sent", (), automatic=True),
    ),
)
WRITER, SIGNER = 1, 2


def check(state: str, name: str, *verbs: str, actor: int = SIGNER, **facts: object) -> Transition:
    return LETTER.check(WRITER, state, name, verbs=verbs, actor=actor, facts=facts)


def test_a_step_that_the_table_allows_gives_its_row() -> None:
    assert check("written", "sign", "reports.approve").target == "signed"


def test_any_one_of_the_verbs_suffices() -> None:
    assert check("signed", "send", "reports.publish", way="post").target == "sent"


@pytest.mark.parametrize(
    ("state", "name", "verbs", "facts", "words"),
    [
        ("sent", "sign", ("reports.approve",), {}, "In state “Sent” the step “Sign” is not possible"),
        ("written", "burn", ("reports.approve",), {}, "There is no step “burn”"),
        ("written", "sign", ("reports.view",), {}, "You are not permitted to “Sign”"),
        ("signed", "send", ("reports.approve",), {}, "Please fill in “Way”"),
        ("signed", "send", ("reports.approve",), {"way": ""}, "Please fill in “Way”"),
        ("signed", "send", ("reports.approve",), {"way": "pigeon"}, "“Way” has no choice pigeon"),
    ],
)
def test_a_step_is_refused_with_the_reason(
    state: str, name: str, verbs: tuple[str, ...], facts: dict[str, object], words: str
) -> None:
    with pytest.raises(WorkflowError) as refused:
        LETTER.check(WRITER, state, name, verbs=verbs, actor=SIGNER, facts=facts)
    assert words in refused.value.message.en
    assert refused.value.message.zh != refused.value.message.en


def test_a_guard_has_the_last_word() -> None:
    with pytest.raises(WorkflowError, match="Nobody signs their own letter"):
        check("written", "sign", "reports.approve", actor=WRITER)


def test_the_buttons_are_what_the_person_may_press() -> None:
    assert [step.name for step in LETTER.open_to("written", {"reports.approve"})] == ["sign"]
    assert LETTER.open_to("written", {"reports.view"}) == []
    assert [step.name for step in LETTER.leaving("written")] == ["sign", "expire"]


def test_a_label_speaks_the_language_of_the_page() -> None:
    label = Label("签发", "Sign")
    assert [label.text(code) for code in ("zh-hans", "en", "en-GB", "")] == ["签发", "Sign", "Sign", "签发"]
    assert str(label) == "签发"
