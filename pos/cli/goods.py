"""Commands about products and stock: import, export, find, product, stock."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pos.cli import text
from pos.cli.objects import found_object, move_object, product_object, stock_object
from pos.domain.money import parse_money
from pos.domain.quantity import parse_quantity
from pos.domain.text import fold_digits
from pos.domain.units import canonical_unit, fractions_by_default
from pos.errors import UserError
from pos.l10n.sentences import phrase

if TYPE_CHECKING:
    from pos.cli.context import Session

_FILE = click.Path(path_type=Path, dir_okay=False)
_MENDABLE = 1


@click.command("import")
@click.argument("file", type=_FILE)
@click.option("--variants", type=_FILE, help="A second sheet with sizes and colours.")
@click.option("--mapping", type=_FILE, help='JSON that says which column is what: {"দাম": "price"}.')
@click.option("--bijoy", multiple=True, metavar="COLUMN", help="Convert this column from Bijoy to Unicode.")
@click.option("--dry-run", is_flag=True, help="Find out what would happen; write nothing.")
@click.option("--partial", is_flag=True, help="Take the good rows where others have errors.")
@click.pass_obj
def import_(
    session: Session,
    file: Path,
    variants: Path | None,
    mapping: Path | None,
    bijoy: tuple[str, ...],
    dry_run: bool,
    partial: bool,
) -> None:
    """Bring products in from a CSV or XLSX FILE.

    New ones are added, known SKUs are updated; all of the file or nothing, unless --partial.
    """
    from pos.shop import import_catalogue

    with session.progress(0, phrase("reading", session.lang)) as step:
        result = import_catalogue(
            session.shop,
            file,
            variants=variants,
            mapping=mapping,
            bijoy=frozenset(bijoy),
            dry_run=dry_run,
            partial=partial,
            progress=step,
        )
    lang = session.lang
    value = {
        "products": result.products,
        "variants": result.variants,
        "skus": result.skus,
        "updated": result.updated,
        "errors": [text.row_problem(e, lang) for e in result.errors],
        "warnings": [text.row_problem(w, lang) for w in result.warnings],
        "ignored_columns": list(result.ignored_columns),
        "dry_run": dry_run,
        "written": result.written,
    }
    session.answer(value, lambda: text.imported(result, dry_run=dry_run, partial=partial, lang=lang))
    if result.errors and not partial:
        session.exit_code = _MENDABLE


@click.command()
@click.argument("file", type=_FILE)
@click.pass_obj
def export(session: Session, file: Path) -> None:
    """Write all products to FILE (.csv or .xlsx).

    The file can be imported again. A .csv has its sizes and colours in a second file beside it.
    """
    from pos.shop import export_catalogue

    products = session.shop.catalogue.all()
    with session.progress(len(products), phrase("writing", session.lang)) as step:
        files = export_catalogue(products, file, progress=step)
    skus = sum(max(1, len(p.variants)) for p in products)
    value: dict[str, Any] = {"file": str(files[0]), "products": len(products), "skus": skus}
    if len(files) > 1:
        value["variants_file"] = str(files[1])
    session.answer(value, lambda: [str(f) for f in files])


@click.command()
@click.argument("query", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="At most so many.")
@click.pass_obj
def find(session: Session, query: tuple[str, ...], limit: int) -> None:
    """Find products by name, code or barcode; best first."""
    found = session.shop.catalogue.find(" ".join(query), limit=limit)
    value = {"results": [found_object(f) for f in found]}
    session.answer(value, lambda: text.found(found, session.locale))


@click.group()
def product() -> None:
    """Add, change and show one product."""


@product.command("add")
@click.option("--name-bn", required=True, help="Name as shown.")
@click.option("--name-en", default="", help="English name.")
@click.option("--sku", help="Code; one is given when it is left out.")
@click.option("--category", default="", help="Category.")
@click.option("--unit", required=True, help="kg, litre, pcs, set … or কেজি, টি …")
@click.option("--price", required=True, help="Selling price.")
@click.option("--cost", help="Buying price.")
@click.option("--barcode", help="Barcode.")
@click.option("--stock", help="Opening stock.")
@click.option("--minimum", help="Low-stock mark.")
@click.pass_obj
def product_add(
    session: Session,
    name_bn: str,
    name_en: str,
    sku: str | None,
    category: str,
    unit: str,
    price: str,
    cost: str | None,
    barcode: str | None,
    stock: str | None,
    minimum: str | None,
) -> None:
    """Add a product."""
    from pos.services.catalogue import NewProduct

    unit = canonical_unit(unit)
    parts = fractions_by_default(unit)
    new = NewProduct(
        name_bn=name_bn,
        name_en=name_en,
        sku=sku,
        category=category,
        unit=unit,
        price_paisa=parse_money(price, field="price"),
        cost_paisa=None if cost is None else parse_money(cost, field="cost"),
        barcode=barcode,
        stock_milli=_amount(stock, "stock", fractions=parts) or 0,
        minimum_milli=_amount(minimum, "minimum", fractions=parts),
    )
    _answer_product(session, session.shop.catalogue.add(new))


def _amount(typed: str | None, field: str, *, fractions: bool) -> int | None:
    """A quantity that may also be nothing: 0, ০, 0.0 or an empty text."""
    if typed is None:
        return None
    if not fold_digits(typed).strip(" 0.") and typed.strip() != ".":
        return 0
    return parse_quantity(typed, fractions=fractions, field=field)


@product.command("edit")
@click.argument("sku")
@click.option("--name-bn", help="Name as shown.")
@click.option("--name-en", help="English name.")
@click.option("--category", help="Category.")
@click.option("--unit", help="Unit it is sold in.")
@click.option("--price", help="Selling price.")
@click.option("--cost", help="Buying price.")
@click.option("--no-cost", is_flag=True, help="Take the buying price away.")
@click.option("--barcode", help="Barcode; an empty one takes it away.")
@click.option("--minimum", help="Low-stock mark.")
@click.option("--no-minimum", is_flag=True, help="Take the low-stock mark away.")
@click.option("--fractions/--whole", default=None, help="Sold in parts of its unit, or only whole.")
@click.pass_obj
def product_edit(
    session: Session,
    sku: str,
    name_bn: str | None,
    name_en: str | None,
    category: str | None,
    unit: str | None,
    price: str | None,
    cost: str | None,
    no_cost: bool,
    barcode: str | None,
    minimum: str | None,
    no_minimum: bool,
    fractions: bool | None,
) -> None:
    """Change what is named, leave the rest."""
    from pos.services.product_change import ProductChange

    present = session.shop.catalogue.show(sku)
    typed = fold_digits(sku).strip().upper()
    for variant in present.variants:
        if typed in {variant.sku.upper(), (variant.barcode or "").upper()}:
            raise UserError("edit_variant", sku=variant.sku, product=present.sku)
    if no_cost and cost is not None:
        raise click.UsageError("Give --cost or --no-cost, not both.")
    if no_minimum and minimum is not None:
        raise click.UsageError("Give --minimum or --no-minimum, not both.")
    unit = canonical_unit(unit) if unit else None
    changed = unit is not None and unit != present.unit
    parts = fractions_by_default(unit) if unit is not None and changed else present.fractions
    change = ProductChange(
        name_bn=name_bn,
        name_en=name_en,
        category=category,
        unit=unit,
        price_paisa=None if price is None else parse_money(price, field="price"),
        cost_paisa=None if cost is None else parse_money(cost, field="cost"),
        barcode=barcode,
        minimum_milli=_amount(minimum, "minimum", fractions=parts if fractions is None else fractions),
        fractions=fractions,
        no_cost=no_cost,
        no_minimum=no_minimum,
    )
    _answer_product(session, session.shop.catalogue.edit(sku, change))


@product.command("show")
@click.argument("sku")
@click.pass_obj
def product_show(session: Session, sku: str) -> None:
    """Show a product by SKU or barcode."""
    _answer_product(session, session.shop.catalogue.show(sku))


def _answer_product(session: Session, view: Any) -> None:
    session.answer(product_object(view), lambda: text.product(view, session.locale))


class _StockGroup(click.Group):
    """`stock`, `stock SKU` and `stock move …`: a first word that is no sub-command is a SKU."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.commands:
            return "show", self.commands["show"], args
        return super().resolve_command(ctx, args)


