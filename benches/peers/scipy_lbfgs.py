"""Chapter 4's network, 400-25-10 with sigmoids and λ = 1, by SciPy's L-BFGS on a NumPy gradient;
prints JSON: seconds, shares right.

usage: scipy_lbfgs.py ROWS.csv ITERATIONS
"""

import json
import sys
import time

import numpy as np
from scipy.optimize import minimize

table = np.loadtxt(sys.argv[1], delimiter=",", skiprows=1)
rng = np.random.default_rng(0)
table = table[rng.permutation(len(table))]
x, labels = table[:, :-1] / 255, table[:, -1].astype(int)
held_out = len(x) // 5
y = np.eye(10)[labels[held_out:]]
n, h, k, lam = 400, 25, 10, 1.0
ends = np.cumsum([n * h, h, h * k, k])


def parts(theta):
    w1, b1, w2, b2 = np.split(theta, ends[:-1])
    return w1.reshape(n, h), b1, w2.reshape(h, k), b2


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def cost(theta, x, y):
    w1, b1, w2, b2 = parts(theta)
    m = len(x)
    a1 = sigmoid(x @ w1 + b1)
    z2 = a1 @ w2 + b2
    j = np.sum(np.logaddexp(0, z2) - y * z2) / m + lam / 2 / m * ((w1**2).sum() + (w2**2).sum())
    d2 = (sigmoid(z2) - y) / m
    d1 = (d2 @ w2.T) * a1 * (1 - a1)
    gradient = [x.T @ d1 + lam / m * w1, d1.sum(0), a1.T @ d2 + lam / m * w2, d2.sum(0)]
    return j, np.concatenate([part.ravel() for part in gradient])


def draw(a, b):
    return rng.uniform(-1, 1, a * b) * np.sqrt(6 / (a + b))


start = time.perf_counter()
theta = np.concatenate([draw(n, h), np.zeros(h), draw(h, k), np.zeros(k)])
options = {"maxiter": int(sys.argv[2]), "maxcor": 10, "ftol": 0, "gtol": 0}
found = minimize(cost, theta, (x[held_out:], y), jac=True, method="L-BFGS-B", options=options)
seconds = time.perf_counter() - start
w1, b1, w2, b2 = parts(found.x)
read = (sigmoid(x @ w1 + b1) @ w2 + b2).argmax(1)
right = float((read[:held_out] == labels[:held_out]).mean())
print(json.dumps({"seconds": seconds, "right": right, "iterations": int(found.nit), "evaluations": int(found.nfev)}))
