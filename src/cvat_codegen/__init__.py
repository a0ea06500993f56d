"""Turns an OpenAPI 3.0 description into the generated part of ``cvat_sdk.api_client``.

The way of the data: `document` reads the description and applies the corrections, `hoist` gives inline
schemas a name, `schemas` and `operations` build the intermediate representation (`ir`), `emit` writes it
as text, and `output` compares that text with the files on disk.
"""
