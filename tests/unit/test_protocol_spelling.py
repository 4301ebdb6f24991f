"""Bodies of which there are many are declared in the order in which they are spelt (`bodies.IN_ORDER`)."""

from __future__ import annotations

import typing

import msgspec
import pytest

from pos.protocol.bodies import IN_ORDER


def structs_in(shape: object) -> set[type[msgspec.Struct]]:
    """This one, where it is one, and all that are in it; what has no order of its own must not be in it."""
    if isinstance(shape, type) and issubclass(shape, msgspec.Struct):
        fields = typing.get_type_hints(shape).values()
        return {shape}.union(*map(structs_in, fields))
    assert typing.get_origin(shape) is not dict, shape
    return set().union(*map(structs_in, typing.get_args(shape)))


@pytest.mark.parametrize("shape", sorted(IN_ORDER, key=str))
def test_fields_stand_in_the_order_in_which_they_are_spelt(shape: type[msgspec.Struct]) -> None:
    for each in structs_in(shape):
        assert list(each.__struct_fields__) == sorted(each.__struct_fields__), each.__name__
        assert not each.__struct_config__.tag, each.__name__
