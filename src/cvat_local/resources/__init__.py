"""What the server has, one folder a resource of the API, with the same few files in each:

=============  ==================================================================
`routes`       HTTP in, HTTP out; listed in `cvat_local.catalog`
`access`       who may do what, and finding an object with that check
`rules`        what may be written, and what follows from it
`serialize`    how objects are written
`work`         what happens in the background; listed in `cvat_local.catalog`
=============  ==================================================================

A resource uses of another what that one's ``__init__.py`` names. What several do in the same way is in
`shared`.
"""
