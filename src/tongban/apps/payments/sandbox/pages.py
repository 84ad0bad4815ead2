"""The sandbox's cashier page. It is no page of the city's: a plain page of its own, that says that no money moves."""

from collections.abc import Mapping
from html import escape
from typing import Any

__all__ = ["cashier", "gone"]

_WORDS = {
    "zh": {
        "title": "测试收银台",
        "note": "这里不收真钱，用来试一试缴费的流程。",
        "pay": "确认支付 {amount} 元",
        "back": "不付了，返回",
        "paid": "已支付",
        "closed": "这笔缴费已关闭或已过期。",
        "lost": "没有这笔缴费。",
        "return": "返回",
    },
    "en": {
        "title": "Test cashier",
        "note": "No real money moves here. It is for trying out how fees are paid.",
        "pay": "Pay {amount} yuan",
        "back": "Do not pay, go back",
        "paid": "Paid",
        "closed": "This payment is closed or has expired.",
        "lost": "There is no such payment.",
        "return": "Go back",
    },
}
_STYLE = (
    "body{font:18px/1.6 system-ui,sans-serif;margin:0;background:#f3f4f2;color:#1d2321}"
    "main{max-width:26rem;margin:8vh auto;padding:2rem;background:#fff;border-radius:12px}"
    "h1{font-size:1.25rem;margin:0}p{margin:.75rem 0}.sum{font-size:2.5rem;font-weight:700;margin:1rem 0}"
    "button,a.b{display:block;width:100%;box-sizing:border-box;padding:.9rem;margin:.75rem 0;border:0;"
    "border-radius:8px;font:inherit;font-weight:600;text-align:center;text-decoration:none;cursor:pointer}"
    ".go{background:#0f6b4f;color:#fff}.no{background:#e7eae8;color:#1d2321}.q{color:#55605b;font-size:.9rem}"
    "@media(prefers-color-scheme:dark){body{background:#141816;color:#eef2f0}main{background:#1e2421}"
    ".no{background:#333b37;color:#eef2f0}.q{color:#a9b5af}}"
)


def cashier(checkout: Mapping[str, Any]) -> str:
    """What is to be paid, with a button to pay and one to go back; or that it is done."""
    words = _words(str(checkout["language"]))
    amount = f"{int(checkout['amount']) / 100:.2f}"
    back = escape(str(checkout["return_url"]), quote=True)
    if checkout["state"] != "open":
        said = words["paid"] if checkout["state"] == "paid" else words["closed"]
        inner = f'<p>{escape(said)}</p><a class="b go" href="{back}">{escape(words["return"])}</a>'
    else:
        inner = (
            '<form method="post"><button class="go" name="do" value="pay">'
            f"{escape(words['pay'].format(amount=amount))}</button></form>"
            f'<a class="b no" href="{back}">{escape(words["back"])}</a>'
        )
    body = (
        f'<h1>{escape(words["title"])}</h1><p class="q">{escape(words["note"])}</p>'
        f'<p>{escape(str(checkout["subject"]))}</p><p class="sum">¥ {amount}</p>{inner}'
    )
    return _page(str(checkout["language"]), words["title"], body)


def gone(language: str) -> str:
    """There is no such page."""
    words = _words(language)
    return _page(language, words["title"], f"<h1>{escape(words['title'])}</h1><p>{escape(words['lost'])}</p>")


def _words(language: str) -> Mapping[str, str]:
    return _WORDS["zh" if language.startswith("zh") else "en"]


def _page(language: str, title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="{escape(language, quote=True)}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body><main>{body}</main></body></html>"
    )
