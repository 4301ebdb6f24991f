"""Sending to a network printer, with real printers on this machine's own line: good, mute, empty, rude and absent."""

from __future__ import annotations

import socket
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.l10n import BANGLA
from pos.l10n.sentences import sentence
from pos.printing.output import receipt_job
from pos.printing.raster import receipt_bitmaps
from pos.printing.receipt import receipt_pdf
from pos.printing.thermal import Delivery, send
from tests.printing.receipt_printers import NetworkPrinter, ThermalHead, plugged_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from pos.services.views import OrderView, ShopView

JOB = b"\x1b@\x1dv0\x00\x01\x00\x01\x00\xff\x1dVB\x00"
LONG_JOB = b"\x1b@" + bytes(8_000_000)  # more than any system keeps in its buffers
WELL = {1: 0x12, 2: 0x12, 4: 0x12}
OFFLINE, COVER_OPEN, PAPER_STOP, NEAR_END, PAPER_END = 0x08, 0x04, 0x20, 0x0C, 0x60
PATIENT = 5.0


def told(delivery: Delivery) -> str | None:
    return delivery.fault.code if delivery.fault else None


def printed(*statuses: dict[int, int], job: bytes = JOB) -> tuple[Delivery, bytes]:
    """What a printer of these statuses makes of a job, and what of it reached the printer."""
    printers: list[NetworkPrinter] = []

    def behave(line: socket.socket) -> None:
        printers.append(NetworkPrinter(line, *statuses))
        printers[0].serve()

    with plugged_in(behave) as (host, port):
        delivery = send(host, port, job, timeout=PATIENT, ask_seconds=PATIENT)
    return delivery, printers[0].job


def read_all(line: socket.socket) -> bytes:
    data = b""
    while part := line.recv(65_536):
        data += part
    return data


def test_a_printer_that_answers_before_and_after_has_printed() -> None:
    assert printed(WELL) == (Delivery("sent", None, answers=True), JOB)


def test_paper_that_is_nearly_at_its_end_still_prints() -> None:
    delivery, job = printed(WELL | {4: 0x12 | NEAR_END})
    assert (delivery.state, job) == ("sent", JOB)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (WELL | {4: 0x12 | PAPER_END}, "printer_paper_out"),
        ({1: 0x12 | OFFLINE, 2: 0x12 | PAPER_STOP, 4: 0x12}, "printer_paper_out"),
        ({1: 0x12 | OFFLINE, 2: 0x12 | COVER_OPEN, 4: 0x12}, "printer_not_ready"),
        ({1: 0x12 | OFFLINE, 2: 0x12, 4: 0x12}, "printer_not_ready"),
    ],
    ids=["sensor", "stopped", "cover", "offline"],
)
def test_a_printer_that_is_not_able_to_print_gets_nothing(status: dict[int, int], code: str) -> None:
    delivery, job = printed(status)
    assert (delivery.state, told(delivery), job) == ("failed", code, b"")


@pytest.mark.parametrize(
    ("after", "code"),
    [
        (WELL | {4: 0x12 | PAPER_END}, "printer_paper_ran_out"),
        ({1: 0x12 | OFFLINE, 2: 0x12 | PAPER_STOP, 4: 0x12}, "printer_paper_ran_out"),
        ({1: 0x12 | OFFLINE, 2: 0x12 | COVER_OPEN, 4: 0x12}, "printer_stalled"),
    ],
    ids=["sensor", "stopped", "cover"],
)
def test_a_printer_that_fails_on_the_way_leaves_the_job_unknown(after: dict[int, int], code: str) -> None:
    delivery, job = printed(WELL, after)
    assert (delivery.state, told(delivery), job) == ("unknown", code, JOB)


