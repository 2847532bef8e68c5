"""Chapter 2: cost, gradient and descent in NumPy; scikit-learn's minimum and its rings."""

import numpy as np
from sklearn.datasets import make_gaussian_quantiles
from sklearn.linear_model import LogisticRegression

from oracle import rounded

RATE = 0.7
ITERATIONS = 1000


def cost_and_gradient(w, b, x, y):
    z = x @ w + b
    p = 1 / (1 + np.exp(-z))
    cost = np.mean(np.logaddexp(0, z) - y * z)
    return cost, x.T @ (p - y) / len(y), np.mean(p - y)


def light():
    rng = np.random.default_rng(2)
    # Classes that overlap, so that the cost has a minimum
    x = rounded(np.vstack([rng.normal(-0.5, 1, (30, 2)), rng.normal(0.6, 1, (30, 2))]))
    y = np.repeat([0.0, 1.0], 30)

    w, b = np.array([1.5, -2.0]), 0.25
    start = cost_and_gradient(w, b, x, y)
    costs = []
    for _ in range(ITERATIONS):
        cost, dw, db = cost_and_gradient(w, b, x, y)
        costs.append(cost)
        w, b = w - RATE * dw, b - RATE * db

    best = LogisticRegression(C=np.inf, tol=1e-12, max_iter=100_000).fit(x, y)
    rings, labels = make_gaussian_quantiles(
        cov=0.7, n_samples=50, n_features=3, n_classes=4, random_state=2
    )
    return {
        "x": x,
        "y": y,
        "learning_rate": RATE,
        "start": {"w": [1.5, -2.0], "b": 0.25, "cost": start[0], "dw": start[1], "db": start[2]},
        "costs": costs,
        "end": {"w": w, "b": b},
        "minimum": {"w": best.coef_[0], "b": best.intercept_[0]},
        "rings": {"x": rings, "classes": 4, "labels": labels},
    }
