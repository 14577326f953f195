"""A regulation pack is read with all its faults named, and installed whole or not at all."""

from __future__ import annotations

import pytest

from manyi.cases.models import Category
from manyi.cases.policy_actions import install_defaults
from manyi.cases.queries import policy_for
from manyi.measures.scoring import scheme_from_dict, score
from manyi.organisation import events
from manyi.organisation.errors import Invalid, NotPermitted, Refused
from manyi.organisation.models import Event
from manyi.regulation import pack
from manyi.regulation.actions import install
from manyi.regulation.models import InstalledPack
from manyi.surveys.models import Programme, Questionnaire
from tests.personas import House
from tests.personas import house as make_house

SHIPPED = pack.shipped_text("dealership-service")


@pytest.fixture
def house(db: None) -> House:
    return make_house()


@pytest.mark.parametrize("code", pack.shipped())
def test_every_shipped_pack_reads_and_its_schemes_score(code: str) -> None:
    read = pack.read(pack.shipped_text(code))
    assert read.code == code
    for part in read.programmes:
        scheme = scheme_from_dict(part.scheme)
        best = {item.question: max(item.points, key=item.points.__getitem__) for item in scheme.items}
        nested: dict[str, object] = {}
        for name, value in best.items():
            question, _, row = name.partition(".")
            if row:
                nested.setdefault(question, {})[row] = value  # type: ignore[index]
            else:
                nested[name] = value
        assert score(scheme, nested).total == 100


def test_points_written_once_hold_for_every_item() -> None:
    items = pack.read(SHIPPED).programmes[0].scheme["items"]
    assert {tuple(item["points"].values()) for item in items} == {(20, 40, 60, 80, 100)}


def test_a_broken_file_names_the_line() -> None:
    with pytest.raises(Refused, match="line 2"):
        pack.read('code = "x"\ntitle = \nnumber = 1')


def test_missing_parts_are_all_named_with_their_place() -> None:
    with pytest.raises(Invalid) as caught:
        pack.read(
            'title = "x"\n[[programmes]]\ncode = "p"\n[deadlines.targets.resolve]\namount = 3\nunit = "weeks"'
        )
    places = {place for place, _ in caught.value.problems}
    assert places == {
        "code",
        "programmes[0].title",
        "programmes[0].questionnaire",
        "programmes[0].scheme",
        "deadlines.targets.resolve",
    }


def test_the_survey_manager_installs_a_pack(house: House) -> None:
    install_defaults()
    made = install(actor=house.li, unit=house.tree.east, pack=pack.read(SHIPPED))
    programme, questionnaire, scheme = made.programmes[0]
    assert questionnaire.published_at
    assert scheme.published_at
    assert programme.privacy_promise
    assert policy_for(house.tree.east_service) == made.policy
    assert Event.objects.filter(kind="pack.installed", actor=house.li).count() == 1
    assert isinstance(events.verify(), int)


def test_deadlines_of_a_pack_leave_no_house_without_categories(house: House) -> None:
    assert not Category.objects.exists()
    install(actor=house.li, unit=house.tree.east, pack=pack.read(SHIPPED))
    assert Category.objects.filter(code="service.quality").exists()


def test_the_same_version_is_not_installed_twice(house: House) -> None:
    install(actor=house.li, unit=house.tree.east, pack=pack.read(SHIPPED))
    with pytest.raises(Refused, match="installed already"):
        install(actor=house.li, unit=house.tree.east, pack=pack.read(SHIPPED))
    assert InstalledPack.objects.count() == 1


def test_a_faulty_scheme_leaves_nothing_behind(house: House) -> None:
    faulty = pack.read(SHIPPED.replace('question = "service.price"', 'question = "service.colour"'))
    with pytest.raises(Refused):
        install(actor=house.li, unit=house.tree.east, pack=faulty)
    assert not Programme.objects.exists()
    assert not Questionnaire.objects.exists()


def test_a_case_handler_may_not_install(house: House) -> None:
    with pytest.raises(NotPermitted):
        install(actor=house.wang, unit=house.tree.east, pack=pack.read(SHIPPED))
