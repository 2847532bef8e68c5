"""Holds ONNX Runtime to the program: exported, every model says there what it says in `predict`.

usage: onnx_runtime.py [PROGRAM]

PROGRAM is the `handwritten` to ask, target/debug/handwritten if it is left out. The models are those
of tests/oracle/models, and random ones of all kinds, written here in the program's own format: of
pictures and of numbers, with each activation function, from no hidden layer to three, with two
classes and with more. The example in the book is run as it stands there. Exits with 1 if a probability
differs by more than 1e-6.
"""

import contextlib
import csv
import gzip
import hashlib
import json
import pathlib
import re
import struct
import subprocess
import sys
import tempfile

import numpy as np
import onnx
import onnxruntime

HERE = pathlib.Path(__file__).parent
PROJECT = HERE.parents[1]
# Single precision on both sides, added up in another order.
TOLERANCE = 1e-6
BLANK = "0" * 64


def ask(program, *arguments):
    """What the program prints with --json."""
    command = [program, *map(str, arguments), "--json"]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def compare(program, model, examples, raw, folder):
    """The largest difference between the probabilities of both, for examples in a file and as an array."""
    exported = folder / "model.onnx"
    said = ask(program, "export", model, "--to", exported)["export"]
    predictions = ask(program, "predict", model, examples)["predictions"]
    expected = np.array([[one["probabilities"][name] for name in said["classes"]] for one in predictions])

    onnx.checker.check_model(exported, full_check=True)
    session = onnxruntime.InferenceSession(exported)
    (wanted,) = session.get_inputs()
    assert [wanted.name, *wanted.shape] == [said["inputs"][0]["name"], *said["inputs"][0]["shape"]]
    found, classes = session.run(["probabilities", "class"], {wanted.name: raw})
    metadata = session.get_modelmeta().custom_metadata_map
    assert json.loads(metadata["classes"]) == said["classes"]
    assert [said["classes"][k] for k in classes] == [one["class"] for one in predictions]
    # One example alone
    (alone,) = session.run(["probabilities"], {wanted.name: raw[:1]})
    return max(np.abs(found - expected).max(), np.abs(alone - expected[:1]).max())


def read_table(path, columns):
    with open(path, newline="", encoding="utf-8") as file:
        return np.array([[float(row[name]) for name in columns] for row in csv.DictReader(file)])


def write_model(path, layers, about):
    """A model in the program's format, sealed by its digest."""
    tensors, data = {}, b""
    for l, (weight, bias) in enumerate(layers):
        for name, array in [("weight", weight), ("bias", bias)]:
            bytes_ = array.astype("<f4").tobytes()
            offsets = [len(data), len(data) + len(bytes_)]
            tensors[f"{2 * l}.{name}"] = {"dtype": "F32", "shape": array.shape, "data_offsets": offsets}
            data += bytes_
    metadata = {"handwritten": json.dumps({"sha256": BLANK, "program": "oracle"} | about)}
    header = json.dumps({"__metadata__": metadata} | tensors).encode()
    content = struct.pack("<Q", len(header)) + header + data
    digest = hashlib.sha256(content).hexdigest()
    path.write_bytes(content.replace(BLANK.encode(), digest.encode(), 1))


def random_layers(rng, sizes, outputs):
    sizes = [*sizes, outputs]
    return [
        (rng.normal(0, np.sqrt(2 / inputs), (units, inputs)), rng.normal(0, 0.5, units))
        for inputs, units in zip(sizes, sizes[1:])
    ]


def random_numbers(rng, folder):
    """Rows around a mean of a million, and around one near 0."""
    features = ["far", "near, \"quoted\"", "ü"]
    mean, deviation = np.array([1e6, -0.3, 5.0]), np.array([0.01, 3.0, 1e-3])
    x = mean + deviation * rng.normal(size=(40, 3))
    path = folder / "numbers.csv"
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([features, *x.tolist()])
    scaling = {"features": features, "mean": mean.tolist(), "deviation": deviation.tolist()}
    return path, x, {"numbers": scaling}


def random_pictures(rng, folder):
    """Pictures that are not square."""
    pixels = rng.integers(0, 256, (40, 7, 5), np.uint8)
    path = folder / "pictures-idx3-ubyte"
    path.write_bytes(struct.pack(">BBBBIII", 0, 0, 8, 3, *pixels.shape) + pixels.tobytes())
    return path, pixels, {"pictures": {"rows": 7, "columns": 5}}


def committed(program, folder):
    for model, examples, columns in [
        ("clouds", "clouds.csv", ["sepal length", "sepal width", "petal length", "petal width"]),
        ("moons", "moons.csv", ["x", "y"]),
        ("digits", "t10k-images-idx3-ubyte.gz", None),
    ]:
        path = HERE / "models" / examples
        if columns is None:
            content = gzip.decompress(path.read_bytes())
            raw = np.frombuffer(content, np.uint8, offset=16).reshape(-1, 28, 28)
        else:
            raw = read_table(path, columns)
        yield model, compare(program, HERE / "models" / f"{model}.safetensors", path, raw, folder)


def random(program, folder):
    rng = np.random.default_rng(1)
    for kind in [random_numbers, random_pictures]:
        for activation in ["relu", "tanh", "sigmoid"]:
            for hidden in [[], [8], [20, 5], [6, 30, 4]]:
                for classes in [2, 3, 10]:
                    examples, raw, scaling = kind(rng, folder)
                    sizes = [raw[0].size, *hidden]
                    about = {
                        "activation": activation,
                        "classes": [f"class {k}" for k in range(classes)],
                        "input": scaling,
                    }
                    model = folder / "model.safetensors"
                    layers = random_layers(rng, sizes, 1 if classes == 2 else classes)
                    write_model(model, layers, about)
                    name = f"{kind.__name__}, {activation}, {sizes}, {classes} classes"
                    yield name, compare(program, model, examples, raw, folder)


def example_of_the_book(program, folder):
    """Runs the Python example of the page on a model of two classes, and asks the program the same."""
    page = (PROJECT / "book/src/experiments.md").read_text(encoding="utf-8")
    (example,) = [block for block in re.findall(r"```python\n(.*?)```", page, re.S) if "onnx" in block]
    model = HERE / "models/moons.safetensors"
    ask(program, "export", model, "--to", folder / "rings.onnx")
    names = {}
    with contextlib.chdir(folder), contextlib.redirect_stdout(None):
        exec(example, names)
    (folder / "points.csv").write_text("x,y\n" + "".join(f"{x},{y}\n" for x, y in names["points"]))
    said = ask(program, "predict", model, folder / "points.csv")["predictions"]
    assert [names["names"][k] for k in names["classes"]] == [one["class"] for one in said]
    expected = [list(one["probabilities"].values()) for one in said]
    return "the example of the book", np.abs(names["probabilities"] - expected).max()


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else PROJECT / "target/debug/handwritten"
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        found = [*committed(program, folder), *random(program, folder)]
        found.append(example_of_the_book(program, folder))
    name, largest = max(found, key=lambda one: one[1])
    print(f"{len(found)} models, largest difference {largest:.1e} ({name})")
    sys.exit(0 if largest <= TOLERANCE else 1)


main()
