"""Models that `handwritten train` has written, in PyTorch: what they say of a few dozen examples."""

from oracle import HERE

# The examples, and how the models in tests/oracle/models were made of them.
MODELS = [
    {
        "model": "clouds.safetensors",
        "examples": "clouds.csv",
        "made_by": "handwritten train --data clouds.csv --hidden 8 --activation tanh --epochs 400 "
        "--plain",
    },
    {
        "model": "moons.safetensors",
        "examples": "moons.csv",
        "made_by": "handwritten train --data moons.csv --hidden 6 --epochs 1500 --plain",
    },
    {
        "model": "digits.safetensors",
        "examples": "t10k-images-idx3-ubyte.gz",
        "made_by": "handwritten pen --train 1000 --test 36 --out . && handwritten train "
        "--images train-images-idx3-ubyte.gz --labels train-labels-idx1-ubyte.gz --hidden 16 "
        "--plain",
    },
]


def light():
    return {}


def heavy():
    from pytorch_predict import probabilities

    folder = HERE / "models"
    asked = []
    for model in MODELS:
        classes, shares = probabilities(folder / model["model"], folder / model["examples"])
        asked.append(model | {"classes": classes, "probabilities": shares})
    return {"models": asked}
