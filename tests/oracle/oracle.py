"""What the oracles share: numbers that Rust reads back exactly, and files that say where they
come from."""

import json
import pathlib
import platform
from importlib import metadata

import numpy as np

HERE = pathlib.Path(__file__).parent


def rounded(array, digits=6):
    """Data with few digits, so that both sides start from the same numbers."""
    return np.round(np.asarray(array, dtype=np.float64), digits)


def plain(value):
    """Arrays as lists, NumPy's numbers as Python's."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if hasattr(value, "tolist"):
        return value.tolist()
    return value


def versions(*packages):
    return {"python": platform.python_version()} | {
        package: metadata.version(package) for package in packages
    }


def path(name):
    return HERE / f"{name}.json"


def load(name):
    return json.loads(path(name).read_text()) if path(name).exists() else {}


def save(name, fixture):
    path(name).write_text(json.dumps(plain(fixture), indent=1) + "\n")


def moved(old, new, tolerance, name=""):
    """The names of the numbers that differ by more than the tolerance, with both values."""
    if isinstance(new, dict):
        for key in new:
            yield from moved(old.get(key), new[key], tolerance, f"{name}.{key}") if isinstance(
                old, dict
            ) else [(f"{name}.{key}", None, "new")]
    elif isinstance(new, list) and isinstance(old, list) and len(old) == len(new):
        for i, (a, b) in enumerate(zip(old, new)):
            yield from moved(a, b, tolerance, f"{name}[{i}]")
    elif isinstance(new, float) and isinstance(old, (int, float)):
        if abs(old - new) > tolerance * max(1.0, abs(new)):
            yield name, old, new
    elif old != new:
        yield name, old, new
