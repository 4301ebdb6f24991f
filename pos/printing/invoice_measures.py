"""The measures of an invoice on A4 and on A5: millimetres, and points for letters and rules.

They are the values of the paper design. A baseline is given from the top of its block.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pos.printing.typesetting import Style


@dataclass(frozen=True, slots=True)
class Masthead:
    """Who sells, and which paper this is."""

    height: float
    rule: float
    logo: float
    logo_radius: float
    letter: Style
    gap: float
    names: tuple[Style, Style, Style]
    name_baseline: float
    two_name_baselines: tuple[float, float]
    trade: Style
    trade_baseline: float
    address: Style
    address_baseline: float
    title: Style
    title_step: float
    number_step: float
    number: Style
    copy: Style
    copy_step: float


@dataclass(frozen=True, slots=True)
class Parties:
    """Buyer, date and destination, from the masthead's rule down."""

    caption: Style
    caption_baseline: float
    first_baseline: float
    height: float
    columns: tuple[float, float, float]
    name: Style
    long_name: Style
    long_name_rise: float
    long_name_step: float
    phone: Style
    phone_step: float
    address: Style
    address_step: float
    address_leading: float
    clear: float
    info: Style
    info_leading: float


@dataclass(frozen=True, slots=True)
class Table:
    """Columns from left to right; the product takes what the others leave of the width."""

    serial: float
    product_least: float
    quantity: float
    unit: float
    unit_gap: float
    rate: float
    discount: float
    amount: float
    column_gap: float
    head: Style
    head_height: float
    rule: float
    row_rule: float
    row: float
    baseline: float
    second_step: float
    compact_row: float
    compact_baseline: float
    serial_style: Style
    name: Style
    second: Style
    amount_style: Style
    figure: Style
    unit_style: Style
    dropped: tuple[float, float]
    carry: float
    carry_baseline: float
    carry_label: Style
    carry_amount: Style
    limit: float


@dataclass(frozen=True, slots=True)
class Sums:
    """Words and payments on the left, sums on the right, from the table's last rule down."""

    left: float
    gap: float
    first_baseline: float
    leading: float
    row: Style
    total: Style
    total_amount: Style
    rule: float
    before_rule: float
    total_step: float
    after_total: float
    payment_step: float
    caption: Style
    caption_step: float
    words: Style
    words_leading: float
    block_gap: float
    payment: Style
    payment_leading: float


@dataclass(frozen=True, slots=True)
class Box:
    """The amount that is still to be paid, or the word that nothing is."""

    before: float
    height: float
    frame: float
    thin_frame: float
    panel: float
    panel_text: Style
    padding: float
    heading: Style
    hint: Style
    hint_step: float
    amounts: tuple[Style, ...]
    paid: Style


@dataclass(frozen=True, slots=True)
class Foot:
    """Thanks and page, pinned to the bottom margin."""

    rule: float
    rule_gap: float
    qr: float
    qr_left: float
    gap: float
    thanks: Style
    small: Style
    baselines: tuple[float, float, float]
    clear: float
    page_number: Style


@dataclass(frozen=True, slots=True)
class Strip:
    """The head of a second and further page."""

    baseline: float
    height: float
    gap: float
    shop: Style
    buyer: Style
    number: Style


@dataclass(frozen=True, slots=True)
class InvoiceMeasures:
    """One paper size."""

    width: float
    height: float
    margin: float
    masthead: Masthead
    parties: Parties
    table: Table
    sums: Sums
    box: Box
    foot: Foot
    strip: Strip

    @property
    def right(self) -> float:
        """The right margin's edge."""
        return self.width - self.margin


