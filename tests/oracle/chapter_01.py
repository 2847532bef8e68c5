"""Chapter 1: scikit-learn's Perceptron, shown the same examples in the same order."""

import numpy as np
from sklearn.linear_model import Perceptron

from oracle import rounded


def light():
    rng = np.random.default_rng(1)
    x = rounded(rng.normal(size=(100, 3)))
    z = x @ [1.0, -2.0, 0.5] + 0.3
    # A gap between the classes, so that learning ends soon
    x, y = x[np.abs(z) > 0.5], (z > 0).astype(int)[np.abs(z) > 0.5]
    # Where w = 0, scikit-learn counts either answer as a mistake and Rosenblatt only one: begin
    # with an example that is a mistake for both.
    first = int(np.argmax(y == 1))
    x[[0, first]], y[[0, first]] = x[[first, 0]], y[[first, 0]]

    model = Perceptron(shuffle=False, eta0=1.0)
    mistakes, lines = [], []
    while not mistakes or mistakes[-1] > 0:
        wrong = 0
        for example, label in zip(x, y):
            before = [*model.coef_[0], *model.intercept_] if lines or wrong else [0.0] * 4
            model.partial_fit([example], [label], classes=[0, 1])
            wrong += [*model.coef_[0], *model.intercept_] != before
        mistakes.append(wrong)
        lines.append([*model.coef_[0], *model.intercept_])
    return {"x": x, "y": y, "mistakes": mistakes, "weights_after_epochs": lines}
