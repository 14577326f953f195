"""Contacts: what is the same address, what cannot be reached, what may be shown."""

from __future__ import annotations

import pytest

from manyi.customers import rules


@pytest.mark.parametrize(
    ("kind", "written", "compared"),
    [
        ("phone", "138 0000 0001", "13800000001"),
        ("phone", "+86-138-0000-0001", "13800000001"),
        ("phone", "008613800000001", "13800000001"),
        ("phone", "１３８０００００００１", "13800000001"),
        ("phone", "(010)6512-3456", "01065123456"),
        ("phone", "400-810-1234", "4008101234"),
        ("phone", "+49 30 1234567", "+49301234567"),
        ("email", " Li.Min@Example.COM ", "li.min@example.com"),
        ("email", "ｌｉ@example.com", "li@example.com"),
        ("wechat", "li min_88", "limin_88"),
    ],
)
def test_one_address_has_one_form(kind: str, written: str, compared: str) -> None:
    assert rules.normalise(kind, written) == compared


@pytest.mark.parametrize(
    ("kind", "written", "told"),
    [
        ("phone", "1380000001", "少 1 位"),
        ("phone", "138000000012", "多 1 位"),
        ("phone", "12800000001", "无法识别"),
        ("phone", "没有", "无法识别"),
        ("email", "li@example", "不完整"),
        ("email", "li.example.com", "不完整"),
        ("email", "a@b@c.com", "不完整"),
    ],
)
def test_a_bad_address_says_what_is_wrong(kind: str, written: str, told: str) -> None:
    with pytest.raises(rules.BadContact) as bad:
        rules.normalise(kind, written)
    assert told in bad.value.message.zh


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("phone", "13800005678", "138****5678"),
        ("email", "limin@example.com", "l***@example.com"),
        ("wechat", "abc", "***"),
    ],
)
def test_most_staff_see_a_contact_masked(kind: str, value: str, shown: str) -> None:
    assert rules.masked(kind, value) == shown


def test_an_opt_out_is_recognised_only_with_the_secret_and_the_kind() -> None:
    mark = rules.contact_hash("secret", "phone", "13800000001")
    assert mark == rules.contact_hash("secret", "phone", "13800000001")
    assert mark != rules.contact_hash("other", "phone", "13800000001")
    assert mark != rules.contact_hash("secret", "wechat", "13800000001")
    assert "13800000001" not in mark


def test_pseudonyms_differ_and_hold_no_letters_that_look_alike() -> None:
    names = {rules.pseudonym() for _ in range(200)}
    assert len(names) == 200
    assert not set("".join(name[2:] for name in names)) & set("01IOLU")
