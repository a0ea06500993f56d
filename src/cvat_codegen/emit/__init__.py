"""The intermediate representation -> text of the generated modules and reference pages."""

from cvat_codegen.emit.package import emit
from cvat_codegen.emit.project import project
from cvat_codegen.emit.reference import reference

__all__ = ["emit", "project", "reference"]
