"""Chapter 3: 5,000 iterations of the 2-4-1 network in NumPy, and its gradient by autograd."""

import numpy as np
from sklearn.datasets import make_gaussian_quantiles

from oracle import rounded

# At the article's rate of 1.2 descent swings from side to side and is chaotic: weights that start
# one part in 10^15 apart end with costs that differ by more than 1. At 0.4 they stay together to
# 10^-14, and implementations can be compared.
RATE = 0.4
ITERATIONS = 5000
GRID = np.linspace(-2, 2, 9)


def data():
    x, y = make_gaussian_quantiles(cov=0.7, n_samples=200, n_features=2, n_classes=2, random_state=3)
    return rounded(x), y.astype(np.float64)


def start():
    rng = np.random.default_rng(3)
    w1, w2 = rounded(rng.normal(size=(2, 4)) * 0.01), rounded(rng.normal(size=4) * 0.01)
    return {"w1": w1, "b1": np.zeros(4), "w2": w2, "b2": 0.0}


def large():
    """Weights far from 0, where no part of the gradient vanishes."""
    rng = np.random.default_rng(33)
    shapes = {"w1": (2, 4), "b1": 4, "w2": 4, "b2": ()}
    return {name: rounded(rng.normal(size=shape)) for name, shape in shapes.items()}


def forward(p, x):
    a1 = np.tanh(x @ p["w1"] + p["b1"])
    return a1, a1 @ p["w2"] + p["b2"]


def light():
    x, y = data()
    p = start()
    costs = []
    for _ in range(ITERATIONS):
        a1, z2 = forward(p, x)
        costs.append(np.mean(np.logaddexp(0, z2) - y * z2))
        d2 = (1 / (1 + np.exp(-z2)) - y) / len(y)
        d1 = np.outer(d2, p["w2"]) * (1 - a1**2)
        gradient = {"w1": x.T @ d1, "b1": d1.sum(0), "w2": a1.T @ d2, "b2": d2.sum()}
        p = {name: p[name] - RATE * gradient[name] for name in p}
    grid = np.array([[a, b] for b in GRID for a in GRID])
    boundary = 1 / (1 + np.exp(-forward(p, grid)[1]))
    return {
        "x": x,
        "y": y,
        "learning_rate": RATE,
        "start": start(),
        # Every hundredth, and the first hundred, where the descent is decided
        "costs": {"first": costs[:100], "every_hundredth": costs[::100]},
        "end": p,
        "grid": grid,
        "boundary": boundary,
    }


def heavy():
    import torch

    x, y = (torch.tensor(part) for part in data())
    p = {name: torch.tensor(value, requires_grad=True) for name, value in large().items()}
    z2 = torch.tanh(x @ p["w1"] + p["b1"]) @ p["w2"] + p["b2"]
    cost = torch.nn.functional.binary_cross_entropy_with_logits(z2, y)
    cost.backward()
    gradient = {name: value.grad for name, value in p.items()}
    return {"autograd": {"at": large(), "cost": cost.item(), "gradient": gradient}}
