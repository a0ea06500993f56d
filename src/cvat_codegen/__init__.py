"""Turns an OpenAPI description into the generated part of ``cvat_sdk.api_client``, or into a package of its own.

The way of the data: `reading` reads the description, `corrections` patches it, `files` takes in what stands in other
files, `dialect` gives it one spelling, `hoist` gives inline schemas a name, `schemas` and `operations` build the
intermediate representation (`ir`), `emit` writes it as text, `verify` proves that text, and `output` compares it with
the files on disk.
"""
