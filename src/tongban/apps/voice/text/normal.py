"""A message's text as it is read: one width, one case, simplified characters, no mark-up, nothing unseen."""

import html
import re
import unicodedata

__all__ = ["LONGEST", "SIMPLE", "TAGS", "UNSEEN", "joined", "plain", "read"]

LONGEST = 20_000
"""So many characters are read of a message. What somebody wants is said before that, and time stays bounded."""

# The commonest traditional characters of such messages; others stay as they are.
_TRADITIONAL = (
    "們们 個个 這这 為为 來来 說说 會会 對对 時时 過过 還还 後后 沒没 學学 國国 問问 題题 區区 車车 電电 "
    "話话 錢钱 樓楼 業业 環环 廠厂 聲声 違违 規规 醫医 療疗 藥药 單单 員员 勞劳 動动 資资 費费 險险 養养 "
    "補补 償偿 徵征 遷迁 戶户 證证 農农 鄉乡 鎮镇 縣县 門门 開开 關关 燈灯 氣气 熱热 壓压 牆墙 裝装 價价 "
    "漲涨 賣卖 買买 場场 處处 長长 間间 無无 請请 給给 讓让 應应 該该 從从 發发 現现 與与 見见 頭头 難难 "
    "師师 園园 課课 試试 錄录 職职 稱称 爺爷 媽妈 兒儿 歲岁 傷伤 殺杀 報报 領领 導导 幹干 辦办 務务 廳厅 "
    "網网 約约 線线 橋桥 壞坏 髒脏 亂乱 塵尘 煙烟 滅灭 災灾 積积 溝沟 蓋盖 綠绿 樹树 圍围 擋挡 擾扰 寧宁 "
    "裡里 裏里 麼么 樣样 幾几 貸贷 銀银 騙骗 傳传 銷销 遊游 館馆 藝艺 書书 體体 術术 護护 檢检 產产 權权 "
    "設设 計计 劃划 標标 準准 總总 經经 濟济 營营 許许 類类 續续 結结 購购 貨货 輛辆 鐵铁 運运 輸输 機机 "
    "隊队 維维 繳缴 歷历 調调 訴诉 議议 決决 條条 親亲 飯饭 飲饮 廢废 濕湿 壩坝 礦矿 確确 誰谁 認认 識识 "
    "種种 節节 義义 龍龙 雲云 陽阳 陰阴 風风 飛飞 馬马 魚鱼 鳥鸟 黃黄 點点 齊齐 劇剧 貧贫 殘残 優优 衛卫 "
    "眾众 創创 億亿 萬万 兩两 雙双 幫帮 實实 寫写 審审 協协 賠赔 歡欢 聯联 轉转 較较 載载 選选 適适 郵邮 "
    "遞递 將将 於于 "
)
SIMPLE = {ord(pair[0]): pair[1] for pair in _TRADITIONAL.split()}
"""Simplified characters by the codes of the traditional ones."""
UNSEEN = frozenset(
    [
        *(0xAD, 0x61C, 0x180E, 0xFEFF),
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        *range(0xFE00, 0xFE10),
    ]
)
"""Codes of zero-width and direction marks, soft hyphen, byte order mark, variation selectors."""
_TABLE: dict[int, str | None] = {**SIMPLE, **dict.fromkeys(UNSEEN)}
_IN_TABLE = re.compile("[" + "".join(map(chr, _TABLE)) + "]")
# The wide marks that nearly every message has; with these replaced most need no further normalising, which is slow.
_WIDE = tuple((mark, unicodedata.normalize("NFKC", mark)) for mark in "，：；！？（）")
TAGS = re.compile(
    r"<(?:script|style)\b[^>]{0,2000}>.{0,20000}?</(?:script|style)\s*>|<[/!]?[a-z][^<>]{0,2000}>", re.I | re.S
)
# Words of segmented text stand apart; between Chinese characters no space means anything.
_SPACES = re.compile(r"(?<=[\u3400-\u9fff])\s+|\s+(?=[\u3400-\u9fff])")


def plain(text: str) -> str:
    """The text for reading by machine, at most ``LONGEST`` characters of it. Never fails."""
    return joined(read(text))


def read(text: str) -> str:
    """The same, with whatever spaces the text has."""
    text = text[:LONGEST]
    if "<" in text:
        text = TAGS.sub(" ", text)
    if "&" in text:
        text = html.unescape(text)
    for wide, narrow in _WIDE:
        text = text.replace(wide, narrow)
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)[:LONGEST]
    if _IN_TABLE.search(text):
        text = text.translate(_TABLE)
    return text.lower()


def joined(text: str) -> str:
    """A text that was read, without spaces beside Chinese characters."""
    return _SPACES.sub("", text) if " " in text or "\n" in text or "\t" in text else text
