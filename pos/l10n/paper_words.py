"""The words that are printed, in both languages: one table for every paper, so that one idea has one word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pos.l10n import Lang


@dataclass(frozen=True, slots=True)
class PaperWords:
    """Every word on paper by what it means; ``{…}`` stands for what is filled in."""

    # the papers
    invoice: str
    receipt: str
    label: str
    packing_slip: str
    hat_account: str
    dues_statement: str
    # a paper's standing
    cancelled: str
    copy: str
    part: str
    page: str
    # the parties
    buyer: str
    walk_in_buyer: str
    date: str
    delivery: str
    to: str
    sender: str
    # the table
    serial: str
    product: str
    quantity: str
    rate: str
    discount: str
    taka: str
    carried_forward: str
    brought_forward: str
    carried_to_part: str
    brought_from_part: str
    # the sums
    subtotal: str
    delivery_charge: str
    rounding: str
    total: str
    in_words: str
    payment: str
    more_payments: str
    advance: str
    advance_received: str
    cash_given: str
    change_returned: str
    # what is left to pay
    cod: str
    courier_collects: str
    pay_on_delivery: str
    collect_cash: str
    collect_nothing: str
    due: str
    promised: str
    paid: str
    refund: str
    we_owe: str
    # checking and signing
    packed_by: str
    checked_by: str
    opening_balance: str
    bought: str
    paid_in: str
    how_to_pay: str
    reconciliation: str
    difference_reason: str
    still_to_do: str
    # the foot
    thanks: str
    complaints: str
    complaints_by_phone: str


_BANGLA = PaperWords(
    invoice="ইনভয়েস",
    receipt="রশিদ",
    label="লেবেল",
    packing_slip="প্যাকিং স্লিপ",
    hat_account="হাটের হিসাব",
    dues_statement="বাকির হিসাব",
    cancelled="বাতিল",
    copy="কপি {number}",
    part="অংশ {number}/{count}",
    page="পাতা {number}/{count}",
    buyer="ক্রেতা",
    walk_in_buyer="খুচরা ক্রেতা",
    date="তারিখ",
    delivery="ডেলিভারি",
    to="প্রাপক",
    sender="প্রেরক",
    serial="ক্র.",
    product="পণ্য",
    quantity="পরিমাণ",
    rate="দর",
    discount="ছাড়",
    taka="টাকা",
    carried_forward="পরের পাতায়",
    brought_forward="আগের পাতা থেকে",
    carried_to_part="পরের অংশে",
    brought_from_part="আগের অংশ থেকে",
    subtotal="পণ্যের দাম",
    delivery_charge="ডেলিভারি চার্জ",
    rounding="খুচরা সমন্বয়",
    total="মোট",
    in_words="কথায়",
    payment="পেমেন্ট",
    more_payments="আরও {count}টি পেমেন্ট",
    advance="অগ্রিম",
    advance_received="অগ্রিম পেয়েছি",
    cash_given="ক্যাশ দিয়েছেন",
    change_returned="ফেরত দেওয়া হয়েছে",
    cod="COD",
    courier_collects="কুরিয়ার তুলবে",
    pay_on_delivery="পার্সেল হাতে পেয়ে দিন",
    collect_cash="টাকা তুলুন",
    collect_nothing="টাকা নেবেন না",
    due="বাকি",
    promised="কথা ছিল",
    paid="পরিশোধিত",
    refund="ফেরত",
    we_owe="আমরা ফেরত দেব",
    packed_by="প্যাক করেছেন",
    checked_by="দেখে নিয়েছেন",
    opening_balance="আগের বাকি",
    bought="কেনা",
    paid_in="জমা",
    how_to_pay="টাকা দিতে",
    reconciliation="হিসাব মেলানো",
    difference_reason="ফারাকের কারণ",
    still_to_do="কাজ বাকি",
    thanks="ধন্যবাদ, আবার আসবেন।",
    complaints="ত্রুটি থাকলে {days} দিনের মধ্যে জানান।",
    complaints_by_phone="পণ্যে ত্রুটি থাকলে {days} দিনের মধ্যে {phone} নম্বরে জানান।",
)

_ENGLISH = PaperWords(
    invoice="Invoice",
    receipt="Receipt",
    label="Label",
    packing_slip="Packing slip",
    hat_account="Hat account",
    dues_statement="Statement of dues",
    cancelled="Cancelled",
    copy="Copy {number}",
    part="Part {number}/{count}",
    page="Page {number}/{count}",
    buyer="Customer",
    walk_in_buyer="Walk-in customer",
    date="Date",
    delivery="Delivery",
    to="To",
    sender="From",
    serial="No.",
    product="Product",
    quantity="Quantity",
    rate="Rate",
    discount="Discount",
    taka="Taka",
    carried_forward="Carried forward",
    brought_forward="Brought forward",
    carried_to_part="Carried forward",
    brought_from_part="Brought forward",
    subtotal="Subtotal",
    delivery_charge="Delivery charge",
    rounding="Rounding",
    total="Total",
    in_words="In words",
    payment="Payment",
    more_payments="{count} more payments",
    advance="Advance",
    advance_received="Advance received",
    cash_given="Cash given",
    change_returned="Change returned",
    cod="COD",
    courier_collects="Courier collects",
    pay_on_delivery="Pay on delivery",
    collect_cash="Collect cash",
    collect_nothing="Collect nothing",
    due="Due",
    promised="Promised",
    paid="Paid",
    refund="Refund",
    we_owe="We owe you this",
    packed_by="Packed by",
    checked_by="Checked by",
    opening_balance="Opening balance",
    bought="Bought",
    paid_in="Paid in",
    how_to_pay="How to pay",
    reconciliation="Reconciliation",
    difference_reason="Reason for difference",
    still_to_do="Still to do",
    thanks="Thank you. Come again.",
    complaints="Tell us of any fault within {days} days.",
    complaints_by_phone="Tell us of any fault within {days} days: {phone}",
)


def paper_words(lang: Lang) -> PaperWords:
    """The words of that language."""
    return _BANGLA if lang == "bn" else _ENGLISH
