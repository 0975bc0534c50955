"""People in a picture made unrecognisable: the fields of a grid that staff tick are filled with one colour.

What stood in a field is gone: all of them together leave the one colour that they are on average.
"""

from PIL import Image, ImageStat

LONG_SIDE, SHORTEST = 14, 4  # fields along the longer side; along the shorter one at least


def grid_of(width, height):
    """(columns, rows) of nearly square fields for a picture of this size."""
    long, short = max(width, height), min(width, height)
    few = max(SHORTEST, round(LONG_SIDE * short / long))
    return (LONG_SIDE, few) if width >= height else (few, LONG_SIDE)


def covered(image, fields):
    """A copy of `image` with `fields`, {(row, column), …} from 0, filled. Fields beyond the grid are a ValueError."""
    columns, rows = grid_of(*image.size)
    if not all(0 <= row < rows and 0 <= column < columns for row, column in fields):
        raise ValueError("A field beyond the grid.")
    copy = image.convert("RGB")
    boxes = [_box(copy.size, columns, rows, *field) for field in sorted(fields)]
    colour = _on_average(copy, boxes)
    for box in boxes:
        copy.paste(colour, box)
    return copy


def _box(size, columns, rows, row, column):
    """Left, top, right, bottom in points; what two fields share belongs to both, so that no line stays between them."""
    width, height = size
    return (
        column * width // columns,
        row * height // rows,
        -(-(column + 1) * width // columns),
        -(-(row + 1) * height // rows),
    )


def _on_average(image, boxes):
    means = [ImageStat.Stat(image.crop(box)).mean for box in boxes]
    return tuple(round(sum(channel) / len(means)) for channel in zip(*means, strict=True))


def read(attachment):
    """The picture of an attachment, in memory."""
    with attachment.file.open("rb") as file:
        image = Image.open(file)
        image.load()
    return image
