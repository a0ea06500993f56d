"""All generated modules of an API: path -> text."""

from __future__ import annotations

from typing import Any

from cvat_codegen import ir
from cvat_codegen.emit.aliases import aliases_view
from cvat_codegen.emit.annotations import Inputs
from cvat_codegen.emit.apis import api_view
from cvat_codegen.emit.client import FILES, client_view
from cvat_codegen.emit.environment import header, render
from cvat_codegen.emit.graph import field_graph, sent_models
from cvat_codegen.emit.models import ModelEmitter
from cvat_codegen.emit.operations import operations_view
from cvat_codegen.emit.text import docstring, filled, import_line
from cvat_codegen.names import dict_name, interface_name, is_package_name, literal_name
from cvat_codegen.settings import Profile
from cvat_codegen.source import Source, code, comment, joined, quoted

FOLDERS = ("api", "apis", "model", "models", "operations")
"""Folders that hold generated modules and nothing else."""


def emit(
    api: ir.Api,
    source: str,
    package: str,
    *,
    client: bool = True,
    profile: Profile | None = None,
) -> dict[str, str]:
    """Text of every generated module.

    Args:
        api: What to generate.
        source: Name of the description, for the first line of each module.
        package: Name that the output folder is imported by.
        client: Whether the package has a client, a configuration and exceptions.
        profile: What servers do beyond their description.

    Returns:
        Text by path below the output folder, such as ``model/label.py``.
    """
    emitter = _Emitter(api, source, package, profile)
    files = emitter.files()
    if client:
        files.update(emitter.client_files())
    return dict(sorted(files.items()))


class _Emitter:
    def __init__(self, api: ir.Api, source: str, package: str, profile: Profile | None) -> None:
        self.api = api
        self.profile = profile
        if not is_package_name(package):
            raise ValueError(f"{package!r} is not the name of a package")
        self.package = Source(package)
        self.header = comment(header(api, source))
        graph = field_graph(api.models)
        models = {model.name: model for model in api.models}
        objects = {
            model.name
            for model in api.models
            if isinstance(model, (ir.ObjectModel, ir.ComposedModel))
        }
        enums = {
            frozenset(value for _, value in model.members): model.name
            for model in reversed(api.models)
            if isinstance(model, ir.EnumModel)
        }
        self.inputs = Inputs(models, sent_models(api.tags, graph) & objects, enums)
        self.model_emitter = ModelEmitter(self.inputs, graph, self.package)

    def files(self) -> dict[str, str]:
        files = {
            "api/__init__.py": self._package("API classes, one module each."),
            "model/__init__.py": self._package("Models, one module each."),
            "apis/__init__.py": self._exports(
                "API classes, imported when first used.", "api", self._apis()
            ),
            "apis/attributes.py": self._attributes(),
            "models/__init__.py": self._exports(
                "Models, their interfaces, typed dictionaries and values, imported when first used.",
                "model",
                self._models(),
            ),
            "operations/__init__.py": self._render(
                "operations_package.py.jinja",
                tags=filled([quoted(tag.name) for tag in self.api.tags], 4),
                modules=[(quoted(tag.name), quoted(tag.module)) for tag in self.api.tags],
            ),
            # The name of no tag's module begins with an underscore unless it is a keyword's.
            "operations/_aliases.py": self._render(
                "aliases.py.jinja", **aliases_view(self.api.tags)
            ),
        }
        for model in self.api.models:
            template = self.model_emitter.template(model)
            text = self._render(template, **self.model_emitter.view(model))
            files[f"model/{model.module}.py"] = text
        for tag in self.api.tags:
            view = api_view(tag, self.inputs, self.package)
            for ending in ("py", "pyi"):
                files[f"api/{tag.api_module}.{ending}"] = self._render(
                    f"api.{ending}.jinja", **view
                )
            table = self._render("operations.py.jinja", **operations_view(tag, self.profile))
            files[f"operations/{tag.module}.py"] = table
        return files

    def client_files(self) -> dict[str, str]:
        view = client_view(self.api, self.package, self.profile)
        return {
            f"{name}.py": self._render(f"package_{name.strip('_')}.py.jinja", **view)
            for name in FILES
        }

    def _render(self, template: str, **variables: Any) -> str:
        return render(template, header=self.header, **variables)

    def _package(self, text: str) -> str:
        return f"{self.header}\n{docstring(text, 0)}\n"

    def _apis(self) -> dict[Source, list[Source]]:
        return {tag.api_module: [tag.class_name] for tag in self.api.tags}

    def _attributes(self) -> str:
        return self._render(
            "attributes.py.jinja",
            modules=[
                (
                    tag.api_module,
                    self._import("api", tag.api_module, [tag.class_name]),
                    tag.class_name,
                )
                for tag in self.api.tags
            ],
        )

    def _models(self) -> dict[Source, list[Source]]:
        modules: dict[Source, list[Source]] = {}
        for model in self.api.models:
            names = modules.setdefault(model.module, [model.name])
            if isinstance(model, (ir.ObjectModel, ir.EnumModel)):
                names.append(interface_name(model.name))
            if isinstance(model, (ir.EnumModel, ir.EnumUnion)):
                names.append(literal_name(model.name))
            if model.name in self.inputs.with_dict:
                names.append(dict_name(model.name))
            names.sort()
        return modules

    def _exports(self, text: str, folder: str, modules: dict[Source, list[Source]]) -> str:
        everything = sorted(name for names in modules.values() for name in names)
        return self._render(
            "exports.py.jinja",
            docstring=docstring(text, 0),
            prefix=code("{}.{}", self.package, Source(folder)),
            all_names=filled([quoted(name) for name in everything], 4),
            modules=[
                (
                    module,
                    self._import(folder, module, modules[module]),
                    joined(" ", modules[module]),
                )
                for module in sorted(modules)
            ],
        )

    def _import(self, folder: str, module: Source, names: list[Source]) -> Source:
        place = code("{}.{}.{}", self.package, Source(folder), module)
        return import_line(place, names, 4)
