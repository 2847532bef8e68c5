"""Chapter 3's default sweep in NumPy, as one would write it; prints JSON: seconds for one seed.

usage: numpy_rings.py SEEDS
"""

import json
import sys
import time

import numpy as np


def rings(rng, samples=200):
    x = rng.normal(size=(samples, 2)) * np.sqrt(0.7)
    distance = (x**2).sum(axis=1)
    return x, (distance > np.median(distance)).astype(float)[:, None]


def train(x, y, hidden, rng, rate=1.2, iterations=5000):
    w1, b1 = 0.01 * rng.normal(size=(2, hidden)), np.zeros((1, hidden))
    w2, b2 = 0.01 * rng.normal(size=(hidden, 1)), np.zeros((1, 1))
    m = len(x)
    costs = []
    for _ in range(iterations):
        a1 = np.tanh(x @ w1 + b1)
        a2 = 1 / (1 + np.exp(-(a1 @ w2 + b2)))
        costs.append(-np.mean(y * np.log(a2) + (1 - y) * np.log(1 - a2)))
        d2 = (a2 - y) / m
        d1 = (d2 @ w2.T) * (1 - a1**2)
        w2 -= rate * (a1.T @ d2)
        b2 -= rate * d2.sum(axis=0, keepdims=True)
        w1 -= rate * (x.T @ d1)
        b1 -= rate * d1.sum(axis=0, keepdims=True)
    return w1, b1, w2, b2, costs


def right(x, y, w1, b1, w2, b2, _):
    return np.mean((np.tanh(x @ w1 + b1) @ w2 + b2 > 0) == (y > 0.5))


shares = []
start = time.perf_counter()
for seed in range(int(sys.argv[1])):
    for hidden in [1, 2, 3, 4, 5, 20, 50]:
        rng = np.random.default_rng(seed)
        network = train(*rings(rng), hidden, rng)
        shares.append(right(*rings(rng, 20_000), *network))
seconds = time.perf_counter() - start
print(json.dumps({"seconds": seconds, "share": float(np.median(shares))}))
