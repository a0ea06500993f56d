"""What annotations mean: geometry, masks, and where tracks are. Pure functions, used by the client and the local server.

- `kinds`: how many numbers the points of each type of shape have;
- `geometry`: boxes, corners, areas, outlines;
- `masks`, `coco`, `outlines`: masks as pixels, as COCO's run lengths, and as polygons; these need NumPy;
- `tracks`: keyframes, and the positions between them.

Annotations are plain data here, as the API writes them (`to_dict()` of the models), with all keys of each object.
"""
