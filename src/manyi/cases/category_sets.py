"""Ready trees of categories by industry, three levels deep, written as outlines: code, Chinese | English."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from manyi.cases.defaults import CATEGORIES, Node
from manyi.kernel.labels import Label

_INDENT = 2


@dataclass(frozen=True, slots=True)
class CategorySet:
    """The categories of one industry."""

    id: str
    label: Label
    nodes: tuple[Node, ...]

    def codes(self) -> set[str]:
        """The codes of the whole tree."""
        return {code for node in self.nodes for code in _codes(node)}


def _codes(node: Node) -> set[str]:
    return {node.code, *(code for below in node.below for code in _codes(below))}


def outline(prefix: str, text: str) -> tuple[Node, ...]:
    """The nodes of an outline; each line is ``code 中文 | English``, two blanks deeper below its parent.

    The code of a node is that of its parent and its own, joined by a dot; the first level gets ``prefix``.
    """
    lines = [line for line in text.splitlines() if line.strip()]

    def level(line: str) -> int:
        return (len(line) - len(line.lstrip())) // _INDENT

    def nodes(rows: list[str], above: str) -> tuple[Node, ...]:
        starts = [n for n, row in enumerate(rows) if level(row) == level(rows[0])]
        made = []
        for n, end in pairwise([*starts, len(rows)]):
            code, _, words = rows[n].strip().partition(" ")
            zh, _, en = words.partition(" | ")
            full = f"{above}.{code}"
            made.append(Node(full, zh, en, nodes(rows[n + 1 : end], full)))
        return tuple(made)

    return nodes(lines, prefix)


_HOSPITAL = """
care 医疗质量 | Quality of care
  diagnosis 诊断 | Diagnosis
    missed 误诊漏诊 | Missed or wrong diagnosis
    explained 病情告知不清 | Not explained
  treatment 治疗与手术 | Treatment and surgery
    result 疗效与并发症 | Result and complications
    consent 知情同意 | Consent
  medicine 用药 | Medication
nursing 护理 | Nursing
  attention 呼叫无应答 | Calls not answered
  skill 护理操作 | Skill of nursing
process 就诊流程 | Way through the house
  waiting 等候 | Waiting
    outpatient 门诊候诊 | Outpatients
    tests 检查排队 | Tests and imaging
    emergency 急诊 | Emergency
  booking 预约挂号 | Booking
  discharge 出入院手续 | Admission and discharge
fees 费用 | Fees
  charged 收费有误 | Wrong charge
  insurance 医保结算 | Insurance settlement
staff 服务态度 | Attitude of staff
  doctor 医生 | Doctors
  nurse 护士 | Nurses
  window 窗口 | Counters
premises 环境与后勤 | Premises
  clean 卫生 | Cleanliness
  food 膳食 | Food
  parking 停车 | Parking
privacy 隐私与信息 | Privacy and records
other 其他 | Other
"""
_PROPERTY = """
repair 报修 | Repairs
  public 公共设施 | Shared facilities
    lift 电梯 | Lifts
    light 照明 | Lighting
    access 门禁 | Access control
  home 室内维修 | In the home
    water 漏水 | Leaks
    power 停电跳闸 | Power
order 秩序与安全 | Order and safety
  guards 保安 | Guards
  parking 停车管理 | Parking
    occupied 车位被占 | Space taken
    fee 停车收费 | Parking fees
  fire 消防 | Fire safety
noise 噪声 | Noise
  works 施工 | Building works
    night 夜间施工 | Works at night
  neighbours 邻里 | Neighbours
clean 保洁与绿化 | Cleaning and green
  waste 垃圾清运 | Waste
  green 绿化养护 | Planting
fees 收费 | Fees
  service 物业费 | Service charge
  utilities 水电公摊 | Shared utilities
staff 服务态度 | Attitude of staff
other 其他 | Other
"""
_MANUFACTURER = """
product 产品质量 | Product quality
  safety 安全 | Safety
    injury 造成伤害 | Somebody was hurt
    fire 起火冒烟 | Fire or smoke
  function 性能故障 | Function
    dead 不能使用 | Does not work
    unstable 时好时坏 | Works at times
  look 外观 | Appearance
  missing 少件 | Parts missing
delivery 交付 | Delivery
  late 延迟 | Late
  damage 运输损坏 | Damaged on the way
  wrong 发错 | Wrong goods
service 售后 | After-sales
  repair 维修 | Repair
    again 重复维修 | Repaired again
    time 维修时间 | Time of repair
  parts 配件 | Spare parts
  install 安装 | Installation
promise 宣传与承诺 | Claims and promises
  advert 宣传不符 | Not as advertised
  warranty 质保争议 | Warranty
price 价格 | Price
staff 服务态度 | Attitude of staff
other 其他 | Other
"""
_HOTEL = """
room 客房 | Room
  clean 清洁 | Cleanliness
    linen 床品 | Linen
    bathroom 卫生间 | Bathroom
  equipment 设备 | Equipment
    air 空调 | Air conditioning
    network 网络 | Network
  noise 噪声 | Noise
booking 预订与入住 | Booking and check-in
  full 到店无房 | No room on arrival
  wait 排队 | Queue
  differs 与预订不符 | Not as booked
food 餐饮 | Food and drink
  taste 口味 | Taste
  hygiene 卫生 | Hygiene
    illness 食后不适 | Ill after eating
  wait 上菜慢 | Slow service
safety 安全 | Safety
  theft 失窃 | Theft
  slip 滑倒摔伤 | Falls
bill 账单 | Bill
  wrong 多收 | Overcharged
  deposit 押金与退款 | Deposit and refund
staff 服务态度 | Attitude of staff
facilities 公共设施 | Facilities
privacy 隐私 | Privacy
other 其他 | Other
"""
_BANK = """
account 账户与柜面 | Accounts and counters
  open 开户销户 | Opening and closing
  limits 限额与管控 | Limits and blocks
  queue 排队 | Queue
card 银行卡 | Cards
  credit 信用卡 | Credit cards
    interest 利息与违约金 | Interest and penalties
    instalments 分期 | Instalments
  debit 借记卡 | Debit cards
  fraud 盗刷 | Fraud
loan 贷款 | Loans
  personal 个人贷款 | Personal loans
    approval 审批 | Approval
    early 提前还款 | Early repayment
  mortgage 房贷 | Mortgages
  collection 催收 | Collection
wealth 理财与代销 | Investments
  suitability 适当性 | Suitability
  misled 误导销售 | Misleading sale
  loss 收益与亏损 | Returns and losses
fees 收费 | Fees
channels 电子渠道 | Digital channels
  app 手机银行 | Mobile banking
  transfer 转账支付 | Transfers and payments
privacy 个人信息保护 | Personal data
staff 服务态度 | Attitude of staff
other 其他 | Other
"""
SETS = (
    CategorySet("dealer", Label("汽车经销商", "Car dealer"), CATEGORIES),
    CategorySet("hospital", Label("医院", "Hospital"), outline("hospital", _HOSPITAL)),
    CategorySet("property", Label("物业", "Property management"), outline("property", _PROPERTY)),
    CategorySet("manufacturer", Label("制造企业", "Manufacturer"), outline("maker", _MANUFACTURER)),
    CategorySet("hotel", Label("酒店", "Hotel"), outline("hotel", _HOTEL)),
    CategorySet("bank", Label("银行", "Bank"), outline("bank", _BANK)),
)
