"""Chapter 4: cost and gradient by autograd, SciPy's L-BFGS-B, scikit-learn's MLPClassifier."""

import gzip
import os
import pathlib
import warnings

import numpy as np
from scipy.optimize import minimize

from oracle import rounded

PROBLEMS = [([4, 3], 0.0), ([5, 4, 3], 1.0), ([6, 5, 4, 3], 3.0)]


def problem(sizes, m, seed):
    rng = np.random.default_rng(seed)
    x = rounded(rng.normal(size=(m, sizes[0])))
    y = np.eye(sizes[-1])[np.argmax(x[:, : sizes[-1]] + rng.normal(size=(m, sizes[-1])), axis=1)]
    pairs = list(zip(sizes, sizes[1:]))
    theta = np.concatenate([rounded(rng.normal(size=(n + 1) * h) * 0.5) for n, h in pairs])
    return x, y, theta


def layers(theta, sizes):
    for n, h in zip(sizes, sizes[1:]):
        yield theta[: n * h].reshape(n, h), theta[n * h : (n + 1) * h]
        theta = theta[(n + 1) * h :]


def cost_and_gradient(theta, sizes, x, y, lam):
    m, a, parts = len(x), [x], []
    for w, b in layers(theta, sizes):
        z = a[-1] @ w + b
        a.append(1 / (1 + np.exp(-z)))
    cost = np.sum(np.logaddexp(0, z) - y * z) / m
    delta = (a[-1] - y) / m
    for l, (w, b) in reversed(list(enumerate(layers(theta, sizes)))):
        cost += lam / (2 * m) * np.sum(w**2)
        parts = [(a[l].T @ delta + lam / m * w).ravel(), delta.sum(0)] + parts
        delta = delta @ w.T * a[l] * (1 - a[l])
    return cost, np.concatenate(parts)


def minimum():
    """A problem that both minimisers are to solve to the end."""
    sizes, lam = [8, 6, 3], 1.0
    x, y, theta = problem(sizes, 60, 40)
    options = {"maxcor": 10, "gtol": 1e-7, "ftol": 0, "maxiter": 2000, "maxfun": 5000}
    args = (sizes, x, y, lam)
    found = minimize(cost_and_gradient, theta, args, jac=True, method="L-BFGS-B", options=options)
    return {
        "sizes": sizes,
        "lambda": lam,
        "x": x,
        "y": y,
        "theta": theta,
        "cost": found.fun,
        "evaluations": found.nfev,
    }


def light():
    return {"minimum": minimum()} | digits()


def heavy():
    import torch

    fixtures = []
    for number, (sizes, lam) in enumerate(PROBLEMS):
        x, y, theta = problem(sizes, 7, number)
        t = torch.tensor(theta, requires_grad=True)
        a, penalty = torch.tensor(x), 0.0
        for w, b in layers(t, sizes):
            z = a @ w + b
            a, penalty = torch.sigmoid(z), penalty + (w**2).sum()
        misfit = torch.nn.functional.binary_cross_entropy_with_logits(
            z, torch.tensor(y), reduction="sum"
        )
        cost = (misfit + lam / 2 * penalty) / len(x)
        cost.backward()
        fixtures.append(
            {
                "sizes": sizes,
                "lambda": lam,
                "x": x,
                "y": y,
                "theta": theta,
                "cost": cost.item(),
                "gradient": t.grad,
            }
        )
    return {"autograd": fixtures}


def twenty(picture):
    """The ink of a picture in the middle of 20×20 pixels."""
    rows, columns = (np.flatnonzero(picture.max(axis)) for axis in (1, 0))
    ink = picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    top, left = (20 - ink.shape[0]) // 2, (20 - ink.shape[1]) // 2
    box = np.zeros((20, 20))
    box[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    return box.ravel() / 255


def digits():
    """The article compares with scikit-learn's network: 500 MNIST digits of each kind, every fifth
    held out. Only what it reached is kept."""
    from sklearn.model_selection import train_test_split
    from sklearn.neural_network import MLPClassifier

    folder = os.environ.get("MNIST_DIR")
    if not folder:
        return {}
    unpack = lambda name: gzip.open(pathlib.Path(folder) / f"train-{name}-ubyte.gz").read()
    images = np.frombuffer(unpack("images-idx3"), np.uint8, offset=16).reshape(-1, 28, 28)
    labels = np.frombuffer(unpack("labels-idx1"), np.uint8, offset=8)
    # Among the first 10,000, as the course takes them
    chosen = np.concatenate([np.flatnonzero(labels[:10_000] == digit)[:500] for digit in range(10)])
    x, y = np.array([twenty(images[i]) for i in chosen]), labels[chosen]
    held_out = np.arange(len(y)) % 5 == 4
    accuracies = []
    for seed in range(3):
        model = MLPClassifier(
            hidden_layer_sizes=25,
            activation="logistic",
            solver="lbfgs",
            alpha=1.0,
            max_iter=50,
            random_state=seed,
        )
        with warnings.catch_warnings():
            # Fifty iterations are what is compared; that they do not reach the end is known.
            warnings.simplefilter("ignore")
            model.fit(x[~held_out], y[~held_out])
        parts = [~held_out, held_out]
        accuracies.append([model.score(x[part], y[part]) for part in parts])
    # As it comes, which is what the other article may have asked
    defaults = []
    for seed in range(5):
        x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=0.2, random_state=seed)
        model = MLPClassifier(random_state=seed).fit(x_train, y_train)
        defaults.append([model.score(x_train, y_train), model.score(x_test, y_test)])
    return {"mlp_classifier": {"train_and_test": accuracies, "defaults": defaults}}