A4: Final = InvoiceMeasures(
    width=210,
    height=297,
    margin=14,
    masthead=Masthead(
        height=21,
        rule=1.4,
        logo=15.5,
        logo_radius=2.2,
        letter=Style(23, 700),
        gap=4.5,
        names=(Style(23, 700), Style(18, 700), Style(15, 700)),
        name_baseline=6.6,
        two_name_baselines=(4.6, 11.0),
        trade=Style(9, 500),
        trade_baseline=11.4,
        address=Style(9),
        address_baseline=15.6,
        title=Style(19, 700),
        title_step=7.6,
        number_step=6.7,
        number=Style(13, 600),
        copy=Style(9, 600),
        copy_step=4.8,
    ),
    parties=Parties(
        caption=Style(8.5, 600),
        caption_baseline=6.4,
        first_baseline=12.6,
        height=35.1,
        columns=(0, 0.56, 0.79),
        name=Style(13, 600),
        long_name=Style(11, 600),
        long_name_rise=0.8,
        long_name_step=4.7,
        phone=Style(10.5, 500),
        phone_step=5.8,
        address=Style(9.5),
        address_step=5.2,
        address_leading=4.9,
        clear=3,
        info=Style(9.5),
        info_leading=5.3,
    ),
    table=Table(
        serial=9,
        product_least=60,
        quantity=26,
        unit=10,
        unit_gap=1.4,
        rate=22,
        discount=17,
        amount=25,
        column_gap=2.5,
        head=Style(9, 600),
        head_height=8,
        rule=1.0,
        row_rule=0.3,
        row=12.1,
        baseline=5,
        second_step=4.5,
        compact_row=7.2,
        compact_baseline=4.9,
        serial_style=Style(10),
        name=Style(11, 500),
        second=Style(8.5),
        amount_style=Style(11, 600),
        figure=Style(10.5),
        unit_style=Style(9.5),
        dropped=(9.5, 8.5),
        carry=9,
        carry_baseline=6,
        carry_label=Style(10.5, 600),
        carry_amount=Style(11, 700),
        limit=267,
    ),
    sums=Sums(
        left=118,
        gap=10,
        first_baseline=6.6,
        leading=6.5,
        row=Style(10.5),
        total=Style(15, 700),
        total_amount=Style(16, 700),
        rule=0.6,
        before_rule=4.3,
        total_step=7.2,
        after_total=3.2,
        payment_step=6.2,
        caption=Style(8.5, 600),
        caption_step=5.4,
        words=Style(10.5, 500),
        words_leading=5.4,
        block_gap=3,
        payment=Style(9.5),
        payment_leading=4.9,
    ),
    box=Box(
        before=7.5,
        height=25,
        frame=2.27,
        thin_frame=0.9,
        panel=38,
        panel_text=Style(29, 700),
        padding=6,
        heading=Style(15, 600),
        hint=Style(10),
        hint_step=6.4,
        amounts=(Style(45, 700), Style(36, 700), Style(30, 700)),
        paid=Style(22, 700),
    ),
    foot=Foot(
        rule=0.6,
        rule_gap=5,
        qr=19,
        qr_left=1.2,
        gap=7,
        thanks=Style(11.5, 600),
        small=Style(9),
        baselines=(4.4, 10.6, 15.7),
        clear=4,
        page_number=Style(9, 600),
    ),
    strip=Strip(
        baseline=5, height=9.5, gap=5, shop=Style(13, 700), buyer=Style(10, 500), number=Style(12, 600)
    ),
)

A5: Final = InvoiceMeasures(
    width=148,
    height=210,
    margin=10,
    masthead=Masthead(
        height=16.5,
        rule=1.2,
        logo=12.5,
        logo_radius=1.8,
        letter=Style(18.5, 700),
        gap=3.5,
        names=(Style(18, 700), Style(15, 700), Style(12, 700)),
        name_baseline=5.2,
        two_name_baselines=(3.7, 8.8),
        trade=Style(7.5, 500),
        trade_baseline=9.2,
        address=Style(7.5),
        address_baseline=12.6,
        title=Style(15, 700),
        title_step=6.1,
        number_step=5.4,
        number=Style(10.5, 600),
        copy=Style(7.5, 600),
        copy_step=3.9,
    ),
    parties=Parties(
        caption=Style(7.5, 600),
        caption_baseline=5,
        first_baseline=10,
        height=28.2,
        columns=(0, 0.56, 0.79),
        name=Style(11, 600),
        long_name=Style(9.5, 600),
        long_name_rise=0.7,
        long_name_step=4.0,
        phone=Style(9, 500),
        phone_step=4.6,
        address=Style(8),
        address_step=4.3,
        address_leading=4.1,
        clear=2.5,
        info=Style(8),
        info_leading=4.4,
    ),
    table=Table(
        serial=7,
        product_least=40,
        quantity=20,
        unit=8,
        unit_gap=1.1,
        rate=16,
        discount=12,
        amount=17,
        column_gap=2.5,
        head=Style(7.8, 600),
        head_height=6.6,
        rule=0.9,
        row_rule=0.3,
        row=9.6,
        baseline=4,
        second_step=3.7,
        compact_row=5.8,
        compact_baseline=3.95,
        serial_style=Style(8.5),
        name=Style(9, 500),
        second=Style(7.5),
        amount_style=Style(9, 600),
        figure=Style(8.8),
        unit_style=Style(8),
        dropped=(8, 7.5),
        carry=7.2,
        carry_baseline=4.8,
        carry_label=Style(8.8, 600),
        carry_amount=Style(9, 700),
        limit=187,
    ),
    sums=Sums(
        left=73,
        gap=6,
        first_baseline=5.3,
        leading=5.2,
        row=Style(8.8),
        total=Style(12, 700),
        total_amount=Style(12.5, 700),
        rule=0.6,
        before_rule=3.5,
        total_step=5.8,
        after_total=2.6,
        payment_step=5,
        caption=Style(7.5, 600),
        caption_step=4.4,
        words=Style(8.8, 500),
        words_leading=4.5,
        block_gap=2,
        payment=Style(8),
        payment_leading=4.1,
    ),
    box=Box(
        before=5.6,
        height=20,
        frame=2.27,
        thin_frame=0.9,
        panel=29,
        panel_text=Style(23, 700),
        padding=4.5,
        heading=Style(12, 600),
        hint=Style(8.3),
        hint_step=5.2,
        amounts=(Style(35, 700), Style(28, 700), Style(23, 700)),
        paid=Style(18, 700),
    ),
    foot=Foot(
        rule=0.6,
        rule_gap=3.8,
        qr=15.5,
        qr_left=1.2,
        gap=5.5,
        thanks=Style(9.5, 600),
        small=Style(7.5),
        baselines=(3.7, 8.7, 12.8),
        clear=3,
        page_number=Style(7.5, 600),
    ),
    strip=Strip(
        baseline=4.1, height=7.8, gap=4, shop=Style(10.5, 700), buyer=Style(8.5, 500), number=Style(10, 600)
    ),
)
