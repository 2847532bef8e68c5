"""Chapter 7: smoothed fields, moved pixels and turned pictures, by SciPy's ndimage."""

import numpy as np
from scipy import ndimage

from oracle import rounded

SIZE = (9, 12)
SIGMA = 1.5
ANGLE, SCALE, SHIFT = 25.0, (1.2, 0.9), (0.5, -1.25)


def turned(picture):
    """The picture after it was scaled, turned about its centre and shifted."""
    sin, cos = np.sin(np.radians(ANGLE)), np.cos(np.radians(ANGLE))
    # Counterclockwise for the eye, with rows that count downwards
    forward = np.array([[cos, -sin], [sin, cos]]) @ np.diag(SCALE)
    back = np.linalg.inv(forward)
    centre = (np.array(SIZE) - 1) / 2
    offset = centre - back @ (centre + SHIFT)
    return ndimage.affine_transform(picture, back, offset, order=1, mode="grid-constant")


def light():
    rng = np.random.default_rng(7)
    picture = rng.integers(0, 256, SIZE)
    field = rounded(rng.uniform(-1, 1, SIZE))
    places = rounded(np.indices(SIZE) + rng.uniform(-3, 3, (2, *SIZE)), 2)
    return {
        "picture": picture,
        "sigma": SIGMA,
        "field": field,
        "smooth": ndimage.gaussian_filter(field, SIGMA, mode="constant"),
        "places": places,
        "sampled": ndimage.map_coordinates(picture.astype(float), places, order=1, mode="grid-constant"),
        "angle": ANGLE,
        "scale": SCALE,
        "shift": SHIFT,
        "turned": turned(picture.astype(float)),
    }
