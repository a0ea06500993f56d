"""What this server can do: the handlers and the background work of all resources, listed once.

A new ``routes.py`` or ``work.py`` gets its line here; what is not listed does not exist for the server.
"""

from __future__ import annotations

from cvat_local.background.work import Works
from cvat_local.resources.access_tokens import routes as access_tokens
from cvat_local.resources.annotations import routes as annotation_routes
from cvat_local.resources.auth import routes as auth
from cvat_local.resources.backups import routes as backups
from cvat_local.resources.backups import work as backup_work
from cvat_local.resources.cloudstorages import routes as cloudstorages
from cvat_local.resources.comments import routes as comments
from cvat_local.resources.data import routes as data
from cvat_local.resources.data import work as data_work
from cvat_local.resources.events import routes as events
from cvat_local.resources.events import work as event_work
from cvat_local.resources.exports import routes as exports
from cvat_local.resources.exports import work as export_work
from cvat_local.resources.growth import routes as growth
from cvat_local.resources.guides import routes as guides
from cvat_local.resources.imports import project_routes as project_imports
from cvat_local.resources.imports import project_work as project_import_work
from cvat_local.resources.imports import routes as imports
from cvat_local.resources.imports import work as import_work
from cvat_local.resources.invitations import routes as invitations
from cvat_local.resources.issues import routes as issues
from cvat_local.resources.jobs import routes as jobs
from cvat_local.resources.labels import routes as labels
from cvat_local.resources.memberships import routes as memberships
from cvat_local.resources.organizations import routes as organizations
from cvat_local.resources.projects import routes as projects
from cvat_local.resources.requests import routes as requests
from cvat_local.resources.schema import routes as schema
from cvat_local.resources.server import routes as server
from cvat_local.resources.tasks import routes as tasks
from cvat_local.resources.users import routes as users
from cvat_local.resources.validation import routes as validation
from cvat_local.resources.webhooks import routes as webhooks
from cvat_local.serving.matching import PathTable
from cvat_local.serving.routing import Handlers
from cvat_sdk.api_client import operations

HANDLERS: tuple[Handlers, ...] = (
    access_tokens.handlers,
    annotation_routes.job_handlers,
    annotation_routes.task_handlers,
    auth.handlers,
    backups.project_handlers,
    backups.task_handlers,
    cloudstorages.handlers,
    comments.handlers,
    data.job_handlers,
    data.project_handlers,
    data.task_handlers,
    events.handlers,
    exports.job_handlers,
    exports.project_handlers,
    exports.task_handlers,
    growth.handlers,
    guides.handlers,
    guides.asset_handlers,
    imports.job_handlers,
    imports.task_handlers,
    project_imports.handlers,
    invitations.handlers,
    issues.handlers,
    jobs.handlers,
    labels.handlers,
    memberships.handlers,
    organizations.handlers,
    projects.handlers,
    requests.handlers,
    schema.handlers,
    server.handlers,
    tasks.handlers,
    users.handlers,
    validation.job_handlers,
    validation.task_handlers,
    webhooks.handlers,
)

WORKS: tuple[Works, ...] = (
    backup_work.work,
    data_work.work,
    event_work.work,
    export_work.work,
    import_work.work,
    project_import_work.work,
)


def path_table() -> PathTable:
    """All paths: the operations of the API and what the resources add."""
    return PathTable(operations.all_operations(), HANDLERS)
