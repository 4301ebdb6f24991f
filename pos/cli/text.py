"""Answers for people: short lines in the vendor's language and digits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pos.domain.times import dhaka_time
from pos.l10n.dates import clock_time, hat_name, short_date
from pos.l10n.numbers import digits, money, phone, quantity
from pos.l10n.sentences import phrase, sentence
from pos.l10n.unit_names import method_name, status_name, unit_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pos.domain.hats import Hat
    from pos.l10n import Lang, Locale
    from pos.services.founding import Founded
    from pos.services.health import Health
    from pos.services.views import CustomerView, FoundView, OrderView, ProductView, StockView
    from pos.sheets.rows import RowError, RowWarning
    from pos.shop import Imported
    from pos.store.backup import BackupFile
    from pos.store.restore import Preview, Restored
    from pos.store.verify import Problem


def founded(shop: Founded, lang: Lang) -> Iterator[str]:
    """A new shop, and what to do next."""
    yield phrase("shop_founded", lang, shop=shop.vendor, code=shop.device_code)
    yield str(shop.home)
    yield phrase("next_import", lang)


def hat_line(hat: Hat, now_ms: int, locale: Locale) -> str:
    """One hat."""
    hours = "–".join(clock_time(dhaka_time(at), locale) for at in (hat.opens_at_ms, hat.closes_at_ms))
    parts = [short_date(hat.on, locale), hours, hat_name(hat.ordinal, locale)]
    return " · ".join([p for p in parts if p] + [phrase(f"hat_{hat.state(now_ms)}", locale.lang)])


def found(results: Sequence[FoundView], locale: Locale) -> Iterator[str]:
    """What a search found."""
    if not results:
        yield phrase("nothing_found", locale.lang)
    for item in results:
        p = item.product
        name = p.name_bn if locale.lang == "bn" or not p.name_en else p.name_en
        price = money(p.price_paisa, locale, taka=True)
        free = f"{quantity(p.free_milli, locale)} {unit_name(p.unit, locale)}"
        yield f"{p.sku}  {name}  {price}  {phrase('free', locale.lang)} {free}"
        for v in p.variants:
            left = f"{quantity(v.free_milli, locale)} {unit_name(p.unit, locale)}"
            yield f"    {v.sku}  {_option(v.size, v.colour)}  {left}"


def _option(size: str, colour: str) -> str:
    return " · ".join(part for part in (size, colour) if part)


def product(p: ProductView, locale: Locale) -> Iterator[str]:
    """One product."""
    lang = locale.lang
    yield f"{p.sku}  {p.name_bn}" + (f" / {p.name_en}" if p.name_en else "")
    yield f"  {phrase('price', lang)} {money(p.price_paisa, locale, taka=True)} / {unit_name(p.unit, locale)}"
    if p.cost_paisa is not None:
        yield f"  {phrase('cost', lang)} {money(p.cost_paisa, locale, taka=True)}"
    if p.barcode:
        yield f"  {phrase('barcode', lang)} {p.barcode}"
    if p.category:
        yield f"  {phrase('category', lang)} {p.category}"
    unit = unit_name(p.unit, locale)
    low = f" · {phrase('minimum', lang)} {quantity(p.minimum_milli, locale)}" if p.minimum_milli else ""
    yield f"  {_levels(p, locale)} {unit}{low}"
    for v in p.variants:
        own = f"  {money(v.price_paisa, locale, taka=True)}" if v.price_paisa != p.price_paisa else ""
        yield f"    {v.sku}  {_option(v.size, v.colour)}{own}  {_levels(v, locale)} {unit}"


def _levels(item: Any, locale: Locale) -> str:
    lang = locale.lang
    return " · ".join(
        f"{phrase(name, lang)} {quantity(value, locale)}"
        for name, value in (
            ("on_hand", item.on_hand_milli),
            ("reserved", item.reserved_milli),
            ("free", item.free_milli),
        )
    )


def stock(items: Sequence[StockView], locale: Locale) -> Iterator[str]:
    """Stock, a line each."""
    if not items:
        yield phrase("no_products", locale.lang)
    for item in items:
        option = _option(item.size, item.colour)
        name = f"{item.name_bn} – {option}" if option else item.name_bn
        low = item.minimum_milli is not None and item.free_milli <= item.minimum_milli
        mark = (
            f"  ({phrase('out' if item.free_milli <= 0 else 'low', locale.lang)})"
            if low or item.free_milli <= 0
            else ""
        )
        yield f"{item.sku}  {name}  {_levels(item, locale)} {unit_name(item.unit, locale)}{mark}"


def order(o: OrderView, locale: Locale, *, at_counter: bool = False) -> Iterator[str]:
    """One order, as one would read it out; `at_counter` while its change is still to be given."""
    lang = locale.lang
    at = dhaka_time(o.taken_at_ms)
    head = [o.number, status_name(o.status, lang), short_date(at.date(), locale), clock_time(at, locale)]
    head.append(hat_name(o.hat_ordinal, locale) or (phrase("after_hat", lang) if o.after_hat else ""))
    yield " · ".join(part for part in head if part)
    if o.customer is not None:
        c = o.customer
        numbers = [phone(p, locale) for p in (c.phone, c.phone2) if p]
        yield "  " + " · ".join(
            part for part in (c.name, *numbers, c.address.replace("\n", ", "), c.thana, c.district) if part
        )
    for line in o.lines:
        option = _option(line.size, line.colour)
        name = f"{line.name_bn} – {option}" if option else line.name_bn
        off = f" − {money(line.discount_paisa, locale)}" if line.discount_paisa else ""
        yield (
            f"  {name}: {quantity(line.qty_milli, locale)} {unit_name(line.unit, locale)}"
            f" × {money(line.price_paisa, locale)}{off} = {money(line.amount_paisa, locale)}"
        )
    yield from (
        f"  {phrase(name, lang)} {money(value, locale, taka=True)}"
        for name, value in _sums(o, at_counter=at_counter)
    )
    yield from (_payment(p, locale) for p in o.payments)
    if o.note:
        yield f"  {phrase('note', lang)}: " + o.note.replace("\n", "\n    ")
    yield from (sentence(f"warning_{code}", {}, lang) for code in o.warnings)


def _sums(o: OrderView, *, at_counter: bool) -> Iterator[tuple[str, int]]:
    always = {"total"}
    for name, value in (
        ("subtotal", o.subtotal_paisa if o.subtotal_paisa != o.total_paisa else 0),
        ("discount", -o.discount_paisa),
        ("delivery", o.delivery_paisa),
        ("rounding", o.rounding_paisa),
        ("total", o.total_paisa),
        ("paid", o.paid_paisa),
        ("change" if at_counter else "change_given", o.change_paisa),
        ("cod", o.cod_paisa),
        ("due", o.due_paisa - o.cod_paisa),
        ("refund_owed", o.refund_owed_paisa),
    ):
        if value or name in always:
            yield name, value


def _payment(p: Any, locale: Locale) -> str:
    trxid = f" · TrxID {p.trxid}" if p.trxid else ""
    state = phrase(f"payment_{p.state}", locale.lang)
    return (
        f"  {method_name(p.method, locale.lang)} {money(p.amount_paisa, locale, taka=True)}{trxid} · {state}"
    )


def orders(found_: Sequence[OrderView], locale: Locale) -> Iterator[str]:
    """Orders, a line each."""
    if not found_:
        yield phrase("no_orders", locale.lang)
    for o in found_:
        at = dhaka_time(o.taken_at_ms)
        name = o.customer.name if o.customer else phrase("walk_in", locale.lang)
        yield " · ".join(
            [
                o.number,
                short_date(at.date(), locale),
                clock_time(at, locale),
                name,
                money(o.total_paisa, locale, taka=True),
                status_name(o.status, locale.lang),
            ]
        )


def customers(found_: Sequence[CustomerView], locale: Locale) -> Iterator[str]:
    """Customers, a line each."""
    if not found_:
        yield phrase("nothing_found", locale.lang)
    for c in found_:
        deeds = phrase("deeds", locale.lang, orders=c.orders, delivered=c.delivered, returned=c.returned)
        place = ", ".join(part for part in (c.address.replace("\n", ", "), c.thana, c.district) if part)
        due = f"{phrase('due', locale.lang)} {money(c.due_paisa, locale, taka=True)}" if c.due_paisa else ""
        yield " · ".join(p for p in (c.name, phone(c.phone, locale), place, deeds, due) if p)


def row_problem(row: RowError | RowWarning, lang: Lang) -> dict[str, Any]:
    """A row that cannot be taken, as contracts.md §6 writes it."""
    return {
        "row": row.row,
        "field": row.field,
        "code": row.code,
        "message": sentence(row.code, dict(row.params), lang),
        "sheet": row.sheet,
    }


_ROWS_SHOWN = 30


def imported_counts(result: Imported, lang: Lang) -> str:
    """How much came in, in one line."""
    return phrase(
        "demo_catalogue", lang, products=result.products, variants=result.variants, skus=result.skus
    )


def imported(result: Imported, *, dry_run: bool, partial: bool, lang: Lang) -> Iterator[str]:
    """What an import did, then what it could not take."""
    counts: dict[str, object] = {
        "products": result.products,
        "variants": result.variants,
        "skus": result.skus,
        "updated": result.updated,
    }
    if result.written:
        yield phrase("imported", lang, **counts)
    else:
        would = dry_run and (partial or not result.errors)
        yield phrase("import_checked" if would else "import_refused", lang, **counts)
    if result.safety is not None:
        yield phrase("backed_up", lang, file=result.safety.name)
    yield from _rows(result.errors, lang)
    yield from _rows(result.warnings, lang)
    if result.ignored_columns:
        yield phrase("columns_ignored", lang, columns=", ".join(result.ignored_columns))


def _rows(rows: Sequence[RowError | RowWarning], lang: Lang) -> Iterator[str]:
    for row in rows[:_ROWS_SHOWN]:
        where = phrase(f"row_{row.sheet}", lang, row=row.row)
        yield f"  {where}: {sentence(row.code, dict(row.params), lang)}"
    if len(rows) > _ROWS_SHOWN:
        yield "  " + phrase("and_more", lang, count=len(rows) - _ROWS_SHOWN)


def problem(p: Problem, health: Health, lang: Lang) -> dict[str, Any]:
    """A finding of `doctor`."""
    return {"code": p.code, "count": p.count, "where": list(p.where), "message": _finding(p, health, lang)}


def _finding(p: Problem, health: Health, lang: Lang) -> str:
    params: Mapping[str, object] = {
        "count": p.count,
        "where": ", ".join(p.where),
        "backup": health.newest_backup or "",
    }
    return sentence(f"found_{p.code}", params, lang)


def health(h: Health, locale: Locale) -> Iterator[str]:
    """What `doctor` found."""
    lang = locale.lang
    yield phrase("sound" if h.report.ok else "not_sound", lang)
    for p in (*h.report.problems, *h.report.alerts):
        yield f"  {_finding(p, h, lang)}"
    if h.synced_by:
        yield "  " + sentence("found_synced_folder", {"service": h.synced_by}, lang)
    counts = phrase("counts", lang, orders=h.orders, operations=h.operations)
    yield digits(counts, locale) + f" · SQLite {h.sqlite}"


def backup(made: BackupFile, locale: Locale) -> Iterator[str]:
    """A finished backup."""
    yield str(made.path)
    yield phrase("backup_made", locale.lang, orders=made.manifest.orders)
    yield f"sha256 {made.sha256}"


def restore_preview(seen: Preview, locale: Locale) -> Iterator[str]:
    """What a restore would do."""
    m, lang = seen.backup.manifest, locale.lang
    at = dhaka_time(m.made_at_ms)
    yield f"{m.shop} · {short_date(at.date(), locale)} · {clock_time(at, locale)}"
    yield phrase("backup_holds", lang, orders=m.orders, total_paisa=m.total_paisa)
    lost = seen.missing
    if lost.operations:
        yield phrase("would_be_missing", lang, orders=lost.orders, total_paisa=lost.total_paisa)
        if lost.numbers:
            yield "  " + ", ".join(lost.numbers)
        if seen.replayable:
            yield phrase("can_be_replayed", lang, count=seen.replayable)
    else:
        yield phrase("nothing_missing", lang)


def restored(done: Restored, locale: Locale) -> Iterable[str]:
    """What a restore did."""
    lang = locale.lang
    yield phrase("restored", lang, orders=done.orders)
    if done.replayed:
        yield phrase("replayed", lang, count=done.replayed)
    yield phrase("new_series", lang, code=done.device_code)
    if done.safety is not None:
        yield phrase("safety_kept", lang, file=done.safety.name)
