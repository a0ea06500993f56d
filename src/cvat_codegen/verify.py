"""What the generator proves about its output before a file is written.

Every module compiles, every name in it is known, no name hides another, every import leads to a module and a name of
the output, and every operation is there, once as a method and once in the operation table.
"""

from __future__ import annotations

import builtins
import re
import symtable
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cvat_codegen import ir
from cvat_codegen.problems import Problem, Problems
from cvat_codegen.source import quoted

_KNOWN = frozenset([*dir(builtins), "__name__", "__file__"])
# Annotations that are not evaluated are not looked at either.
_FUTURE = "from __future__ import annotations\n"
_CLASS = re.compile(r"^class (\w+)", re.MULTILINE)
_LITERAL = re.compile(r"^(\w+): TypeAlias = ", re.MULTILINE)
# What is longer than a line stands in brackets, a name a line.
_IMPORT = re.compile(r"^ *from ([\w.]+) import (\([\w\s,]*\)|[\w, ]+)$", re.MULTILINE)
_OPERATION = re.compile(r"^    (\"\w+\"): Operation\($", re.MULTILINE)


def verify(api: ir.Api, files: Mapping[str, str], package: str) -> Problems | None:
    """What is wrong with generated modules.

    Args:
        api: What they were generated from.
        files: Text of each by its path below the output folder.
        package: Name that this folder is imported by.
    """
    problems: list[Problem] = []
    modules: dict[str, _Module] = {}
    places = _places(api)
    for path, text in files.items():
        try:
            compile(text, path, "exec", dont_inherit=True)
            modules[path] = _Module(
                text, symtable.symtable(text.replace(_FUTURE, "", 1), path, "exec")
            )
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            message = f"gives {path}, which is no Python: {error}"
            problems.append(Problem(places.get(path, ""), message))
    for path, module in modules.items():
        faults = [*module.faults(), *_lost_imports(module, modules, package)]
        problems += [
            Problem(places.get(path, ""), f"gives {path}, which {fault}") for fault in faults
        ]
    if not problems:
        problems += _lost_operations(api, modules)
    return Problems(tuple(dict.fromkeys(problems))) if problems else None


def _places(api: ir.Api) -> dict[str, str]:
    """Where in the description the contents of a file stand."""
    places = {f"model/{model.module}.py": model.place for model in api.models}
    for tag in api.tags:
        place = tag.operations[0].place if tag.operations else ""
        places[f"api/{tag.api_module}.py"] = places[f"operations/{tag.module}.py"] = place
    return places


@dataclass(frozen=True)
class _Module:
    text: str
    table: symtable.SymbolTable

    def faults(self) -> Iterator[str]:
        classes = Counter(_CLASS.findall(self.text))
        for symbol in self.table.get_symbols():
            name = symbol.get_name()
            if classes[name] + symbol.is_imported() > 1:
                yield f"defines {name} twice"
        defined = {s.get_name() for s in self.table.get_symbols() if _is_bound(s)}
        for table in _tables(self.table):
            for symbol in table.get_symbols():
                name = symbol.get_name()
                if table.get_type() == "class" and symbol.is_referenced() and _is_bound(symbol):
                    yield f"uses {name} in {table.get_name()}, where it is another thing"
                is_outer = symbol.is_global() or (table is self.table and not _is_bound(symbol))
                if is_outer and name not in defined and name not in _KNOWN:
                    yield f"uses {name}, which is not defined"

    def methods(self, class_name: str) -> set[str]:
        """Names of what a class defines."""
        return {
            symbol.get_name()
            for table in self.table.get_children()
            if table.get_type() == "class" and table.get_name() == class_name
            for symbol in table.get_symbols()
            if symbol.is_assigned()
        }


def _is_bound(symbol: symtable.Symbol) -> bool:
    return symbol.is_assigned() or symbol.is_imported() or symbol.is_annotated()


def _tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _tables(child)


def _lost_imports(module: _Module, modules: Mapping[str, _Module], package: str) -> Iterator[str]:
    for source, listed in _IMPORT.findall(module.text):
        head, _, name = source.rpartition(".")
        if head not in (f"{package}.api", f"{package}.model"):
            continue
        target = modules.get(f"{head.rpartition('.')[2]}/{name}.py")
        text = target.text if target is not None else ""
        defined = _CLASS.findall(text) + _LITERAL.findall(text)
        for lost in set(re.findall(r"\w+", listed)).difference(defined):
            yield f"imports {lost} from {source}, which has no such class"


def _lost_operations(api: ir.Api, modules: Mapping[str, _Module]) -> Iterator[Problem]:
    for tag in api.tags:
        methods = modules[f"api/{tag.api_module}.py"].methods(tag.class_name)
        table = Counter(_OPERATION.findall(modules[f"operations/{tag.module}.py"].text))
        for operation in tag.operations:
            if operation.name not in methods or table[quoted(operation.name)] != 1:
                yield Problem(operation.place, f"the operation {operation.id} is lost")
