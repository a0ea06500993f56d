"""Names that are not there."""

import cvat_sdk
import cvat_sdk.exceptions
import cvat_sdk.models
from cvat_sdk import api_client
from cvat_sdk.api_client import ApiClient, apis, exceptions, models

models.TaskWriteRequest, models.ITaskRead, models.TaskWriteRequestDict, models.JobStatusLiteral
apis.TasksApi, exceptions.NotFoundException, exceptions.ServiceException
cvat_sdk.models.TaskRead, cvat_sdk.exceptions.CvatSdkException, cvat_sdk.api_client.models
api_client.ApiClient, api_client.models.TaskRead

models.TaskWriteReqest  # error
cvat_sdk.models.TaskWriteReqest  # error
apis.TaskApi  # error
exceptions.NotFoundError  # error
cvat_sdk.exceptions.NotFoundError  # error
cvat_sdk.xyz  # error
api_client.ApiClent  # error


def attributes(client: ApiClient) -> None:
    client.labels_api, client.tasks_api.list_endpoint
    client.label_api  # error
    client.tasks_api.lst_endpoint  # error
