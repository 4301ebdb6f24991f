"""Where papers go: to the network printer, to the system's printer, or into a file; the order is final either way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.printing.receipt_printers import NetworkPrinter, ThermalHead, plugged_in
from tests.shopkeeping import sale_to
from tests.ui.needs import AtOnce, Held, Said, Spool
from ui.presenters.printing import Printing

if TYPE_CHECKING:
    import socket
    from pathlib import Path

    from pos.services.views import OrderView
    from pos.shop import Shop
    from ui.theme.look import Look

WELL = {1: 0x12, 2: 0x12, 4: 0x12}


@pytest.fixture
def order(shop: Shop) -> OrderView:
    return shop.orders.take(sale_to())


@pytest.fixture
def said() -> Said:
    return Said()


@pytest.fixture
def spool() -> Spool:
    return Spool()


@pytest.fixture
def printing(shop: Shop, look: Look, said: Said, spool: Spool) -> Printing:
    return Printing(shop, AtOnce(), said, look, spool)


def set_up(shop: Shop, kind: str, **more: str) -> None:
    shop.configuration.put("printer.kind", kind)
    for name, value in more.items():
        shop.configuration.put(f"printer.{name}", value)


def test_the_system_s_printer_gets_the_very_pdf_that_is_shown(
    shop: Shop, printing: Printing, spool: Spool, order: OrderView, said: Said
) -> None:
    set_up(shop, "os", name="XP-80")
    printing.receipt(order)
    printing.invoice(order)
    assert [(printer, title) for _, printer, title in spool.jobs] == [
        ("XP-80", f"{order.number} receipt"),
        ("XP-80", f"{order.number} invoice"),
    ]
    assert spool.jobs[1][0] == printing.pdf(order, "invoice")
    assert all("XP-80" in text for text in said.toasts)


def test_a_network_printer_gets_the_receipt_as_dots_and_its_answer_is_told(
    shop: Shop, printing: Printing, order: OrderView, said: Said
) -> None:
    printers: list[NetworkPrinter] = []

    def behave(line: socket.socket) -> None:
        printers.append(NetworkPrinter(line, WELL))
        printers[0].serve()

    with plugged_in(behave) as (host, port):
        set_up(shop, "tcp", address=f"{host}:{port}")
        printing.receipt(order)
    assert len(ThermalHead().take(printers[0].job).strips) == 1
    assert said.toasts == ["ছাপা হয়েছে"]


def test_a_printer_that_never_answers_is_asked_once_and_never_said_to_have_printed(
    shop: Shop, printing: Printing, order: OrderView, said: Said
) -> None:
    questions = []

    def behave(line: socket.socket) -> None:
        printer = NetworkPrinter(line, {})
        printer.serve()
        questions.append(printer.questions)

    with plugged_in(behave) as (host, port):
        set_up(shop, "tcp", address=f"{host}:{port}")
        printing.receipt(order)
    assert questions[0] > 0
    assert printing._mute == {f"{host}:{port}"}
    assert said.toasts == ["প্রিন্টারে গেছে – কাগজ বেরিয়েছে কি না দেখুন"]


def test_a_roll_printer_takes_no_invoice_so_its_pdf_is_saved(
    shop: Shop, printing: Printing, order: OrderView, said: Said
) -> None:
    set_up(shop, "tcp", address="127.0.0.1:1")
    printing.invoice(order)
    saved = shop.paths.papers / f"invoice-{order.number}.pdf"
    assert saved.read_bytes() == printing.pdf(order, "invoice")
    assert saved.name in said.toasts[0]
    assert said.troubles == {}


def test_a_printer_that_is_gone_is_said_with_what_is_safe_and_asked_again_by_the_button(
    shop: Shop, printing: Printing, spool: Spool, order: OrderView, said: Said
) -> None:
    set_up(shop, "os", name="XP-80")
    spool.missing = True
    printing.receipt(order)
    title, detail, word = said.troubles["print"]
    assert "XP-80" in title
    assert "অর্ডার রাখা আছে" in detail
    assert word == "আবার"
    spool.missing = False
    said.actions[-1]()
    assert said.troubles == {}
    assert len(spool.jobs) == 1
    assert shop.orders.show(order.number) == order


def test_asked_twice_at_once_it_goes_out_once(
    shop: Shop, look: Look, said: Said, spool: Spool, order: OrderView
) -> None:
    work = Held()
    printing = Printing(shop, work, said, look, spool)
    set_up(shop, "os", name="XP-80")
    printing.receipt(order)
    printing.receipt(order)
    assert printing.under_way(order.number, "receipt")
    work.let_go()
    assert len(spool.jobs) == 1
    printing.receipt(order)
    work.let_go()
    assert len(spool.jobs) == 2


def test_after_a_bug_in_a_spooler_the_paper_may_be_asked_for_again(
    shop: Shop, printing: Printing, spool: Spool, order: OrderView, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(shop, "os", name="XP-80")
    with monkeypatch.context() as patch:
        patch.setattr(spool, "print_pdf", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            printing.receipt(order)
    printing.receipt(order)
    assert len(spool.jobs) == 1


def test_a_folder_that_cannot_be_written_is_said_and_the_order_stays(
    shop: Shop, printing: Printing, order: OrderView, said: Said, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    printing.save(order, "receipt", tmp_path / "file" / "receipt.pdf")
    assert "receipt.pdf" in " ".join(said.troubles["print"])
    assert shop.orders.show(order.number) == order


def test_a_saved_paper_can_be_shown(
    shop: Shop, look: Look, said: Said, spool: Spool, order: OrderView, tmp_path: Path
) -> None:
    shown: list[Path] = []
    printing = Printing(shop, AtOnce(), said, look, spool, shown.append)
    printing.save(order, "invoice", tmp_path / "a.pdf")
    word, _, action = said.actions[0]
    action()
    assert (word, shown) == ("দেখুন", [tmp_path / "a.pdf"])


def test_pictures_are_of_every_page_in_the_width_that_is_asked(printing: Printing, order: OrderView) -> None:
    for kind in ("receipt", "invoice"):
        pictures = printing.pictures(order, kind, 300)
        assert [picture.width for picture in pictures] == [300]
