"""Chapter 5: optimisers, softmax cross-entropy and initialisation in PyTorch, in both precisions."""

import gzip
import os
import pathlib

import numpy as np

from oracle import rounded

SIZES = [12, 9, 7, 4]
M, BATCH = 60, 20
RATE = 0.01


def problem():
    rng = np.random.default_rng(5)
    x = rounded(rng.normal(size=(M, SIZES[0])), 3)
    y = np.argmax(x[:, :4] + 0.3 * rng.normal(size=(M, 4)), axis=1)
    layers = []
    for n, h in zip(SIZES, SIZES[1:]):
        w = rounded(rng.normal(size=(n, h)) * np.sqrt(2 / n), 3)
        layers.append({"w": w, "b": rounded(rng.normal(size=h) * 0.1, 3)})
    return x, y, layers


def logits(x, layers, activation):
    for number, (w, b) in enumerate(layers):
        x = (activation(x) if number else x) @ w + b
    return x


def optimiser(torch, name, groups):
    """PyTorch's optimisers under the names of the fixture."""
    if name == "momentum":
        return torch.optim.SGD(groups, lr=RATE, momentum=0.9)
    # Adam adds the L2 penalty to the gradient, AdamW keeps weight decay apart
    return {"adam": torch.optim.Adam, "adam_w": torch.optim.AdamW}[name](groups, lr=RATE)


def train(torch, dtype, activation, name, decay):
    """Three epochs of mini-batches in the same order: the cost of each and the weights after three
    steps and at the end."""
    x, y, start = problem()
    x, y = torch.tensor(x, dtype=dtype), torch.tensor(y)
    make = lambda part: torch.tensor(part, dtype=dtype, requires_grad=True)
    layers = [(make(layer["w"]), make(layer["b"])) for layer in start]
    groups = [
        {"params": [w for w, _ in layers], "weight_decay": decay},
        {"params": [b for _, b in layers], "weight_decay": 0.0},
    ]
    descent = optimiser(torch, name, groups)
    costs, snapshots = [], []
    for step in range(3 * M // BATCH):
        rows = slice(step * BATCH % M, step * BATCH % M + BATCH)
        cost = torch.nn.functional.cross_entropy(logits(x[rows], layers, activation), y[rows])
        descent.zero_grad()
        cost.backward()
        descent.step()
        costs.append(cost.item())
        if step in (2, 3 * M // BATCH - 1):
            parts = [{"w": w.detach().clone(), "b": b.detach().clone()} for w, b in layers]
            snapshots.append(parts)
    return {"costs": costs, "after_three_steps": snapshots[0], "end": snapshots[1]}


def one_epoch(torch):
    """784-256-10 after one epoch on MNIST, Adam at a rate that falls to 0: the share of the test
    digits misread, for five seeds. Only that is kept."""
    folder = os.environ.get("MNIST_DIR")
    if not folder:
        return {}
    unpack = lambda name: gzip.open(pathlib.Path(folder) / f"{name}-ubyte.gz").read()
    images = lambda name: np.frombuffer(unpack(f"{name}-images-idx3"), np.uint8, offset=16)
    labels = lambda name: np.frombuffer(unpack(f"{name}-labels-idx1"), np.uint8, offset=8)
    x, x_test = (torch.tensor(images(n).reshape(-1, 784) / np.float32(255)) for n in ("train", "t10k"))
    y, y_test = (torch.tensor(labels(n).astype(np.int64)) for n in ("train", "t10k"))
    errors = []
    for seed in range(5):
        torch.manual_seed(seed)
        net = torch.nn.Sequential(torch.nn.Linear(784, 256), torch.nn.ReLU(), torch.nn.Linear(256, 10))
        for layer in (net[0], net[2]):
            torch.nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            torch.nn.init.zeros_(layer.bias)
        adam = torch.optim.Adam(net.parameters(), lr=1e-3)
        for step, rows in enumerate(torch.randperm(60_000).split(100)):
            adam.param_groups[0]["lr"] = 1e-3 * (1 - step / 600)
            cost = torch.nn.functional.cross_entropy(net(x[rows]), y[rows])
            adam.zero_grad()
            cost.backward()
            adam.step()
        errors.append((net(x_test).argmax(1) != y_test).float().mean().item())
    return {"one_epoch": {"errors": errors}}


def light():
    return {}


def heavy():
    import torch

    x, y, start = problem()
    runs = []
    for precision, dtype in [("f32", torch.float32), ("f64", torch.float64)]:
        for name, activation in [("relu", torch.relu), ("sigmoid", torch.sigmoid)]:
            for decay in [0.0, 0.5]:
                run = {"precision": precision, "optimiser": "adam_w", "activation": name, "weight_decay": decay}
                runs.append(run | train(torch, dtype, activation, "adam_w", decay))
        for name in ["momentum", "adam"]:
            # The L2 penalty for λ = 3: λ/m for M examples
            run = {"precision": precision, "optimiser": name, "activation": "tanh", "weight_decay": 3 / M}
            runs.append(run | train(torch, dtype, torch.tanh, name, 3 / M))
    extreme = [[1000.0, -1000.0, 0.0], [-1000.0, 1000.0, 0.0], [1000.0, 1000.0, -1000.0]]
    shown = [1, 1, 0]
    costs = torch.nn.functional.cross_entropy(
        torch.tensor(extreme, dtype=torch.float64), torch.tensor(shown), reduction="none"
    )
    torch.manual_seed(5)
    he = torch.nn.init.kaiming_normal_(torch.empty(400, 300), nonlinearity="relu")
    xavier = torch.nn.init.xavier_normal_(torch.empty(400, 300))
    return one_epoch(torch) | {
        "x": x,
        "y": y,
        "learning_rate": RATE,
        "mini_batch": BATCH,
        "start": start,
        "runs": runs,
        "softmax": {"logits": extreme, "labels": shown, "costs": costs},
        # PyTorch keeps weights as (outputs, inputs): these are for 300 inputs and 400 outputs
        "deviations": {"inputs": 300, "outputs": 400, "he": he.std().item(), "xavier": xavier.std().item()},
    }
