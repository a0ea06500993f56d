"""Pictures for the quickstart: four street scenes to annotate, and a sheet that shows what came back."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

WIDTH, HEIGHT = 640, 480
SKIES = [(122, 178, 226), (238, 176, 120), (150, 158, 170), (38, 44, 92)]
BODY = (180, 260, 421, 381)
ROOF = [(230, 260), (270, 205), (350, 205), (390, 260)]
WHEELS = [(235.5, 380.5), (365.5, 380.5)]
WHEEL_RADIUS = 32.5
CAR = (180, 205, 421, 413)
"""Box of the whole car in every picture, in pixels: left, top, right, bottom."""
SUN = (480, 40, 560, 120)
"""Box of the sun."""

GAP, CAPTION = 16, 36
PAPER, INK = (250, 250, 250), (17, 17, 17)
COLOURS = [(255, 214, 10), (0, 229, 255), (255, 64, 255)]
FONT = ImageFont.load_default(size=20)


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
        draw.polygon(ROOF, fill=paint)
        draw.rectangle((BODY[0], BODY[1], BODY[2] - 1, BODY[3] - 1), fill=paint)
        for x, y in WHEELS:
            reach = WHEEL_RADIUS - 0.5
            draw.ellipse((x - reach, y - reach, x + reach, y + reach), fill=(24, 24, 26))
        path = folder / f"scene{number + 1}.jpg"
        image.save(path, quality=92)
        paths.append(path)
    return paths


def car_outline() -> list[float]:
    """The outline of the car with its wheels, as a polygon: x, y, x, y..."""
    left, top, right, bottom = BODY
    points: list[tuple[float, float]] = [
        (left, bottom),
        (left, top),
        *ROOF,
        (right, top),
        (right, bottom),
    ]
    for x, y in reversed(WHEELS):
        for degrees in range(0, 181, 15):
            angle = math.radians(degrees)
            points.append((x + WHEEL_RADIUS * math.cos(angle), y + WHEEL_RADIUS * math.sin(angle)))
    return [round(float(value), 1) for point in points for value in point]


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
    sheet = Image.new(
        "RGB", (columns * (WIDTH + GAP) + GAP, rows * (HEIGHT + CAPTION + GAP) + GAP), PAPER
    )
    for position, image_id in enumerate(ids):
        info = coco.loadImgs(image_id)[0]
        left = GAP + position % columns * (WIDTH + GAP)
        top = GAP + position // columns * (HEIGHT + CAPTION + GAP)
        with Image.open(images / info["file_name"]) as image:
            picture = image.convert("RGB")
        found = coco.loadAnns(coco.getAnnIds(imgIds=image_id))
        for annotation in found:
            picture = _with_annotation(coco, picture, annotation)
        sheet.paste(picture, (left, top))
        count = f"{len(found)} annotation{'' if len(found) == 1 else 's'}"
        draw = ImageDraw.Draw(sheet)
        draw.text((left + 4, top + HEIGHT + 5), info["file_name"], fill=INK, font=FONT)
        draw.text((left + WIDTH - 4, top + HEIGHT + 5), count, fill=INK, font=FONT, anchor="ra")
    sheet.save(target)


def _with_annotation(coco: Any, picture: Image.Image, annotation: dict[str, Any]) -> Image.Image:
    """A picture with one annotation: filled, with an outline that shows on any colour, and a label."""
    colour = COLOURS[annotation["category_id"] % len(COLOURS)]
    left, top, width, height = annotation["bbox"]
    if annotation["segmentation"]:
        inside = coco.annToMask(annotation).astype(bool)
    else:
        inside = np.zeros((picture.height, picture.width), dtype=bool)
        inside[round(top) : round(top + height), round(left) : round(left + width)] = True
    pixels = np.array(picture)
    pixels[inside] = (pixels[inside] * 0.72 + np.array(colour) * 0.28).astype(np.uint8)
    # Dark on both sides of the coloured line: one of the two differs from whatever is behind it.
    pixels[_grown(inside, 4) & ~_shrunk(inside, 3)] = INK
    pixels[_grown(inside, 2) & ~_shrunk(inside, 1)] = colour
    picture = Image.fromarray(pixels)

    draw = ImageDraw.Draw(picture)
    name = coco.loadCats(annotation["category_id"])[0]["name"]
    text = f"{name}  {annotation['area']:,.0f} px"
    wide = draw.textlength(text, font=FONT) + 16
    x = min(max(left - 4, 0), picture.width - wide)
    y = top - 36 if top >= 36 else top + height + 6
    draw.rectangle((x, y, x + wide, y + 30), fill=INK)
    draw.rectangle((x, y, x + 5, y + 30), fill=colour)
    draw.text((x + 11, y + 3), text, fill="white", font=FONT)
    return picture


def _grown(mask: Any, pixels: int) -> Any:
    """A mask with a margin around it."""
    size = 2 * pixels + 1
    image = Image.fromarray(mask.astype(np.uint8) * 255).filter(ImageFilter.MaxFilter(size))
    return np.array(image) > 0


def _shrunk(mask: Any, pixels: int) -> Any:
    """A mask without its margin."""
    return ~_grown(~mask, pixels)
