"""Pictures for the quickstart: four street scenes to annotate, and a sheet that shows what came back."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

WIDTH, HEIGHT = 640, 480
SKIES = [(122, 178, 226), (238, 176, 120), (150, 158, 170), (38, 44, 92)]
CAR = (180, 260, 420, 380)
"""Left, top, right and bottom of the car in every picture, in pixels."""
ROOF = [230.0, 260.0, 270.0, 205.0, 350.0, 205.0, 390.0, 260.0]
"""Corners of the car's roof: x, y, x, y..."""
SUN = (480, 40, 560, 120)
"""Box of the sun; right and bottom are outside of it."""


def draw_scenes(folder: Path) -> list[Path]:
    """Draw four JPEGs of 640x480 pixels that differ in sky, colours and texture.

    Returns:
        Their paths, in the order of their names.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, sky in enumerate(SKIES):
        noise = np.random.default_rng(number).integers(-14, 15, (HEIGHT, WIDTH, 3))
        rows = np.linspace(1.0, 0.65, HEIGHT)[:, None, None]
        pixels = np.clip(np.array(sky)[None, None, :] * rows + noise, 0, 255).astype(np.uint8)
        image = Image.fromarray(pixels)
        draw = ImageDraw.Draw(image)
        draw.rectangle((0, 370, WIDTH, HEIGHT), fill=(70 + 12 * number, 72, 78))
        draw.ellipse((SUN[0], SUN[1], SUN[2] - 1, SUN[3] - 1), fill=(255, 226, 130 - 25 * number))
        paint = [(196, 40, 48), (36, 96, 176), (232, 196, 60), (58, 150, 92)][number]
        draw.polygon(list(zip(ROOF[::2], ROOF[1::2], strict=True)), fill=paint)
        draw.rectangle(CAR, fill=paint)
        for centre in (235, 365):
            draw.ellipse((centre - 32, 348, centre + 32, 412), fill=(24, 24, 26))
        path = folder / f"scene{number + 1}.jpg"
        image.save(path, quality=92)
        paths.append(path)
    return paths


def sun_mask() -> np.ndarray[Any, np.dtype[np.bool_]]:
    """The pixels of the sun inside its box, as rows of booleans."""
    radius = (SUN[2] - SUN[0]) / 2
    ys, xs = np.mgrid[0 : SUN[3] - SUN[1], 0 : SUN[2] - SUN[0]]
    inside: np.ndarray[Any, np.dtype[np.bool_]] = (
        np.hypot(xs + 0.5 - radius, ys + 0.5 - radius) <= radius
    )
    return inside


def mask_points(mask: np.ndarray[Any, np.dtype[np.bool_]], left: int, top: int) -> list[float]:
    """A mask as CVAT writes it: run lengths, zeros first, row by row; then the box, ends included."""
    flat = mask.ravel()
    changes = np.flatnonzero(np.diff(flat)) + 1
    runs = np.diff(np.concatenate(([0], changes, [flat.size]))).tolist()
    if flat[0]:
        runs.insert(0, 0)
    height, width = mask.shape
    return [float(n) for n in (*runs, left, top, left + width - 1, top + height - 1)]


def contact_sheet(coco: Any, images: Path, target: Path) -> None:
    """Draw the annotations of a COCO data set over its images, all on one sheet.

    Args:
        coco: A `pycocotools.coco.COCO`.
        images: Folder that holds the images by their COCO file names.
        target: PNG file to write.
    """
    ids = sorted(coco.getImgIds())
    columns = math.ceil(math.sqrt(len(ids)))
    rows = math.ceil(len(ids) / columns)
    sheet = Image.new("RGB", (columns * WIDTH, rows * HEIGHT), "white")
    colours = [(255, 0, 255), (0, 255, 255), (255, 255, 0)]
    for position, image_id in enumerate(ids):
        info = coco.loadImgs(image_id)[0]
        picture = Image.open(images / info["file_name"]).convert("RGB")
        for annotation in coco.loadAnns(coco.getAnnIds(imgIds=image_id)):
            colour = colours[annotation["category_id"] % len(colours)]
            if annotation["segmentation"]:
                inside = coco.annToMask(annotation).astype(bool)
                pixels = np.array(picture)
                pixels[inside] = pixels[inside] // 2 + np.array(colour, dtype=np.uint8) // 2
                picture = Image.fromarray(pixels)
            x, y, width, height = annotation["bbox"]
            draw = ImageDraw.Draw(picture)
            draw.rectangle((x, y, x + width, y + height), outline=colour, width=3)
            name = coco.loadCats(annotation["category_id"])[0]["name"]
            draw.text((x + 4, max(0, y - 14)), f"{name} {annotation['area']:.0f} px", fill=colour)
        ImageDraw.Draw(picture).text((8, 8), info["file_name"], fill="white")
        sheet.paste(picture, (position % columns * WIDTH, position // columns * HEIGHT))
    sheet.save(target)
