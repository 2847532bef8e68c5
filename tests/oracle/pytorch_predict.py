"""What PyTorch makes of a model that `handwritten train` has written.

usage: pytorch_predict.py MODEL.safetensors FILE...

A FILE is a table (.csv) that has the columns which the model knows, or pictures (IDX, plain or .gz).
Prints a line of JSON for each file: the classes, and their probabilities for each example.

The model's tensors are named as those of an `nn.Sequential` of `Linear`, activation, `Linear`, …:
0.weight, 0.bias, 2.weight, … Under "handwritten", its metadata has a JSON text: `activation` is relu,
tanh or sigmoid, `classes` are names, and `input` says how examples are scaled: `pictures` by 255,
`numbers` by the mean and the standard deviation of each of the `features`. A single output is the
logit of the second of two classes. `sha256` is the digest of the file with 64 zeros in its place.
"""

import csv
import gzip
import json
import pathlib
import sys

import numpy as np
import torch
from safetensors import safe_open

ACTIVATIONS = {"relu": torch.nn.ReLU, "tanh": torch.nn.Tanh, "sigmoid": torch.nn.Sigmoid}


def load(path):
    """The network, and what is said of it."""
    with safe_open(path, framework="pt") as file:
        about = json.loads(file.metadata()["handwritten"])
        tensors = {name: file.get_tensor(name) for name in file.keys()}
    layers = []
    for place in range(0, len(tensors), 2):
        outputs, inputs = tensors[f"{place}.weight"].shape
        layers += [torch.nn.Linear(inputs, outputs), ACTIVATIONS[about["activation"]]()]
    network = torch.nn.Sequential(*layers[:-1])
    network.load_state_dict(tensors)
    return network, about


def read_table(path, features):
    """The columns that the model knows, in its order."""
    with open(path, newline="", encoding="utf-8") as file:
        return np.array([[float(row[name]) for name in features] for row in csv.DictReader(file)])


def read_idx(path):
    """Pictures, one row each."""
    with (gzip.open if path.suffix == ".gz" else open)(path, "rb") as file:
        content = file.read()
    dimensions = content[3]
    shape = np.frombuffer(content, ">u4", count=dimensions, offset=4)
    pixels = np.frombuffer(content, np.uint8, offset=4 + 4 * dimensions)
    return pixels.reshape(shape[0], -1)


def examples(path, scaling):
    """What the network sees, shape (m, n)."""
    if "pictures" in scaling:
        return torch.tensor(read_idx(path) / 255, dtype=torch.float32)
    numbers = scaling["numbers"]
    x = read_table(path, numbers["features"])
    x = (x - np.array(numbers["mean"])) / np.array(numbers["deviation"])
    return torch.tensor(x, dtype=torch.float32)


def probabilities(model, path):
    """The names of the classes, and the probability of each for every example of a file."""
    network, about = load(model)
    with torch.no_grad():
        z = network(examples(pathlib.Path(path), about["input"]))
        # A model of an earlier version has none
        z = z / about.get("temperature", 1.0)
    if len(about["classes"]) == 2:
        p = torch.sigmoid(z)
        p = torch.cat([1 - p, p], dim=1)
    else:
        p = torch.softmax(z, dim=1)
    return about["classes"], p.tolist()


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    for file in sys.argv[2:]:
        classes, shares = probabilities(sys.argv[1], file)
        print(json.dumps({"file": file, "classes": classes, "probabilities": shares}))
