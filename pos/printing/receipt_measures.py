"""The measures of a receipt on 58 and on 80 mm paper: millimetres, and points for letters.

They are the values of the paper design; a step leads from one baseline to the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pos.printing.typesetting import Style

_LAKH = 100_000_00  # paisa


@dataclass(frozen=True, slots=True)
class ReceiptMeasures:
    """One width of paper; `image` is that of the print head."""

    image: float
    margin: float
    name: Style
    first_baseline: float
    name_step: float
    trade: Style
    small_step: float
    contact: Style
    before_rule: float
    after_rule: float
    title: Style
    number: Style
    title_step: float
    date: Style
    date_step: float
    buyer_gap: float
    buyer: Style
    buyer_step: float
    item: Style
    detail: Style
    amount: Style
    item_step: float
    line_step: float
    lines_end: float
    first_sum: float
    sum_step: float
    before_total: float
    total: Style
    total_amount: Style
    after_total: float
    note: Style
    note_step: float
    before_field: float
    field: float
    stacked: bool
    stacked_field: float
    field_heading: Style
    field_text: Style
    field_amounts: tuple[tuple[int, Style], ...]
    paid: Style
    after_field: float
    barcode: float
    module_dots: int
    after_barcode: float
    code: Style
    before_thanks: float
    thanks: Style
    tail: float


RECEIPT_MEASURES: Final[dict[int, ReceiptMeasures]] = {
    80: ReceiptMeasures(
        image=72,
        margin=2,
        name=Style(19, 700),
        first_baseline=8.5,
        name_step=5.4,
        trade=Style(9, 500),
        small_step=4.6,
        contact=Style(9.5, 600),
        before_rule=3.2,
        after_rule=5.6,
        title=Style(11, 600),
        number=Style(11.5, 700),
        title_step=5.2,
        date=Style(9.5, 500),
        date_step=4.9,
        buyer_gap=5.2,
        buyer=Style(10, 600),
        buyer_step=4.9,
        item=Style(10.5, 600),
        detail=Style(10, 500),
        amount=Style(10.5, 600),
        item_step=4.9,
        line_step=6.1,
        lines_end=2.9,
        first_sum=5.4,
        sum_step=5.1,
        before_total=1.6,
        total=Style(14.5, 700),
        total_amount=Style(15.5, 700),
        after_total=6.2,
        note=Style(9, 500),
        note_step=4.6,
        before_field=3.6,
        field=14,
        stacked=False,
        stacked_field=18.5,
        field_heading=Style(14, 700),
        field_text=Style(10, 600),
        field_amounts=((0, Style(25, 700)), (_LAKH, Style(20, 700)), (10 * _LAKH, Style(17, 700))),
        paid=Style(14, 700),
        after_field=4.5,
        barcode=12,
        module_dots=4,
        after_barcode=4.2,
        code=Style(10, 600),
        before_thanks=6.4,
        thanks=Style(10.5, 600),
        tail=4.4,
    ),
    58: ReceiptMeasures(
        image=48,
        margin=1,
        name=Style(16, 700),
        first_baseline=7.5,
        name_step=4.7,
        trade=Style(8.5, 500),
        small_step=4.3,
        contact=Style(8.5, 600),
        before_rule=3,
        after_rule=5,
        title=Style(9.5, 600),
        number=Style(10.5, 700),
        title_step=4.6,
        date=Style(8.5, 500),
        date_step=4.3,
        buyer_gap=4.6,
        buyer=Style(9, 600),
        buyer_step=4.4,
        item=Style(9.5, 600),
        detail=Style(9, 500),
        amount=Style(9.5, 600),
        item_step=4.4,
        line_step=5.5,
        lines_end=2.6,
        first_sum=4.9,
        sum_step=4.6,
        before_total=1.4,
        total=Style(13, 700),
        total_amount=Style(14, 700),
        after_total=5.5,
        note=Style(8.5, 500),
        note_step=4.2,
        before_field=3.2,
        field=18.5,
        stacked=True,
        stacked_field=18.5,
        field_heading=Style(10.5, 700),
        field_text=Style(10.5, 700),
        field_amounts=((0, Style(26, 700)), (10 * _LAKH, Style(20, 700))),
        paid=Style(14, 700),
        after_field=4,
        barcode=11,
        module_dots=3,
        after_barcode=4,
        code=Style(9, 600),
        before_thanks=5.8,
        thanks=Style(9.5, 600),
        tail=4,
    ),
}
