"""A document of an authority on paper: A4, a red head, our font, a code that leads to where it can be compared."""

import io
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Literal
from xml.sax.saxutils import escape

from reportlab.lib.colors import Color
from reportlab.lib.enums import TA_CENTER, TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    HRFlowable,
    Image,
    KeepTogether,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
    XPreformatted,
)

from tongban.apps.evidence.drawing import (
    FONT,
    INK,
    LEFT,
    LINE,
    QUIET,
    RIGHT,
    SEAL,
    SEAL_ACROSS,
    WIDTH,
    draw_code,
    draw_seal,
    use_font,
)
from tongban.apps.evidence.letters import (
    Drawn,
    Gap,
    Heading,
    Letter,
    LetterPart,
    Listing,
    Picture,
    Seal,
    SealPlace,
)
from tongban.apps.evidence.linebreaking import break_lines

__all__ = ["render"]

_TOP, _BOTTOM, _CODE = 62.0, 150.0, 68.0
_SIZE = 12.0
_LABELS, _ROW, _CELL = 150.0, 24.0, 15.0
"""On a form: how wide labels are, how high a line for a pen is, and a box for one character."""
_BOX = "□"
_IN_OUR_FONT = ("FONT", (0, 0), (-1, -1), FONT)
"""Also of cells that are empty: a font that is named has to be in the file."""
_INDENT = "　　"  # two characters, as Chinese paragraphs begin


def render(letter: Letter, *, sealed: bool) -> Drawn:
    """Return the PDF, each language on pages of its own. Equal letters give equal bytes.

    ``sealed``: with the seal of the authority under the language that counts; on no paper that is not signed.
    """
    use_font()
    buffer = io.BytesIO()
    first = letter.parts[0]
    document = BaseDocTemplate(
        buffer,
        pagesize=A4,
        invariant=1,
        title=f"{first.title} {letter.number}",
        author=first.issuer,
        creator="Tongban",
        lang="zh-CN",
        initialFontName=FONT,
    )
    story: list[Flowable] = []
    sealing = _Sealing(first, letter.seal) if sealed else None
    for index, part in enumerate(letter.parts):
        frame = Frame(LEFT, _BOTTOM, RIGHT - LEFT, A4[1] - _TOP - _BOTTOM, leftPadding=0, rightPadding=0)
        document.addPageTemplates(PageTemplate(id=part.language, frames=[frame], onPage=_foot(letter, part)))
        story += [NextPageTemplate(part.language), *([PageBreak()] if index else []), *_flow(part)]
        story.append(sealing if sealing is not None and part is first else _signed_by(part))
    document.build(story)
    return Drawn(buffer.getvalue(), sealing.place if sealing else None)


def _flow(part: LetterPart) -> Sequence[Flowable]:
    chinese = part.language.startswith("zh")
    quiet = _style(chinese, size=10, alignment=TA_CENTER, color=QUIET)
    flow: list[Flowable] = [
        _line(part.issuer, _style(chinese, size=17 if chinese else 14, alignment=TA_CENTER, color=SEAL)),
        HRFlowable(width="100%", thickness=1.5, color=SEAL, spaceBefore=8, spaceAfter=20),
        _line(part.title, _style(chinese, size=22 if chinese else 18, alignment=TA_CENTER)),
        Spacer(0, 8),
        _line(part.number, quiet),
        *([_line(part.note, quiet)] if part.note else []),
        Spacer(0, 18),
        *_words(part.addressee, chinese),
    ]
    for before, block in pairwise([None, *part.body]):
        if isinstance(before, Gap) and not isinstance(block, Gap):
            flow.append(Spacer(0, 10))
        assert block is not None
        flow += _block(block, chinese)
    return flow


def _signed_by(part: LetterPart) -> Flowable:
    signed = _style(part.language.startswith("zh"), alignment=TA_RIGHT)
    return KeepTogether([Spacer(0, 26), _line(part.issuer, signed), Spacer(0, 4), _line(part.date, signed)])


class _Sealing(Flowable):
    """Who signs and when, and the seal over both, as on paper; it notes where on which page it came to stand."""

    def __init__(self, part: LetterPart, seal: Seal):
        super().__init__()
        self._part, self._seal = part, seal
        self.place: SealPlace | None = None

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.width, self.height = width, SEAL_ACROSS + 12
        return self.width, self.height

    def draw(self) -> None:
        canvas: Canvas = self.canv
        words = max(canvas.stringWidth(each, FONT, _SIZE) for each in (self._part.issuer, self._part.date))
        middle = self.width - max(words, SEAL_ACROSS) / 2
        left = int(middle - SEAL_ACROSS / 2)
        draw_seal(
            canvas,
            box=(left, 0, left + SEAL_ACROSS, SEAL_ACROSS),
            authority=self._part.issuer,
            seal=self._seal,
        )
        canvas.setFillColor(INK)
        canvas.setFont(FONT, _SIZE)
        canvas.drawCentredString(middle, 66, self._part.issuer)
        canvas.drawCentredString(middle, 42, self._part.date)
        x, y = (int(each) for each in canvas.absolutePosition(left, 0))
        self.place = SealPlace(canvas.getPageNumber() - 1, (x, y, x + SEAL_ACROSS, y + SEAL_ACROSS))