def test_a_mute_printer_gets_the_job_all_the_same_and_nobody_claims_that_it_printed() -> None:
    received: list[bytes] = []
    with plugged_in(lambda line: received.append(read_all(line))) as (host, port):
        delivery = send(host, port, JOB, timeout=PATIENT, ask_seconds=0.1)
    assert delivery == Delivery("unknown", None, answers=False)
    assert received == [b"\x10\x04\x01" + JOB]


def test_a_printer_known_to_be_mute_is_not_asked() -> None:
    received: list[bytes] = []
    with plugged_in(lambda line: received.append(read_all(line))) as (host, port):
        delivery = send(host, port, JOB, timeout=PATIENT, ask_seconds=0)
    assert (delivery.state, told(delivery), received) == ("unknown", None, [JOB])


def test_a_mute_printer_that_keeps_the_line_open_is_left_in_order() -> None:
    received: list[bytes] = []
    done = threading.Event()

    def behave(line: socket.socket) -> None:
        received.append(read_all(line))
        done.wait(30)

    with plugged_in(behave) as (host, port):
        delivery = send(host, port, JOB, timeout=PATIENT, ask_seconds=0.1)
        done.set()
    assert (delivery.state, told(delivery)) == ("unknown", None)
    assert received == [b"\x10\x04\x01" + JOB]


def test_a_printer_that_answers_only_the_first_question_is_taken_at_its_word() -> None:
    received: list[bytes] = []

    def behave(line: socket.socket) -> None:
        printer = NetworkPrinter(line, {1: 0x12})
        printer.serve()
        received.append(printer.job)

    with plugged_in(behave) as (host, port):
        delivery = send(host, port, JOB, timeout=1, ask_seconds=1)
    assert (delivery.state, told(delivery), delivery.answers, received) == ("sent", None, True, [JOB])


def test_answers_to_bytes_of_the_picture_are_not_read_as_answers_to_questions() -> None:
    delivery, _ = printed(WELL, job=JOB + b"\x10\x04\x04\x10\x04\x01" + JOB)
    assert (delivery.state, told(delivery)) == ("sent", None)


def test_noise_on_the_line_is_no_answer() -> None:
    def behave(line: socket.socket) -> None:
        line.sendall(b"\x00\xffHTTP/1.1 400")
        read_all(line)

    with plugged_in(behave) as (host, port):
        delivery = send(host, port, JOB, timeout=PATIENT, ask_seconds=0.2)
    assert (delivery.state, delivery.answers) == ("unknown", False)


def test_a_printer_that_hangs_up_midway_leaves_the_job_unknown() -> None:
    def behave(line: socket.socket) -> None:
        taken = 0
        while taken < 100_000:
            taken += len(line.recv(4_000))
        # and closes with the rest unread

    with plugged_in(behave) as (host, port):
        delivery = send(host, port, LONG_JOB, timeout=PATIENT, ask_seconds=0.1)
    assert (delivery.state, told(delivery)) == ("unknown", "printer_broke_off")


def test_a_printer_that_answers_and_then_hangs_up_leaves_the_job_unknown() -> None:
    def behave(line: socket.socket) -> None:
        for _ in range(2):
            line.recv(3)
            line.sendall(b"\x12")
        line.recv(len(JOB))

    with plugged_in(behave) as (host, port):
        delivery = send(host, port, JOB, timeout=PATIENT, ask_seconds=PATIENT)
    assert (delivery.state, told(delivery), delivery.answers) == ("unknown", "printer_broke_off", True)


def test_a_printer_that_takes_the_call_and_hangs_up_got_nothing() -> None:
    with plugged_in(lambda line: line.shutdown(socket.SHUT_RDWR)) as (host, port):
        delivery = send(host, port, JOB, timeout=PATIENT, ask_seconds=PATIENT)
    assert (delivery.state, told(delivery)) == ("failed", "printer_refused")


