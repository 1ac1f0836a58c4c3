"""Signature fields in the structure of a tagged PDF, so that assistive technology finds them (ISO 14289-1, 7.18). Runs in the limited process.

Each is a Form element at the end of the document's structure, with what the field says; done before the first signature, since afterwards the
structure may not change.
"""

from collections.abc import Sequence
from typing import Any

from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, IndirectObject, NumberObject, TextStringObject, pdf_name
from pyhanko.pdf_utils.writer import BasePdfFileWriter

Widget = tuple[IndirectObject, str]  # the field with its place on the page, and what a screen reader says of it


def tag(writer: BasePdfFileWriter, page: IndirectObject, widgets: Sequence[Widget]) -> None:
    """Give each widget of a page its place in the structure, and the page its order of tabs.

    Nothing where the document is not tagged, or its structure cannot be made sense of.
    """
    tree = held(writer.root, "/StructTreeRoot")
    if not isinstance(tree, DictionaryObject):
        return
    try:
        parent, parent_ref = _top(writer, tree)
        key = _next_key(tree)
    except (LookupError, TypeError, ValueError, AttributeError):
        return
    for widget, label in widgets:
        element = writer.add_object(_element(parent_ref, page, widget, label))
        _append(writer, parent, "/K", element)
        _enter(writer, tree, key, element)
        field = widget.get_object()
        field["/StructParent"] = NumberObject(key)
        writer.update_container(field)
        key += 1
    tree["/ParentTreeNextKey"] = NumberObject(key)
    writer.update_container(tree)
    leaf = page.get_object()
    leaf["/Tabs"] = pdf_name("/S")
    writer.update_container(leaf)


def _top(writer: BasePdfFileWriter, tree: Any) -> tuple[Any, IndirectObject]:
    """Where elements are added: the one Document element, where there is one, else the root of the structure."""
    kids = held(tree, "/K")
    only = kids.raw_get(0) if isinstance(kids, ArrayObject) and len(kids) == 1 else tree.raw_get("/K") if kids is not None else None
    if isinstance(only, IndirectObject) and held(only.get_object(), "/S") == "/Document":
        return only.get_object(), only
    return tree, writer.root.raw_get("/StructTreeRoot")


def _element(parent: IndirectObject, page: IndirectObject, widget: IndirectObject, label: str) -> DictionaryObject:
    reference = DictionaryObject({pdf_name("/Type"): pdf_name("/OBJR"), pdf_name("/Pg"): page, pdf_name("/Obj"): widget})
    return DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/StructElem"),
            pdf_name("/S"): pdf_name("/Form"),
            pdf_name("/P"): parent,
            pdf_name("/Pg"): page,
            pdf_name("/Alt"): TextStringObject(label),
            pdf_name("/K"): reference,
        }
    )


def _append(writer: BasePdfFileWriter, holder: Any, name: str, value: Any) -> None:
    """Put a value at the end of what a dictionary holds under a name: an array, one value, or nothing yet."""
    present = held(holder, name)
    if isinstance(present, ArrayObject):
        present.append(value)
        writer.update_container(present)
        return
    holder[pdf_name(name)] = ArrayObject([value] if present is None else [holder.raw_get(name), value])
    writer.update_container(holder)


def _enter(writer: BasePdfFileWriter, tree: Any, key: int, element: IndirectObject) -> None:
    """The element in the tree that leads from a widget's number to it: at the end, since no number is higher."""
    numbers = held(tree, "/ParentTree")
    if numbers is None:
        tree["/ParentTree"] = numbers = DictionaryObject({pdf_name("/Nums"): ArrayObject()})
        writer.update_container(tree)
    pair = [NumberObject(key), element]
    if "/Kids" in numbers:
        limits = ArrayObject([NumberObject(key), NumberObject(key)])
        leaf = DictionaryObject({pdf_name("/Limits"): limits, pdf_name("/Nums"): ArrayObject(pair)})
        _append(writer, numbers, "/Kids", writer.add_object(leaf))
        return
    for value in pair:
        _append(writer, numbers, "/Nums", value)


def _next_key(tree: Any) -> int:
    """The next number that no page and no widget has."""
    numbers = held(tree, "/ParentTree")
    used = _keys(numbers) if numbers is not None else []
    return max([int(held(tree, "/ParentTreeNextKey") or 0), *(key + 1 for key in used)])


def _keys(node: Any) -> list[int]:
    """All the numbers of a tree, of which no branch may be its own."""
    found, nodes, seen = [], [node], set()
    while nodes:
        here = nodes.pop()
        if id(here) in seen:
            continue
        seen.add(id(here))
        found += [int(key) for key in list(held(here, "/Nums") or ())[::2]]
        nodes += [kid.get_object() for kid in (held(here, "/Kids") or ())]
    return found


def held(holder: Any, name: str) -> Any:
    """What a dictionary holds under a name, wherever it is (its `get` does not go there); None where it holds nothing."""
    if name not in holder:
        return None
    return holder[name]
