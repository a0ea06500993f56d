"""Lists in arguments: of any of the right things, whatever the list was made for."""

from collections.abc import Sequence
from io import BufferedReader, BytesIO
from typing import IO

from cvat_sdk.api_client import ApiClient, models


def files(readers: list[BufferedReader], buffers: list[BytesIO], streams: Sequence[IO[bytes]]) -> None:
    models.DataRequest(image_quality=75, client_files=readers)
    models.DataRequest(image_quality=75, client_files=buffers)
    models.DataRequest(image_quality=75, client_files=streams)
    models.DataRequest(image_quality=75, client_files=[open("a.jpg", "rb"), BytesIO(b"")])
    as_dict: models.DataRequestDict = {"image_quality": 75, "client_files": readers}
    models.DataRequest(client_files=["a.jpg"])  # error
    models.DataRequest(client_files=open("a.jpg", "rb"))  # error
    assert as_dict


def texts(names: list[str]) -> None:
    models.DataRequest(server_files=names)
    models.DataRequest(job_file_mapping=[names, ["a.jpg"]])
    models.DataRequest(server_files="a.jpg")  # error
    models.DataRequest(job_file_mapping=["a.jpg"])  # error
    models.DataRequest(server_files=[1])  # error


def numbers_and_models(client: ApiClient, points: list[int], labels: list[models.PatchedLabelRequest], dicts: list[models.PatchedLabelRequestDict]) -> None:
    shape = models.LabeledShapeRequest("polygon", 0, 4, points=points)
    client.tasks_api.create({"name": "a", "labels": labels})
    client.tasks_api.create({"name": "a", "labels": dicts})
    models.TaskWriteRequest("a", labels=labels)
    models.LabeledDataRequest(shapes=[shape])
    models.LabeledDataRequest(shapes=shape)  # error
