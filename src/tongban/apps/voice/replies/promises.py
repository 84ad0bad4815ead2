"""What a reply promises: who will do what, and until when; each becomes a commitment that is followed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tongban.apps.voice.replies.dates import When, when_said
from tongban.apps.voice.replies.parts import Nothing, Part, Parted
from tongban.apps.voice.replies.reading import Reading, Span, either
from tongban.kernel.clock import Calendar

__all__ = ["Promise", "promises"]


@dataclass(frozen=True, slots=True)
class Promise:
    """``what`` in the words of the reply; ``who`` as it names them, empty where it means itself.

    ``by`` is the last day, told from the day of the reply; None where no day is named. ``until`` are the words that
    name the time, also those without a day (待气温回升后), empty where there are none.
    """

    span: Span
    what: str
    who: str
    by: date | None
    until: str

    @property
    def dated(self) -> bool:
        """Whether a day can be put into a calendar."""
        return self.by is not None


_ACTS = either(
    """
    加强 加大 加快 继续 督促 推进 组织 安排 制定 制订 完善 研究 协调 启动 开展 建设 修建 新建 改建 扩建 改造
    设置 增设 增加 优化 调整 处理 处置 整改 解决 落实 跟踪 跟进 追究 查处 依法 依规 严格 严肃 严厉 纳入 开工
    动工 完工 完成 竣工 投入使用 投用 通车 开通 建成 交付 交房 公布 公示 公开 出台 印发 发布 发放 回复 答复 反馈
    通知 告知 联系 核实 调查 采取 进行 协助 配合 争取 申请 申报 上报 召开 邀请 召集 联合 进一步 逐步 统筹 确保
    保证 维修 修缮 修复 更换 拆除 清理 加装 安装 硬化 规划 实施 予以 给予 办理 退还 赔偿 整治 巡查 巡逻 监管
    管控 指导 要求 责令 约谈 培训 宣传 论证 考虑 尽快 尽早 尽最大 及时 承担 移交 施工 施划 铺设 供水 供电 供气
    通水 通气 启用 开园 开学 招生 搬迁 恢复 对接 汇报 反映 请示 提请 提交 审议 执行 限期 关闭 取缔 打造 建立
    健全 提高 提升 改善 改进 缩短 延长 降低 绿化 植树 补种 评估 设计 编制 实现 力争 充分 积极 全力 抓好 抓紧
    狠抓 做好 把好 持续 长期 定期 不定期 加派 重点 一并 逐年 分期 分批 专项 再次 立即 马上 迅速 尽力 努力 抄牌
    拖移 处罚 变价 举办 派 配备 开放 负责 避免 引导 接受 把关 增派 为.{1,12}提供 提供 形成 从严 强化 深入 全面
    切实 出动 成立 聘请 招聘 支付 兑现 到位 会同 牵头 实行 推行 推广 布局 选址 立项 着手 筹集 筹措 下达 下发
    """
)
_NEXT = either(
    r"""
    于 在 对 与 由 向 会 不再 不定 为 从 以 通过 有更多 有力 把 主动 \d 今年 明年 本月 下 按 根据 依据 结合 针对
    用 认真 可 陆续 [A-Z]\d 全部 更
    """
)
"""What follows 将 where it speaks of what will be; what else follows it is an object (将情况告知)."""
_WILL = either(
    rf"""
    (?<![现特已即])将(?={_ACTS}|{_NEXT})
    (?:我们|我.{{1,3}}|也|还|都|再|就|公司|部门|街道|社区|中心|一定|必)会(?!议|同|上|商|员|场|计|展|面|长|主)
    (?<!模)拟(?!稿|订立|人) (?<![按有通的])计划(?!数|生育|总投资|经济|局|编制|内|外|单列|指标|书|投资)
    预计 预期 力争 争取(?!到|了) 承诺(?!书|制|时限|期) 答应 保证(?!金|书|学生|了) (?<!为)(?<!为了)(?<!以)确保(?!了)
    决定(?=将|于) 打算 准备(?=于|在) 有望 待.{{2,24}}后 下一步 下步 下阶段 下一阶段 后阶段 后段 后期 后续 接下来 今后
    近期(?!目标) 尽快 尽早 表示.{{0,6}}(?:今后|以后|将|会)
    """
)
_PROMISE = re.compile(rf"(?P<will>{_WILL}).{{0,40}}?(?P<act>{_ACTS})")
_ACT = re.compile(_ACTS)
_OPEN = re.compile(r"将|会|承诺|计划|预计|拟")
"""Who says so may say what only behind the next comma."""
_ONLY_TIME = re.compile(
    r"""
    ^(?:待.{2,24}后|下一步|下步|下阶段|下一阶段|后阶段|接下来|今后|近期|后续|后期|.{0,4}年底前?|年内|.{0,10}月(?:底|份|中旬|
    上旬|下旬)?(?:前|之前)?)$
    """,
    re.X,
)
_PAST = re.compile(
    r"""
    (?:已(?!成为|列入.{0,6}计划)|曾|此前|之前已|昨日|当时|当天|原计划|于是)(?!.{0,24}(?:承诺|答应|将(?!其)|拟|
    预计|计划))|了(?:解|$)?$|^(?:如|若|要是|假如|一旦|凡)[您你](?!.{0,30}我)
    """,
    re.X,
)
_NOT = re.compile(
    r"""
    计划生育|规划范围|应当|不得|希望[您你大广]|建议[您你]|请[您你](?!.{0,6}放心)|[您你](?:将|会|可|需)|暂未|
    未纳入|今后如[您你]|无法|不予|不再(?!占|收)|不会(?!拒绝)|不能|未来发展|可能会|势必|极易|必将|难以|暂不|暂无|
    尚无|没有计划|无.{0,6}计划|尚未|(?<!预计)即可|可以向|有权|鼓励|(?:申请人|参保|考生|学生|家长|职工|居民|业主|
    个人|当事人|用人单位|消费者|购房者|患者|驾驶人|群众)(?:们)?(?:应|需|可|须|要|将)
    """,
    re.X,
)
_RULE = re.compile(r"(?:^|[\"“])第[一二三四五六七八九十百\d]+条|规定[:\"“]|(?:根据|按照|依据)《[^》]+》.{0,20}规定")
_COURTESY = frozenset(
    {Part.THANKS, Part.GREETING, Part.RECEIVED, Part.SIGNATURE, Part.HEADING, Part.CONTACT, Part.REFERRED}
)
_ANSWERS = re.compile(r"(?:回复|答复|反馈|告知|回应|核处|办复|发布上网)[您你]?[。,]?$")
_WAITS = re.compile(r"敬请|请(?:您)?(?:继续)?(?:关注|留意)|耐心")
_WHO = re.compile(
    r"""
    (我(?:们|[\u4e00-\u9fff]{1,4}?(?=[将会拟也还已]))|[\u4e00-\u9fffA-Z0-9]{1,12}(?:局|委|办|政府|部门|公司|
    街道|社区|中心|开发商|物业|学校|单位|大队|支队|指挥部|镇|乡|村|区|县|市|园|院|企业|施工方|
    负责人))(?:[^,。;]{0,8})$
    """,
    re.X,
)
_LONGEST = 120


def promises(
    reading: Reading, parted: tuple[Parted, ...], *, nothing: Nothing | None, replied_on: date, calendar: Calendar
) -> tuple[Promise, ...]:
    """All promises of a reply, in order: one a sentence, and one more for each further day that it names.

    That an answer will follow is a promise only where the reply holds none itself; courtesy and what a statute says of
    everybody are none.
    """
    found = []
    for clauses in _by_sentence(parted):
        found += _of_sentence(reading, clauses, nothing=nothing, replied_on=replied_on, calendar=calendar)
    return tuple(found)


def _by_sentence(parted: tuple[Parted, ...]) -> Iterator[list[Parted]]:
    sentence: list[Parted] = []
    for each in parted:
        if sentence and each.clause.sentence != sentence[-1].clause.sentence:
            yield sentence
            sentence = []
        sentence.append(each)
    if sentence:
        yield sentence


def _of_sentence(
    reading: Reading, clauses: list[Parted], *, nothing: Nothing | None, replied_on: date, calendar: Calendar
) -> list[Promise]:
    if _RULE.search("".join(each.clause.words for each in clauses)):
        return []
    found: list[Promise] = []
    before = ""
    for at, each in enumerate(clauses):
        words = each.clause.words
        timed = bool(_ONLY_TIME.match(before))
        after = clauses[at + 1].clause.words if at + 1 < len(clauses) and clauses[at + 1].part is Part.SAID else ""
        told = f"{before},{words}" if timed else words
        when = when_said(told, said_on=replied_on, calendar=calendar)
        if not (_is_promise(each, told, after, nothing) or (found and _goes_on(each, when))):
            before = words if each.part is Part.SAID else ""
            continue
        before = ""
        if found and (when is None or when.by is None or when.by == found[-1].by):
            continue  # the same promise goes on
        start = clauses[at - 1].clause.start if timed else each.clause.start
        found.append(_promise(reading, start, clauses[at:], told, when))
    return found


def _goes_on(each: Parted, when: When | None) -> bool:
    """Whether a clause behind a promise names another day for more of it (, to be open by the end of next year)."""
    words = each.clause.words
    acts = each.part is Part.SAID and _ACT.search(words)
    return bool(acts and when and when.by and not _PAST.search(words) and not _NOT.search(words))


def _is_promise(each: Parted, told: str, after: str, nothing: Nothing | None) -> bool:
    words = each.clause.words
    if each.part in _COURTESY and not (each.part is Part.HEADING and _PROMISE.search(words)):
        return False
    if each.part in {Part.WAITING, Part.PASSED} or _ANSWERS.search(words):
        return (
            nothing is not None
            and bool(re.search(r"(?:将|会|及时|稍后|尽快|后|第一时间).{0,14}(?:回复|反馈|答复)", words))
            and not _WAITS.search(words)
        )
    hit = _PROMISE.search(told)
    if hit is None and _OPEN.search(told):
        hit = _PROMISE.search(f"{told},{after}")
    return hit is not None and not _PAST.search(told[: hit.end()]) and not _NOT.search(words)


def _promise(reading: Reading, start: int, rest: list[Parted], joined: str, when: When | None) -> Promise:
    end = rest[0].clause.start + len(rest[0].clause.words)
    for each in rest[1:]:
        if each.part is not Part.SAID or each.clause.start + len(each.clause.words) - start > _LONGEST:
            break
        end = each.clause.start + len(each.clause.words)
    will = _PROMISE.search(joined)
    who = _WHO.search(joined[: will.start()]) if will else None
    return Promise(
        reading.span(start, end),
        reading.text[start : min(end, start + _LONGEST)],
        who[1] if who else "",
        when.by if when else None,
        when.words if when else "",
    )
