"""Everything that runs when a model is built or an operation is called.

Generated modules declare; the modules here do. Nothing outside the package should import from here:
the public names are in `cvat_sdk.api_client` and its submodules.
"""
