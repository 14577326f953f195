"""The words for where posts come from and what became of them."""

from __future__ import annotations

from manyi.cases.choices import CHANNELS, Choices
from manyi.kernel.labels import Label

#: A source's kind is the way in of its cases.
SOURCE_KINDS: Choices = tuple(row for row in CHANNELS if row[0] in {"chat", "social", "wecom", "other"})
SOURCE_STATES: Choices = (
    ("active", Label("使用中", "In use")),
    ("paused", Label("已暂停", "Paused")),
    ("removed", Label("已删除", "Removed")),
)
POST_STATES: Choices = (
    ("message", Label("进入诉求", "Message")),
    ("quarantined", Label("待人工处理", "Set aside")),
    ("ignored", Label("不需要", "Not wanted")),
    ("repeated", Label("重复收到", "Received twice")),
    ("kept", Label("待处理", "To be read")),
)
QUARANTINE: Choices = (
    ("no_json", Label("内容不是有效的 JSON", "It is not valid JSON")),
    ("no_id", Label("按对应关系找不到编号", "The mapping finds no id in it")),
    ("no_text", Label("按对应关系找不到内容", "The mapping finds no words in it")),
    ("mapping", Label("对应关系有误", "The mapping is wrong")),
    ("no_xml", Label("内容不是有效的 XML", "It is not valid XML")),
    ("corp", Label("不是发给本企业的", "It is for another corporation")),
    ("closed", Label("无法解密", "It cannot be deciphered")),
    ("refused", Label("不能登记为诉求", "It could not be registered")),
    ("broken", Label("内容已损坏", "It is broken")),
)
#: Why a file of a post was not fetched.
UNFETCHED: Choices = (
    ("host", Label("来源的设置不允许从这个网站下载", "The source does not allow this host")),
    ("address", Label("只允许 https 的公网地址", "Only public addresses by https are allowed")),
    ("redirect", Label("被转到别的网站", "It leads on to another host")),
    ("status", Label("对方没有给出文件", "The host did not give it out")),
    ("reach", Label("连接不上或传输中断", "The host was not reached, or stopped midway")),
    ("size", Label("文件超过 20 MB 或为空", "The file is empty or larger than 20 MB")),
    ("type", Label("不是可接收的文件类型", "It is no type of file that is taken")),
)
