"""MNIST's files as NumPy arrays."""

import gzip
import os
import pathlib

import numpy as np


def load():
    """Training and test digits: pixels from 0 to 1, shape (m, 784), and labels."""
    return [(images(name), labels(name)) for name in ("train", "t10k")]


def images(name):
    pixels = np.frombuffer(unpack(f"{name}-images-idx3-ubyte"), np.uint8, offset=16)
    return pixels.reshape(-1, 784) / np.float32(255)


def labels(name):
    return np.frombuffer(unpack(f"{name}-labels-idx1-ubyte"), np.uint8, offset=8).astype(np.int64)


def unpack(name):
    with gzip.open(pathlib.Path(os.environ["MNIST_DIR"]) / f"{name}.gz") as file:
        return file.read()