def test_a_printer_that_stops_taking_bytes_leaves_the_job_unknown() -> None:
    done = threading.Event()

    def behave(_line: socket.socket) -> None:
        done.wait(30)

    with plugged_in(behave) as (host, port):
        delivery = send(host, port, LONG_JOB, timeout=0.2, ask_seconds=0.1)
        done.set()
    assert (delivery.state, told(delivery)) == ("unknown", "printer_stalled")


def test_a_printer_that_falls_silent_after_the_job_leaves_it_unknown() -> None:
    def behave(line: socket.socket) -> None:
        for _ in range(2):
            line.recv(3)
            line.sendall(b"\x12")
        read_all(line)

    with plugged_in(behave) as (host, port):
        delivery = send(host, port, JOB, timeout=0.2, ask_seconds=PATIENT)
    assert (delivery.state, told(delivery), delivery.answers) == ("unknown", "printer_stalled", True)


def test_a_long_job_may_take_longer_than_the_time_limit_while_it_moves() -> None:
    received: list[int] = []
    with plugged_in(lambda line: received.append(len(read_all(line)))) as (host, port):
        delivery = send(host, port, LONG_JOB, timeout=PATIENT, ask_seconds=0)
    assert (delivery.state, told(delivery), received) == ("unknown", None, [len(LONG_JOB)])


def test_where_nothing_listens_the_job_failed() -> None:
    with closing(socket.socket()) as unused:
        unused.bind(("127.0.0.1", 0))
        delivery = send("127.0.0.1", unused.getsockname()[1], JOB, timeout=PATIENT)
    assert (delivery.state, told(delivery)) == ("failed", "printer_refused")


@pytest.mark.parametrize("host", ["255.255.255.255", "ff02::1", "a" * 64])
def test_where_no_way_leads_the_job_failed(host: str) -> None:
    delivery = send(host, 9100, JOB, timeout=PATIENT)
    assert (delivery.state, told(delivery)) == ("failed", "printer_no_route")


def test_where_nobody_picks_up_the_job_failed() -> None:
    with closing(socket.socket()) as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen(0)
        waiting = [socket.socket() for _ in range(4)]  # as many as the system queues, and more
        for caller in waiting:
            caller.settimeout(0)
            caller.connect_ex(busy.getsockname())
        host, port = busy.getsockname()
        delivery = send(host, port, JOB, timeout=0.3)
        for caller in waiting:
            caller.close()
    assert (delivery.state, told(delivery)) == ("failed", "printer_no_answer")


def test_a_receipt_sent_over_the_network_is_the_picture_that_was_drawn(
    shop: ShopView, make_order: Callable[..., OrderView]
) -> None:
    order = make_order()
    settings = {"paper.receipt": "80", "lang": "bn", "digits": "bn"}
    delivery, job = printed(WELL, job=receipt_job(order, shop, settings))
    assert delivery.state == "sent"
    [strip] = ThermalHead().take(job).strips
    [wanted] = receipt_bitmaps(receipt_pdf(order, shop, width_mm=80, locale=BANGLA), 80)
    assert (strip.size, strip.tobytes()) == (wanted.size, wanted.tobytes())


@given(st.binary(max_size=400))
def test_a_job_reaches_the_printer_whole_whatever_its_bytes(job: bytes) -> None:
    received: list[bytes] = []
    with plugged_in(lambda line: received.append(read_all(line))) as (host, port):
        send(host, port, job, timeout=PATIENT, ask_seconds=0)
    assert received == [job]


@pytest.mark.parametrize("lang", ["bn", "en"])
def test_what_is_said_of_a_job_names_the_printer_and_that_the_order_is_safe(lang: str) -> None:
    with closing(socket.socket()) as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        fault = send("127.0.0.1", port, JOB, timeout=PATIENT).fault
    assert fault is not None
    said = sentence(fault.code, fault.params, "bn" if lang == "bn" else "en")
    assert f"127.0.0.1:{port}" in said
    assert {"bn": "অর্ডার রাখা আছে", "en": "The order is saved"}[lang] in said