@click.group(cls=_StockGroup, invoke_without_command=True, subcommand_metavar="[SKU | move ...]")
@click.pass_context
def stock(context: click.Context) -> None:
    """Show stock, or enter a movement.

    Alone: everything; with a SKU: that one; `stock move`: what came, broke or was counted.
    """
    if context.invoked_subcommand is None:
        _answer_stock(context.obj, None)


@stock.command("show", hidden=True)
@click.argument("sku")
@click.pass_obj
def stock_show(session: Session, sku: str) -> None:
    """Stock of one SKU; a parent lists its variants."""
    _answer_stock(session, sku)


def _answer_stock(session: Session, sku: str | None) -> None:
    items = session.shop.stock.items(sku)
    session.answer(
        {"items": [stock_object(i) for i in items]},
        lambda: text.stock(items, session.locale),
    )


@stock.command("move", context_settings={"ignore_unknown_options": True})
@click.argument("sku")
@click.argument("qty")
@click.option(
    "--kind",
    required=True,
    type=click.Choice(["purchase", "damage", "adjustment", "return"]),
    help="What happened; only an adjustment may be negative.",
)
@click.option("--note", default="", help="A word about it.")
@click.pass_obj
def stock_move(session: Session, sku: str, qty: str, kind: str, note: str) -> None:
    """Enter a movement of QTY of SKU."""
    item, move = session.shop.stock.move(sku, qty, kind, note)
    value = stock_object(item) | {"movement": move_object(move)}
    session.answer(value, lambda: text.stock([item], session.locale))
