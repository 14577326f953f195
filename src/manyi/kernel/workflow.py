"""State machines as tables.

A room writes its machine as a tuple of frozen transitions. The one ``advance()`` of the room asks
``Machine.check`` before it writes; the interface draws its buttons from ``Machine.open_to``, the
documentation its diagram from ``Machine.transitions``, and the property tests walk the same table.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from manyi.kernel.labels import Label

#: A guard looks at the thing, the actor's id and the facts given, and says what is wrong, or None.
Guard = Callable[[object, int | None, Mapping[str, object]], Label | None]


class WorkflowError(Exception):
    """A step that the table does not allow now; carries what to tell the person."""

    def __init__(self, message: Label) -> None:
        super().__init__(message.en)
        self.message = message


@dataclass(frozen=True, slots=True)
class State:
    """One state of a machine; ``open`` states are work still to be done."""

    id: str
    label: Label
    open: bool = True
    pauses: bool = False


@dataclass(frozen=True, slots=True)
class Need:
    """A fact that the person must give with a step: a form field, its kind, and whether it may be empty."""

    name: str
    label: Label
    kind: str = "text"
    required: bool = True
    choices: tuple[tuple[str, Label], ...] = ()


@dataclass(frozen=True, slots=True)
class Transition:
    """One arrow: who may go from which states to which, what must be told, and which guards must hold.

    ``who`` names access verbs (any one suffices); ``effects`` names what the room does besides the change
    of state, looked up in the room's own table of effects.
    """

    name: str
    label: Label
    sources: tuple[str, ...]
    target: str
    who: tuple[str, ...]
    needs: tuple[Need, ...] = ()
    guards: tuple[Guard, ...] = ()
    effects: tuple[str, ...] = ()
    dangerous: bool = False
    automatic: bool = False
    help: Label | None = field(default=None)


@dataclass(frozen=True)
class Machine:
    """States and transitions of one kind of thing."""

    name: str
    label: Label
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]

    def state(self, state_id: str) -> State:
        """The state with this id; raises KeyError."""
        return {state.id: state for state in self.states}[state_id]

    def transition(self, name: str) -> Transition:
        """The transition with this name; raises WorkflowError for an unknown one."""
        for transition in self.transitions:
            if transition.name == name:
                return transition
        raise WorkflowError(Label(f"没有“{name}”这一步。", f"There is no step “{name}”."))

    def leaving(self, state_id: str) -> list[Transition]:
        """The arrows out of a state, in table order."""
        return [t for t in self.transitions if state_id in t.sources]

    def open_to(self, state_id: str, verbs: Collection[str]) -> list[Transition]:
        """The arrows out of a state that a person holding these access verbs may take."""
        return [t for t in self.leaving(state_id) if not t.automatic and set(t.who) & set(verbs)]

    def check(
        self,
        thing: object,
        state_id: str,
        name: str,
        *,
        verbs: Collection[str],
        actor: int | None,
        facts: Mapping[str, object],
    ) -> Transition:
        """The transition if it may be taken now; otherwise raises WorkflowError with the reason.

        Holds for every door: source state, access verb, needed facts, then the guards in order.
        """
        transition = self.transition(name)
        if state_id not in transition.sources:
            here = self.state(state_id).label
            raise WorkflowError(
                Label(
                    f"当前状态是“{here.zh}”,不能“{transition.label.zh}”。",
                    f"In state “{here.en}” the step “{transition.label.en}” is not possible.",
                )
            )
        if transition.who and not set(transition.who) & set(verbs):
            raise WorkflowError(
                Label(
                    f"您没有权限“{transition.label.zh}”。",
                    f"You are not permitted to “{transition.label.en}”.",
                )
            )
        self._check_facts(transition, facts)
        for guard in transition.guards:
            wrong = guard(thing, actor, facts)
            if wrong is not None:
                raise WorkflowError(wrong)
        return transition

    @staticmethod
    def _check_facts(transition: Transition, facts: Mapping[str, object]) -> None:
        for need in transition.needs:
            value = facts.get(need.name)
            if need.required and (value is None or value == ""):
                raise WorkflowError(Label(f"请填写“{need.label.zh}”。", f"Please fill in “{need.label.en}”."))
            known = {choice for choice, _ in need.choices}
            if known and value not in (None, "") and value not in known:
                raise WorkflowError(
                    Label(
                        f"“{need.label.zh}”的选项不存在:{value}。",
                        f"“{need.label.en}” has no choice {value}.",
                    )
                )
