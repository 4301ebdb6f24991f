"""The tables, once. Migrations create them; a test holds both against each other.

Every amount is integer paisa, every quantity integer thousandths, every `_at_ms` UTC milliseconds, every
`_on` a Dhaka date. A buyer's name, phones, address and words live only in `customer`, `order_buyer`, the
`personal` parts of `op` and `foreign_op`, and where two devices wrote differently of a buyer, in `conflict`;
everything else may be hashed, kept and shown for ever (contracts.md §2).

Rows outside `installation`, the logs, `link`, `series`, `draft` and the search index are made from operations
alone: by `pos.store.apply` as they are recorded or come in, by `pos.store.refold` where several devices wrote.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, Text

from pos.domain.money import MONEY_LIMIT_PAISA
from pos.domain.quantity import QTY_LIMIT_MILLI
from pos.store.types import Day, Flag, Id

metadata = MetaData()

# Operations of which several may write one record: what is known of it is found by its identity.
RECORD_KINDS = (
    "shop.founded", "device.joined", "device.rekeyed", "operator.edited", "product.edited", "variant.edited",
    "customer.edited", "customer.erased", "hat.set", "hat.unset", "setting.set",
)  # fmt: skip


def _id(name: str = "id", *args: Any, primary_key: bool = True, nullable: bool = False) -> Column[Any]:
    check = f"length({name}) = 16"
    return Column(name, Id, *args, CheckConstraint(check), primary_key=primary_key, nullable=nullable)


def _ref(name: str, target: str, *, nullable: bool = False, primary_key: bool = False) -> Column[Any]:
    return Column(name, Id, ForeignKey(target), nullable=nullable, primary_key=primary_key)


def _money(name: str, *, signed: bool = False, nullable: bool = False) -> Column[Any]:
    low = -MONEY_LIMIT_PAISA if signed else 0
    check = CheckConstraint(f"{name} BETWEEN {low} AND {MONEY_LIMIT_PAISA}")
    return Column(name, Integer, check, nullable=nullable)


def _qty(name: str, *, signed: bool = False, nullable: bool = False) -> Column[Any]:
    low = -QTY_LIMIT_MILLI if signed else 0
    check = CheckConstraint(f"{name} BETWEEN {low} AND {QTY_LIMIT_MILLI}")
    return Column(name, Integer, check, nullable=nullable)


def _text(name: str, *, default: str | None = "", nullable: bool = False) -> Column[Any]:
    return Column(name, Text, nullable=nullable, server_default=default)


def _flag(name: str, default: int = 0) -> Column[Any]:
    return Column(
        name, Flag, CheckConstraint(f"{name} IN (0, 1)"), nullable=False, server_default=str(default)
    )


def _table(name: str, *parts: Any, rowid: bool = True) -> Table:
    return Table(name, metadata, *parts, sqlite_strict=True, sqlite_with_rowid=rowid)


# ---- this installation -------------------------------------------------------------------------------

installation = _table(
    "installation",
    Column("one", Integer, CheckConstraint("one = 1"), primary_key=True),
    _id("device_id", primary_key=False),
    _id("vendor_id", primary_key=False),
    Column("code", Text, nullable=False),  # the device code, or code + two characters after a re-key
    Column("base_code", Text, nullable=False),  # the code without the two characters
    Column("created_at_ms", Integer, nullable=False),
    _flag("demo"),
)

series = _table(
    "series",
    Column("code", Text, primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("last_no", Integer, CheckConstraint("last_no >= 0"), nullable=False),
    rowid=False,
)

op = _table(
    "op",
    Column("n", Integer, primary_key=True),  # contiguous from 1
    Column("op_id", Id, CheckConstraint("length(op_id) = 16"), nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("v", Integer, nullable=False),
    Column("agg", Text, nullable=False),
    Column("agg_id", LargeBinary, nullable=False),
    Column("body", Text, nullable=False),  # canonical JSON: values only
    Column("personal", Text),  # JSON with its salt; NULL once the buyer is erased, or where there is none
    Column("commitment", LargeBinary),  # sha256 of the personal part: what the chain holds of it
    Column("at_ms", Integer, nullable=False),
    Column("hlc", Integer, nullable=False),
    Column("prev_hash", LargeBinary, CheckConstraint("length(prev_hash) = 32"), nullable=False),
    Column("hash", LargeBinary, CheckConstraint("length(hash) = 32"), nullable=False),
    Column("state", Integer, nullable=False, server_default="0"),  # 0 pending 1 ok 2 conflict 3 held
    Column("seq", Integer),  # its place in the server's order; NULL until it has one
    Column("rank", Integer),  # its logical time, held back by the server to the server's clock
    Column("why", Text),  # why it is held
    Column(
        "author", Id
    ),  # who wrote it for the server, where that is an identity which this log has given up
    # Neither is written by a sale: no new operation has a place yet, and a sale edits nothing but a buyer.
    Index("op_by_seq", "seq", "kind", "hash", sqlite_where=Column("seq", Integer).is_not(None)),
    Index("op_of_records", "agg_id", "kind", sqlite_where=Column("kind", Text).in_(RECORD_KINDS)),
)

foreign_op = _table(
    "foreign_op",  # operations of the vendor's other devices, and such of this one as this database has lost
    _id("op_id"),
    Column("device_id", Id, nullable=False),
    Column("n", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("v", Integer, nullable=False),
    Column("agg", Text, nullable=False),
    Column("agg_id", LargeBinary, nullable=False),
    Column("body", Text, nullable=False),
    Column("personal", Text),
    Column("commitment", LargeBinary),
    Column("at_ms", Integer, nullable=False),
    Column("hlc", Integer, nullable=False),
    Column("prev_hash", LargeBinary, CheckConstraint("length(prev_hash) = 32"), nullable=False),
    Column("hash", LargeBinary, CheckConstraint("length(hash) = 32"), nullable=False),
    Column("seq", Integer),
    Column("rank", Integer),
    Column("stream", Text, CheckConstraint("stream IN ('v', 'h')"), nullable=False),
    Index("foreign_op_by_seq", "seq", "stream", "hash"),
    Index("foreign_op_of_records", "agg_id", "kind", sqlite_where=Column("kind", Text).in_(RECORD_KINDS)),
)

deferred = _table(
    "deferred",  # operations that do not stand yet: their order is not here, or their kind is of a later release
    _id("op_id"),
    rowid=False,
)

link = _table(
    "link",  # the server that this shop is paired with, and how far both are
    Column("one", Integer, CheckConstraint("one = 1"), primary_key=True),
    Column("server", Text, nullable=False),
    Column("vendor", Text, nullable=False),
    Column("epoch", Text),  # which memory of the server's the cursors belong to
    Column(
        "ack_n", Integer, nullable=False, server_default="0"
    ),  # the server has answered for all up to here
    Column("cursor_v", Integer, nullable=False, server_default="0"),
    Column("cursor_h", Integer, nullable=False, server_default="0"),
    Column("cursor_g", Integer, nullable=False, server_default="0"),
    Column("stock_seq", Integer),  # what is on hand already counts the history up to here
    Column("machine", Text, nullable=False, server_default=""),
    Column("synced_at_ms", Integer),
    _flag("shut_out"),
)

conflict = _table(
    "conflict",  # two values of one field, written without knowledge of each other
    Column("agg", Text, primary_key=True),
    Column("agg_id", LargeBinary, primary_key=True),
    Column("field", Text, primary_key=True),
    _id("other_op"),
    _id("kept_op", primary_key=False),
    Column("kept", Text, nullable=False),  # JSON
    Column("other", Text, nullable=False),  # JSON
    rowid=False,
)

notice = _table(
    "notice",  # what the organiser has to say
    Column("id", Text, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("body", Text, nullable=False),  # JSON, as it came
    rowid=False,
)

# ---- the catalogue -----------------------------------------------------------------------------------

product = _table(
    "product",
    _id(),
    Column("sku", Text, CheckConstraint("sku <> ''"), nullable=False),
    Column("name_bn", Text, CheckConstraint("name_bn <> ''"), nullable=False),
    _text("name_en"),
    _text("category"),
    Column("unit", Text, nullable=False),
    _flag("fractions"),
    _money("price_paisa"),
    _money("cost_paisa", nullable=True),
    _qty("minimum_milli", nullable=True),
    _text("barcode", default=None, nullable=True),
    _flag("archived"),
    Column("created_at_ms", Integer, nullable=False),
    _text("fv", default="{}"),  # which operation wrote each field last: what an edit names as seen
    Index("product_by_sku", "sku"),
    # With `archived` in it, so that the categories are counted from the index alone.
    Index("product_by_category", "category", "archived", sqlite_where=Column("archived", Flag).is_(False)),
    Index("product_by_barcode", "barcode", sqlite_where=Column("barcode", Text).is_not(None)),
)

variant = _table(
    "variant",
    _id(),
    _ref("product_id", "product.id"),
    Column("sku", Text, CheckConstraint("sku <> ''"), nullable=False),
    _text("size"),
    _text("colour"),
    _text("barcode", default=None, nullable=True),
    _money("price_paisa", nullable=True),  # NULL: the product's price
    _flag("plain"),  # 1: the product is sold as it is, this row only carries its stock
    _flag("archived"),
    Column("position", Integer, nullable=False, server_default="0"),
    Column("on_hand_milli", Integer, nullable=False, server_default="0"),  # the sum of its movements, kept
    _text("fv", default="{}"),
    Index("variant_by_product", "product_id"),
    Index("variant_by_sku", "sku"),
    Index("variant_by_barcode", "barcode", sqlite_where=Column("barcode", Text).is_not(None)),
)

stock_move = _table(
    "stock_move",
    _id(),
    _ref("variant_id", "variant.id"),
    Column(
        "kind",
        Text,
        CheckConstraint("kind IN ('opening','purchase','sale','return','adjustment','damage','count')"),
        nullable=False,
    ),
    _qty("qty_milli", signed=True),
    _ref("order_id", "orders.id", nullable=True),
    Column("line_no", Integer),
    _flag("reversal"),  # 1: undoes the sale of the same order line
    _text("note"),
    Column("at_ms", Integer, nullable=False),
    _ref("operator_id", "operator.id"),
    _ref("device_id", "device.id"),
    Index("stock_move_by_variant", "variant_id"),
    Index("stock_move_by_order", "order_id", sqlite_where=Column("order_id", Id).is_not(None)),
    rowid=False,
)

reservation = _table(
    "reservation",
    _id(),
    _ref("variant_id", "variant.id"),
    _qty("qty_milli"),
    Column("made_at_ms", Integer, nullable=False),
    Column("expires_at_ms", Integer, nullable=False),
    Column("released_at_ms", Integer),
    _ref("device_id", "device.id"),
    Index("reservation_by_variant", "variant_id", sqlite_where=Column("released_at_ms", Integer).is_(None)),
)

# ---- people ------------------------------------------------------------------------------------------

device = _table("device", _id(), _text("code"), rowid=False)

operator = _table(
    "operator",
    _id(),
    Column("name", Text, CheckConstraint("name <> ''"), nullable=False),
    Column("role", Text, CheckConstraint("role IN ('owner', 'helper')"), nullable=False),
    _text(
        "pin_hash", default=None, nullable=True
    ),  # never used: PINs are the device's own, pos.services.pins
    _flag("archived"),
    _text("fv", default="{}"),
)

customer = _table(
    "customer",
    _id(),
    _text("phone", default=None, nullable=True),  # E.164; NULL once erased
    _text("phone2", default=None, nullable=True),
    _text("name"),
    _text("address"),
    _text("district"),
    _text("thana"),
    Column("created_at_ms", Integer, nullable=False),
    Column("erased_at_ms", Integer),
    _text("fv", default="{}"),
    Index("customer_by_phone", "phone", sqlite_where=Column("phone", Text).is_not(None)),
    Index("customer_by_phone2", "phone2", sqlite_where=Column("phone2", Text).is_not(None)),
)

# ---- orders and money --------------------------------------------------------------------------------

orders = _table(
    "orders",
    _id(),
    Column(
        "number", Text, nullable=False
    ),  # two copies of one shop may have given it twice: an alert, no error
    Column("series_code", Text, nullable=False),
    Column("series_year", Integer, nullable=False),
    Column("series_no", Integer, CheckConstraint("series_no > 0"), nullable=False),
    _text("request_id", default=None, nullable=True),
    Column(
        "status",
        Text,
        CheckConstraint(
            "status IN ('confirmed','packed','handed_over','delivered','cancelled','returned','partly_returned')"
        ),
        nullable=False,
    ),
    Column("hat_on", Day),
    Column("hat_ordinal", Integer),
    _flag("after_hat"),
    Column("taken_at_ms", Integer, nullable=False),
    Column("taken_on", Day, nullable=False),
    _ref("operator_id", "operator.id"),
    _ref("device_id", "device.id"),
    _ref("customer_id", "customer.id", nullable=True),
    Column("rest", Text, CheckConstraint("rest IN ('cod', 'due', 'none')"), nullable=False),
    _text("source"),
    _money("subtotal_paisa"),
    _money("discount_paisa"),
    _money("delivery_paisa"),
    _money("rounding_paisa", signed=True),
    _money("total_paisa"),
    _money("paid_paisa"),
    _money("change_paisa"),
    _money("due_paisa"),
    _money("cod_paisa"),
    _text("warnings"),  # codes with spaces between
    CheckConstraint("total_paisa = subtotal_paisa - discount_paisa + delivery_paisa + rounding_paisa"),
    CheckConstraint("cod_paisa <= due_paisa"),
    Index("orders_by_number", "number"),
    Index("orders_by_request", "request_id", sqlite_where=Column("request_id", Text).is_not(None)),
    Index("orders_by_series", "series_code", "series_year", "series_no"),
    Index("orders_by_day", "taken_at_ms"),
    Index("orders_by_status", "status", "taken_at_ms", "cod_paisa", "due_paisa"),  # tabs over all hats
    Index("orders_by_hat", "hat_on", sqlite_where=Column("hat_on", Day).is_not(None)),
    Index("orders_by_customer", "customer_id", sqlite_where=Column("customer_id", Id).is_not(None)),
)

order_line = _table(
    "order_line",
    _ref("order_id", "orders.id", primary_key=True),
    Column("line_no", Integer, primary_key=True),
    _ref("variant_id", "variant.id"),
    Column("sku", Text, nullable=False),
    Column("product_sku", Text, nullable=False),
    Column("name_bn", Text, nullable=False),
    _text("name_en"),
    _text("size"),
    _text("colour"),
    Column("unit", Text, nullable=False),
    Column("qty_milli", Integer, CheckConstraint("qty_milli > 0"), nullable=False),
    _money("price_paisa"),
    _money("discount_paisa"),
    _money("amount_paisa"),
    _flag("oversold"),
    CheckConstraint("amount_paisa = (qty_milli * price_paisa + 500) / 1000 - discount_paisa"),
    rowid=False,
)

order_buyer = _table(
    "order_buyer",  # the buyer as written on this order, and the order's note: personal, blanked on erasure
    _ref("order_id", "orders.id", primary_key=True),
    _text("name"),
    _text("phone", default=None, nullable=True),
    _text("phone2", default=None, nullable=True),
    _text("address"),
    _text("district"),
    _text("thana"),
    _text("note"),
    rowid=False,
)

payment = _table(
    "payment",
    _id(),
    _ref("order_id", "orders.id"),
    Column("kind", Text, CheckConstraint("kind IN ('payment', 'refund')"), nullable=False),
    Column("method", Text, nullable=False),
    _money("amount_paisa"),
    _text("trxid", default=None, nullable=True),
    Column(
        "state",
        Text,
        CheckConstraint("state IN ('claimed', 'verified', 'possible_duplicate')"),
        nullable=False,
    ),
    Column("at_ms", Integer, nullable=False),
    _ref("operator_id", "operator.id"),
    _ref("device_id", "device.id"),
    CheckConstraint("amount_paisa > 0"),
    Index("payment_by_order", "order_id"),
    Index("payment_by_trxid", "method", "trxid", sqlite_where=Column("trxid", Text).is_not(None)),
)

owed_refund = _table(
    "owed_refund",
    _ref("order_id", "orders.id", primary_key=True),
    _money("amount_paisa"),  # owed when it arose; what is left of it is Σ payments − change − refunds
    Column("due_on", Day, nullable=False),
    Column("made_at_ms", Integer, nullable=False),
    rowid=False,
)

order_event = _table(
    "order_event",
    _id(),
    _ref("order_id", "orders.id"),
    Column("kind", Text, nullable=False),  # taken, paid, cancelled; later the other states
    _text("why"),
    Column("at_ms", Integer, nullable=False),
    _ref("operator_id", "operator.id"),
    _ref("device_id", "device.id"),
    Index("order_event_by_order", "order_id"),
)

# ---- hats and settings -------------------------------------------------------------------------------

hat_day = _table(
    "hat_day",  # a dated exception to the weekly rule
    Column("source", Text, CheckConstraint("source IN ('vendor', 'organiser')"), primary_key=True),
    Column("hat_on", Day, primary_key=True),
    Column("kind", Text, CheckConstraint("kind IN ('added', 'cancelled')"), nullable=False),
    Column("opens_min", Integer),  # minutes after Dhaka midnight
    Column("closes_min", Integer),
    Column("ordinal", Integer),
    _text("fv", default="{}"),
    _text("reason"),  # the organiser's words
    rowid=False,
)

setting = _table(
    "setting",
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),  # JSON
    _text("fv", default="{}"),
    rowid=False,
)

stock_base = _table(
    "stock_base",  # on hand as the server told it, while the history that made it is still to come
    _ref("variant_id", "variant.id", primary_key=True),
    Column("on_hand_milli", Integer, nullable=False),
    rowid=False,
)

# ---- of this device alone ----------------------------------------------------------------------------

draft = _table(
    "draft",  # a cart or a held cart: no number, no operation, never synced; its id becomes the order's
    _id(),
    Column("state", Text, CheckConstraint("state IN ('cart', 'held')"), nullable=False),
    _text("label"),
    Column("body", Text, CheckConstraint("body <> ''"), nullable=False),  # JSON, as the screen gave it
    _text("reservations", default="[]"),  # JSON: ids as hex of what a held cart promises
    Column("updated_at_ms", Integer, nullable=False),
    _ref("operator_id", "operator.id"),
    CheckConstraint("state = 'held' OR reservations = '[]'"),
    # There is one cart at a time: the one that a crash or a power cut left comes back.
    Index("draft_one_cart", "state", unique=True, sqlite_where=Column("state", Text) == "cart"),
)
