"""What people do to models and enumerations beside using them: where we do less than the published package."""

from __future__ import annotations

from typing import Any

from cvat_sdk.api_client import models
from differential.case import Side, case


@case()
def subclass_of_an_enumeration(side: Side) -> Any:
    class Stage(models.JobStage):  # type: ignore[misc]  # an enumeration with members is final
        pass

    return Stage("annotation").value


@case()
def vars_of_a_model(side: Side) -> Any:
    return "_data_store" in vars(models.TaskWriteRequest(name="x"))


@case()
def model_names_in_a_module_of_apis(side: Side) -> Any:
    from cvat_sdk.api_client.api import tasks_api

    return hasattr(tasks_api, "TaskRead")