def _block(block: str | Listing | Picture | Heading | Gap, chinese: bool) -> Sequence[Flowable]:
    if isinstance(block, Heading):
        style = _style(chinese, size=13, color=SEAL, after=4)
        style.keepWithNext = 1
        return [_line(block.words, style)]
    if isinstance(block, Gap):
        return [_by_pen(block, chinese)]
    if isinstance(block, Listing):
        return _listed(block, chinese)
    if isinstance(block, Picture):
        width, height = ImageReader(io.BytesIO(block.content)).getSize()
        wide = min(RIGHT - LEFT, block.height * width / height)
        image = Image(io.BytesIO(block.content), width=wide, height=wide * height / width, hAlign="LEFT")
        small = _style(chinese, size=9, color=QUIET, after=9)
        return [KeepTogether([image, _line(block.words, small)])]
    return _words(block, chinese, first=_INDENT)


def _listed(block: Listing, chinese: bool) -> list[Flowable]:
    lines: list[Flowable] = list(_words(block.lead, chinese, first=_INDENT)) if block.lead else []
    for number, words in enumerate(block.items, start=1):
        lines += _words(f"{number}. {words}", chinese, indent=_INDENT if chinese else 14, after=3)
    return [*lines, Spacer(0, 7)]


def _by_pen(gap: Gap, chinese: bool) -> Flowable:
    """A row of a form: what is asked on the left, the room for it on the right."""
    small = _style(chinese, size=8.5, color=QUIET)
    label = [_line(gap.label, _style(chinese, size=10.5)), *([_line(gap.hint, small)] if gap.hint else [])]
    room = RIGHT - LEFT - _LABELS
    answer: list[Flowable] = []
    if gap.cells:
        grid = Table([[""] * gap.cells], colWidths=[_CELL] * gap.cells, rowHeights=[_CELL + 3], hAlign="LEFT")
        grid.setStyle(TableStyle([_IN_OUR_FONT, ("GRID", (0, 0), (-1, -1), 0.5, QUIET)]))
        answer.append(grid)
    elif gap.choices:
        joined = "　".join(f"{_BOX}\u00a0{each}" for each in gap.choices)
        shown = "\n".join(break_lines(joined, size=10.5, width=room - 14)) if chinese else joined
        answer.append(_line(shown, _style(chinese, size=10.5)))
    least = 0.0 if answer else gap.lines * _ROW
    row = Table([[label, answer or ""]], colWidths=[_LABELS, room], rowHeights=None, minRowHeights=[max(least, _ROW)])
    row.setStyle(
        TableStyle(
            [
                _IN_OUR_FONT,
                ("GRID", (0, 0), (-1, -1), 0.5, QUIET),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("LEFTPADDING", (0, 0), (-1, -1), 6),
                ("RIGHTPADDING", (0, 0), (-1, -1), 6),
            ]
        )
    )
    return row


def _words(
    text: str, chinese: bool, *, first: str = "", indent: str | float = "", after: float = 9
) -> Sequence[Flowable]:
    """A paragraph: Chinese in lines that we break ourselves, because the library lets a comma begin one."""
    if not chinese:
        left = indent if isinstance(indent, float | int) else 0
        return [_line(text, _style(chinese, after=after, indent=left, first=-left))]
    width = RIGHT - LEFT - _SIZE * len(str(indent))
    lines = break_lines(first + text, size=_SIZE, width=width)
    shown = "\n".join(f"{indent}{line}" for line in lines)
    return [XPreformatted(escape(shown), _style(chinese, after=after))]


def _style(
    chinese: bool,
    *,
    size: float = _SIZE,
    color: Color = INK,
    alignment: Literal[0, 1, 2] = TA_LEFT,
    indent: float = 0,
    first: float = 0,
    after: float = 0,
) -> ParagraphStyle:
    return ParagraphStyle(
        "letter",
        fontName=FONT,
        fontSize=size,
        leading=size * (1.75 if chinese else 1.5),
        textColor=color,
        alignment=alignment,
        wordWrap="CJK" if chinese else None,
        leftIndent=indent,
        firstLineIndent=first,
        spaceAfter=after,
    )


def _line(words: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(words).replace("\n", "<br/>"), style)


def _foot(letter: Letter, part: LetterPart) -> Callable[[Canvas, BaseDocTemplate], None]:
    def draw(canvas: Canvas, document: BaseDocTemplate) -> None:
        canvas.setStrokeColor(LINE)
        canvas.setLineWidth(0.5)
        canvas.line(LEFT, _BOTTOM - 14, RIGHT, _BOTTOM - 14)
        draw_code(canvas, letter.check_url, x=LEFT, y=_BOTTOM - 24 - _CODE, side=_CODE)
        chinese = part.language.startswith("zh")
        small = _style(chinese, size=8.5, color=QUIET)
        room = RIGHT - LEFT - _CODE - 16
        words = (
            _line("\n".join(break_lines(part.foot, size=8.5, width=room)), small)
            if chinese
            else _line(part.foot, small)
        )
        _, height = words.wrap(room + 1, _CODE)
        words.drawOn(canvas, LEFT + _CODE + 16, _BOTTOM - 24 - height)
        canvas.setFont(FONT, 8.5)
        canvas.setFillColor(QUIET)
        canvas.drawCentredString(WIDTH / 2, 36, f"{letter.number} · {document.page}")

    return draw
