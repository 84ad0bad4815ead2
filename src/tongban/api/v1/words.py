"""What the API says in words. What the domain refuses is said in the pages' own words, which are handed in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from tongban.api.v1.errors import Wrong
from tongban.apps.catalog.definitions import Text

__all__ = ["CODES", "Speech", "title_of"]

_TITLES = {
    400: Text("请求无法读懂", "The request cannot be read"),
    401: Text("请先表明身份", "Say who you are"),
    403: Text("不允许这样做", "Not allowed"),
    404: Text("没有找到", "Not found"),
    405: Text("此处不能用这种方法", "This method is not possible here"),
    409: Text("现在不能这样做", "Not possible now"),
    413: Text("内容太大", "Too large"),
    415: Text("不支持这种内容格式", "This kind of content is not taken"),
    422: Text("内容有误", "Something in it is wrong"),
    429: Text("请求太频繁", "Too many requests"),
    500: Text("我们这边出了错", "Something went wrong on our side"),
    503: Text("暂时无法处理", "Not possible for a moment"),
}
_WORDS = {
    "api.invalid": Text("有些内容缺失或有误，请看 errors。", "Something is missing or wrong: see `errors`."),
    "api.unreadable": Text("请求的内容无法解析。", "The body of the request cannot be parsed."),
    "api.not-found": Text("这个地址上没有内容。", "There is nothing at this address."),
    "api.method": Text("这个地址不接受这种方法，可用的方法见 Allow。", "See `Allow` for the methods of this address."),
    "api.unauthenticated": Text(
        "请用客户端编号和密钥（HTTP Basic），或用“编号.密钥”作为 Bearer 令牌。",
        "Use the client's id and secret (HTTP Basic), or `id.secret` as a Bearer token.",
    ),
    "api.scope": Text("这个客户端没有所需的权限：%(scopes)s。", "This client has none of these scopes: %(scopes)s."),
    "api.no-organisation": Text(
        "这个客户端属于部门，没有自己的办件；部门的工作在 /tasks。",
        "This client belongs to a department and has no cases of its own; its work is at /tasks.",
    ),
    "api.not-for-others": Text(
        "只能为本单位申请，不要写 applicant。", "This client asks for its own organisation only: leave out `applicant`."
    ),
    "api.applicant": Text("请写明为谁申请。", "Say for whom this is asked."),
    "api.cursor": Text("请使用上一页给出的 next。", "Use `next` of the page before."),
    "api.key-missing": Text(
        "每个 POST 请求都要带 Idempotency-Key：1 至 255 个可见的 ASCII 字符。",
        "Every POST carries an `Idempotency-Key` of 1 to 255 visible ASCII characters.",
    ),
    "api.key-reused": Text(
        "这个 Idempotency-Key 已用于另一个请求。", "This `Idempotency-Key` has been used for another request."
    ),
    "api.too-large": Text("请求最大 %(limit)s MB。", "A request is at most %(limit)s MB."),
    "api.media-type": Text("这里需要 %(wanted)s。", "This takes %(wanted)s."),
    "api.rate": Text("请在 %(seconds)s 秒后再试。", "Please try again in %(seconds)s seconds."),
    "api.busy": Text(
        "数据库暂时没有应答，请稍后重试。", "The database does not answer for a moment: please try again."
    ),
    "api.internal": Text("没有任何改动。我们已记录这个错误。", "Nothing was changed. We have noted the error."),
    "api.file-unknown": Text(
        "没有这个文件，或者不是这个客户端上传的。", "There is no such file, or this client did not upload it."
    ),
    "api.file-unfit": Text(
        "这个文件的类型或大小不符合这份材料的要求。", "This file's kind or size does not fit this material."
    ),
    "api.not-asked": Text("没有要求补正这一项。", "This was not asked for."),
    "api.nothing-given": Text("请至少交一项。", "Hand in at least one thing."),
    "people.name-differs": Text("这个号码登记的是另一个名字。", "Another name is on file under this number."),
    "material.missing": Text("缺少这份材料。", "This material is missing."),
}
CODES = frozenset(_WORDS)
"""Every code that only the API says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """Says codes in the reader's language. ``error`` and ``answer`` are the words that pages use for the same."""

    error: Callable[[Exception], str]
    answer: Callable[..., str]

    def of_error(self, error: Exception) -> str:
        """A sentence on what was raised."""
        code = str(getattr(error, "code", ""))
        if code in _WORDS:
            return _said(code, getattr(error, "params", {}))
        return self.error(error)

    def of_wrong(self, wrong: Wrong) -> str:
        """A sentence on one value that cannot be taken."""
        if wrong.code in _WORDS:
            return _said(wrong.code, wrong.params)
        if wrong.code.startswith(("file.", "material.")):
            return self.error(_Coded(wrong.code, wrong.params))
        return self.answer(
            code=wrong.code, params=wrong.params, label=wrong.label or wrong.field, control=wrong.control
        )


class _Coded(Exception):
    """A code on its way to its words."""

    def __init__(self, code: str, params: Mapping[str, Any]) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def title_of(status: int) -> str:
    """What a status means, in two or three words."""
    return _TITLES[status].in_language(get_language() or "zh-hans")


def _said(code: str, params: Mapping[str, Any]) -> str:
    words = _WORDS[code].in_language(get_language() or "zh-hans")
    return words % dict(params) if "%(" in words else words
