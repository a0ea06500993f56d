"""A kind of contract for import-linter: packages side by side that use each other's public names only."""

from __future__ import annotations

from typing import cast

import grimp
from importlinter import Contract, ContractCheck, fields, output


class FacesContract(Contract):
    """The children of a package import each other by name, never a module inside another.

    What a child has for others is what its ``__init__.py`` imports.

    Options:
        parent: The package whose children are meant.
        open_children: Children without a face, whose modules all others may import.
    """

    type_name = "faces"

    parent = fields.StringField()
    open_children = fields.SetField(subfield=fields.StringField(), required=False)

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        """Find the imports that go round a face."""
        # A field is a descriptor for type checkers; what an instance has is the value that was read.
        parent = cast(str, self.parent)
        opened = {f"{parent}.{name}" for name in cast("set[str] | None", self.open_children) or ()}
        children = graph.find_children(parent)
        broken = []
        for child in sorted(children):
            for importer in {child, *graph.find_descendants(child)}:
                for imported in graph.find_modules_directly_imported_by(importer):
                    owner = self._owner(imported, children)
                    if owner not in (None, child) and owner != imported and owner not in opened:
                        details = graph.get_import_details(importer=importer, imported=imported)
                        lines = sorted({detail["line_number"] for detail in details})
                        broken.append((importer, imported, lines))
        return ContractCheck(kept=not broken, metadata={"broken": sorted(broken)})

    @staticmethod
    def _owner(module: str, children: set[str]) -> str | None:
        """The child that a module is in or is."""
        return next((c for c in children if module == c or module.startswith(f"{c}.")), None)

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print the imports that go round a face."""
        for importer, imported, lines in check.metadata["broken"]:
            places = ", ".join(f"l.{line}" for line in lines)
            output.print_error(f"{importer} imports {imported} ({places})", bold=False)
        output.new_line()
        output.print_error(
            "Import the package, and name what is meant for others in its __init__.py."
        )
