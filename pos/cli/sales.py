"""Commands about orders and customers."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pos.cli import text
from pos.cli.objects import customer_object, order_object
from pos.domain.hats import parse_day
from pos.domain.text import fold_digits
from pos.domain.times import DHAKA, to_ms
from pos.errors import EnvironmentFault, UserError
from pos.services.order_request import MAX_BYTES, read_order_request

if TYPE_CHECKING:
    from pos.cli.context import Session
    from pos.services.views import OrderView


@click.group()
def order() -> None:
    """Take, show, list, cancel and pay orders."""


def _answer(session: Session, view: OrderView, *, at_counter: bool = False) -> None:
    session.answer(order_object(view), lambda: text.order(view, session.locale, at_counter=at_counter))


@order.command("take")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.pass_obj
def order_take(session: Session, file: Path) -> None:
    """Take the order in FILE (JSON), or from standard input with -."""
    _answer(session, session.shop.orders.take(read_order_request(_read(file))), at_counter=True)


def _read(file: Path) -> bytes:
    if str(file) == "-":
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    try:
        with file.open("rb") as source:
            return source.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise UserError("file_missing", file=file.name) from None
    except OSError as error:
        raise EnvironmentFault("file_unreadable", file=file.name) from error


@order.command("show")
@click.argument("number")
@click.pass_obj
def order_show(session: Session, number: str) -> None:
    """Show one order."""
    _answer(session, session.shop.orders.show(number))


@order.command("list")
@click.option("--hat", help="Only this hat's (its date).")
@click.option("--status", help="Only in this state.")
@click.option("--since", help="Only taken since this date or time.")
@click.option("--limit", type=click.IntRange(min=1), help="At most so many, the newest.")
@click.pass_obj
def order_list(
    session: Session, hat: str | None, status: str | None, since: str | None, limit: int | None
) -> None:
    """List orders, newest first."""
    orders = session.shop.orders.list(
        hat=parse_day(fold_digits(hat)) if hat else None,
        status=status,
        since_ms=_since(fold_digits(since)) if since else None,
        limit=limit,
    )
    value = {"orders": [order_object(o, lines=False) for o in orders], "count": len(orders)}
    session.answer(value, lambda: text.orders(orders, session.locale))


def _since(typed: str) -> int:
    """A date or a time as ISO 8601; without an offset it is Dhaka's."""
    try:
        at = dt.datetime.fromisoformat(typed.strip())
    except ValueError:
        raise UserError("date_unclear", text=typed) from None
    return to_ms(at if at.tzinfo else at.replace(tzinfo=DHAKA))


@order.command("cancel")
@click.argument("number")
@click.option("--why", required=True, help="The reason.")
@click.pass_obj
def order_cancel(session: Session, number: str, why: str) -> None:
    """Cancel an order that has not been sent; money taken is owed back."""
    _answer(session, session.shop.orders.cancel(number, why))


@order.command("pay")
@click.argument("number")
@click.option("--method", required=True, help="cash, bkash, nagad, rocket, upay, card or bank.")
@click.option("--amount", required=True, help="How much was received.")
@click.option("--trxid", help="The wallet's transaction id.")
@click.pass_obj
def order_pay(session: Session, number: str, method: str, amount: str, trxid: str | None) -> None:
    """Receive money on an order."""
    _answer(session, session.shop.orders.pay(number, method, amount, trxid), at_counter=True)


@click.group()
def customer() -> None:
    """Find and show customers."""


@customer.command("find")
@click.argument("query", nargs=-1, required=True)
@click.pass_obj
def customer_find(session: Session, query: tuple[str, ...]) -> None:
    """Find customers by phone, name or place."""
    found = session.shop.customers.find(" ".join(query))
    value = {"customers": [customer_object(c) for c in found]}
    session.answer(value, lambda: text.customers(found, session.locale))


@customer.command("show")
@click.argument("phone")
@click.pass_obj
def customer_show(session: Session, phone: str) -> None:
    """Show the customer of a phone."""
    one = session.shop.customers.show(phone)
    session.answer({"customers": [customer_object(one)]}, lambda: text.customers([one], session.locale))
