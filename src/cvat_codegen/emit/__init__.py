"""The intermediate representation -> text of the generated modules."""

from cvat_codegen.emit.package import emit

__all__ = ["emit"]
