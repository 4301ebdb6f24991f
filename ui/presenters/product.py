"""A product being written: each field is looked at when it is left, and what was typed outlives the dialog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos.domain.money import parse_money
from pos.domain.text import clean, clean_name
from pos.domain.units import fractions_by_default
from pos.errors import ConflictError, PosError, UserError
from pos.services.codes import clean_barcode, clean_sku
from ui.presenters.needs import Watched
from ui.presenters.product_typed import FIELDS, VARIANT_FIELDS, Typed, VariantEntry, as_it_was, listed, money

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pos.services.catalogue import NewVariant
    from pos.services.product_change import ProductChange, VariantChange
    from pos.services.views import ProductView
    from pos.shop import Shop
    from ui.presenters.needs import Speech, Work

_MOST_VARIANTS = 200


class ProductForm(Typed, Watched):
    """What is typed of one product, looked at and saved.

    Attributes:
        before: the product as it was when the form was opened; None for a new one.
        faults: what is wrong, by field; a variant's field is `variant.NUMBER.FIELD`.
        saved: it is done with.
        undo: takes the saved change back, where that is possible; `redo` makes it again.
    """

    def __init__(self, shop: Shop, work: Work, look: Speech, product: ProductView | None) -> None:
        super().__init__()
        self._shop, self._work, self._look = shop, work, look
        self.faults: dict[str, str] = {}
        self.saving = self.saved = False
        self.on_saved: Callable[[ProductForm, ProductView], None] | None = None
        self.on_fault: Callable[[str], None] | None = None
        self.undo: Callable[[], object] | None = None
        self.redo: Callable[[], object] | None = None
        self.begin(product)

    def begin(self, product: ProductView | None) -> None:
        """Write nothing of what was typed: begin anew."""
        self.before = product
        self.fill(product)
        self._speak()
        self.picture: Path | None = None
        self.picture_gone = False
        self.touched = False
        self.faults = {}
        self.changed()

    def _speak(self) -> None:
        """Figures in the digits of the screen; codes stay as they are."""
        digits = self._look.digits
        for name in ("price", "cost", "minimum"):
            self.values[name] = digits(self.values[name])
        for one in self.variants:
            one.price = digits(one.price)

    @property
    def plain(self) -> bool:
        """Whether it is sold without variants already, so that none can be added any more."""
        return self.before is not None and not self.before.variants

    def picture_now(self) -> Path | None:
        """The picture as it will be."""
        if self.picture is not None:
            return self.picture
        if self.picture_gone or self.before is None:
            return None
        return self._shop.pictures.of(self.before.id)

    def categories(self) -> list[str]:
        """Categories there are already."""
        return [one.code for one in self._shop.counter.categories() if one.code]

    # ---- typing --------------------------------------------------------------------------------------

    def type(self, field: str, text: str) -> None:
        """A field says this now."""
        if self.values[field] != text:
            self.values[field] = text
            self._written(field)

    def type_variant(self, at: int, field: str, text: str) -> None:
        """A field of a variant says this now."""
        if getattr(self.variants[at], field) != text:
            setattr(self.variants[at], field, text)
            self._written(f"variant.{at}.{field}")

    def choose_unit(self, unit: str) -> None:
        """What it is sold in; that brings its own rule of fractions."""
        if unit != self.unit:
            self.unit = unit
            self.fractions = fractions_by_default(unit)
            self._written("unit")
            self.changed()

    def choose_fractions(self, *, on: bool) -> None:
        """Whether it is sold in parts of its unit."""
        if on != self.fractions:
            self.fractions = on
            self._written("fractions")

    def choose_picture(self, file: Path | None) -> None:
        """A photo that becomes its picture once the form is saved; None takes the picture away."""
        self.picture, self.picture_gone = file, file is None
        self._written("picture")
        self.changed()

    def add_variant(self) -> None:
        """One more, still empty."""
        self.variants.append(VariantEntry())
        self.touched = True
        self.changed()

    def spread(self, colours: str, sizes: str) -> int:
        """Add every size of every colour (lists with commas) that is not there yet; how many that were."""
        there = {(one.colour.strip(), one.size.strip()) for one in self.variants}
        made = [
            VariantEntry(colour=colour, size=size)
            for colour in listed(colours)
            for size in listed(sizes)
            if (colour, size) not in there and (colour or size)
        ][: max(0, _MOST_VARIANTS - len(self.variants))]
        self.variants += made
        if made:
            self.touched = True
            self.changed()
        return len(made)

    def remove_variant(self, at: int) -> None:
        """Take out one that is not saved yet."""
        if not self.variants[at].sku:
            del self.variants[at]
            self.faults = {
                name: said for name, said in self.faults.items() if not name.startswith("variant.")
            }
            self.touched = True
            self.changed()

    def _written(self, field: str) -> None:
        self.touched = True
        self.faults.pop(field, None)

    # ---- looking at what was typed -------------------------------------------------------------------

    def leave(self, field: str) -> None:
        """A field was left: say what is wrong with it, where it stands."""
        said = self._said(field)
        if said != self.faults.get(field, ""):
            if said:
                self.faults[field] = said
            else:
                self.faults.pop(field, None)
            self.changed()

    def _said(self, field: str) -> str:
        try:
            self._check(field)
        except UserError as error:
            return self._look.sentence(error)
        return ""

    def _check(self, field: str) -> None:
        """Raise what is wrong with a field."""
        if field.startswith("variant."):
            _, at, name = field.split(".")
            self._check_variant(int(at), name)
            return
        text = self.values.get(field, "")
        match field:
            case "name_bn":
                clean_name(text, field="name_bn")
            case "name_en" | "category":
                clean(text, field=field)
            case "sku":
                if text.strip() and self.before is None:
                    self._refuse_taken_sku(clean_sku(text))
            case "price":
                if not text.strip() or parse_money(text, field="price") <= 0:
                    raise UserError("product_price_missing")
            case "cost":
                money(text, "cost")
            case "barcode":
                self._refuse_taken_barcode(clean_barcode(text))
            case "minimum" | "stock":
                self.quantity(text, field)

    def _check_variant(self, at: int, field: str) -> None:
        entry = self.variants[at]
        match field:
            case "colour":
                if not entry.colour.strip() and not entry.size.strip():
                    raise UserError("variant_nameless")
                if any(other.key == entry.key for other in self.variants[:at]):
                    raise UserError("variant_again", text=" · ".join(part for part in entry.key if part))
            case "price":
                if entry.price.strip() and parse_money(entry.price, field="price") <= 0:
                    raise UserError("product_price_missing")
            case "barcode":
                self._refuse_taken_barcode(clean_barcode(entry.barcode))
            case "stock":
                self.quantity(entry.stock, "stock")

    def _refuse_taken_sku(self, sku: str) -> None:
        other = self._other_with(sku)
        if other is not None and sku in {other.sku, *(v.sku for v in other.variants)}:
            raise ConflictError("sku_taken", sku=sku)

    def _refuse_taken_barcode(self, barcode: str | None) -> None:
        if barcode is None:
            return
        typed = [self.values["barcode"], *(one.barcode for one in self.variants)]
        if sum(clean_barcode_or_none(one) == barcode for one in typed) > 1:
            raise ConflictError("barcode_taken", barcode=barcode)
        other = self._other_with(barcode)
        if other is None or (self.before is not None and other.id == self.before.id):
            return
        if barcode in {other.barcode, *(v.barcode for v in other.variants)}:
            raise ConflictError("barcode_taken", barcode=barcode)

    def _other_with(self, code: str) -> ProductView | None:
        try:
            return self._shop.catalogue.show(code)
        except UserError:
            return None

    def problems(self) -> list[str]:
        """Every field with a fault, in the order of the form; the faults stand in `faults` then."""
        names = [*FIELDS]
        names += [f"variant.{at}.{name}" for at in range(len(self.variants)) for name in VARIANT_FIELDS]
        said = {name: self._said(name) for name in names}
        self.faults = {name: text for name, text in said.items() if text}
        return list(self.faults)

    # ---- saving --------------------------------------------------------------------------------------

    def save(self) -> bool:
        """Save it, or say what has to be mended first; whether it is on its way."""
        if self.saving:
            return False
        wrong = self.problems()
        if wrong:
            self.changed()
            self._point(wrong[0])
            return False
        self.saving = True
        self._work.write(self._add if self.before is None else self._edit, self._done, self._refused)
        self.changed()
        return True

    def _done(self, result: tuple[ProductView, PosError | None]) -> None:
        product, picture_fault = result
        self.saving = False
        if picture_fault is not None:  # the product is saved; its picture is still to be chosen
            self.begin(product)
            self.faults = {"picture": self._look.sentence(picture_fault)}
            self.changed()
            self._point("picture")
            return
        self.saved = True
        if self.on_saved is not None:
            self.on_saved(self, product)
        self.changed()

    def _refused(self, error: PosError) -> None:
        self.saving = False
        field = str(error.params.get("field", "")) or error.code.partition("_")[0]
        where = field if field in FIELDS or field == "picture" else ""
        self.faults[where or "form"] = self._look.sentence(error)
        self.changed()
        self._point(where or "name_bn")

    def _point(self, field: str) -> None:
        if self.on_fault is not None:
            self.on_fault(field)

    def _add(self) -> tuple[ProductView, PosError | None]:
        added = self._shop.catalogue.add(self.new_product())
        return added, self._keep_picture(added)

    def _edit(self) -> tuple[ProductView, PosError | None]:
        before = self.before
        assert before is not None
        if self.picture is not None:  # it may be refused, and then nothing is to be changed
            self._shop.pictures.keep(before.id, self.picture)
        elif self.picture_gone:
            self._shop.pictures.remove(before.id)
        change, kinds, new = self.change(), self.variant_changes(), self.new_variants()
        old, old_kinds = as_it_was(before)
        sku = before.sku

        def apply() -> ProductView:
            return self._apply(sku, change, kinds, new)

        if not new:
            self.undo, self.redo = lambda: self._apply(sku, old, old_kinds, []), apply
        return apply(), None

    def _apply(
        self, sku: str, change: ProductChange, kinds: dict[str, VariantChange], new: list[NewVariant]
    ) -> ProductView:
        """All of a change in one commit."""
        catalogue = self._shop.catalogue
        with self._shop.store.together():
            view = catalogue.edit(sku, change)
            for code, kind in kinds.items():
                view = catalogue.edit_variant(code, kind)
            return catalogue.add_variants(sku, new) if new else view

    def _keep_picture(self, product: ProductView) -> PosError | None:
        if self.picture is None:
            return None
        try:
            self._shop.pictures.keep(product.id, self.picture)
        except PosError as error:
            return error
        return None


def clean_barcode_or_none(text: str) -> str | None:
    """A barcode as stored; None where none is typed or what is typed is none."""
    try:
        return clean_barcode(text)
    except UserError:
        return None
