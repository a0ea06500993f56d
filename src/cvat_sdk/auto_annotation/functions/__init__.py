"""Functions with models of torchvision, for `annotate_task` and the published command line.

``torchvision_classification``, ``torchvision_detection``, ``torchvision_instance_segmentation`` and
``torchvision_keypoint_detection``: each has ``create(model_name, weights_name="DEFAULT", **kwargs)``.
"""
