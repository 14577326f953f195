"""Personal data in quotes, covered: what could lead to a person is replaced by what it was."""

from __future__ import annotations

import re

from manyi.kernel.labels import Label

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛"
    "闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_TITLES = (
    "先生|女士|小姐|太太|老师|师傅|医生|大夫|护士|主任|经理|顾问|店长|主管|技师|队长|院长|教授|同志"
    "|阿姨|大爷|叔叔|哥|姐"
)
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领"
_NAME = rf"[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}"
_NUMERALS = r"(?:\d+|[一二三四五六七八九十百]+)"

ID, PHONE, EMAIL = Label("证件号", "ID"), Label("电话", "phone"), Label("邮箱", "e-mail")
PLATE, ADDRESS, CARD = Label("车牌", "plate"), Label("地址", "address"), Label("卡号", "card")
NAME, ACCOUNT = Label("姓名", "name"), Label("账号", "account")

#: In this order: what is longer and surer comes first.
RULES: tuple[tuple[re.Pattern[str], Label], ...] = (
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII), EMAIL),
    (re.compile(r"(?<!\d)\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx](?!\d)"), ID),
    (re.compile(r"(?<!\d)(?:\d{4}[ -]?){3,4}\d{1,7}(?!\d)"), CARD),
    (re.compile(r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"), PHONE),
    (re.compile(r"(?<!\d)(?:0\d{2,3}[ -]?)\d{7,8}(?:转\d{1,5})?(?!\d)"), PHONE),
    (re.compile(r"(?<![\d-])(?:400|800)[ -]?\d{3}[ -]?\d{4}(?!\d)"), PHONE),
    (re.compile(rf"[{_PROVINCES}][A-Za-z][·• ]?[A-Za-z0-9]{{5,6}}(?![A-Za-z0-9])"), PLATE),
    (re.compile(r"(?i)(?:微信|qq|vx|wechat)(?:号|id)?[::是 ]{0,2}[a-z0-9_-]{5,20}"), ACCOUNT),
    (
        re.compile(
            rf"(?:[\u4e00-\u9fff]{{1,8}}(?:路|街|大道|巷|弄|小区|花园|公寓|苑|村|大厦))?[\u4e00-\u9fff]{{0,6}}?"
            rf"{_NUMERALS}(?:号楼|栋|幢|座|单元|室|号院|弄)(?:[\u4e00-\u9fff]{{0,2}}{_NUMERALS}(?:单元|楼|层|室|号|户))*"
        ),
        ADDRESS,
    ),
    (re.compile(r"[\u4e00-\u9fff]{2,8}(?:路|街|大道|巷)\d+号(?:\d+(?:室|楼|层))?"), ADDRESS),
    (
        re.compile(rf"(?:(?<=我叫)|(?<=我是)|(?<=姓名)|(?<=姓名:)|(?<=本人)){_NAME}(?=[,。,.!!;; ]|$)"),
        NAME,
    ),
    (re.compile(rf"(?<![\u4e00-\u9fff])?[{_SURNAMES}][\u4e00-\u9fff]{{0,2}}?(?={_TITLES})"), NAME),
    (re.compile(r"\b(?:Mr|Mrs|Ms|Dr)\.? [A-Z][a-z]+(?: [A-Z][a-z]+)?"), NAME),
)


def masked(text: str, language: str = "zh") -> str:
    """The text with phones, IDs, cards, plates, e-mails, addresses and names as ``[电话]`` and so on."""
    for pattern, what in RULES:
        text = pattern.sub(f"[{what.text(language)}]", text)
    return text
