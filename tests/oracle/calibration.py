"""The temperature of logits by SciPy, their calibration error by NumPy, and precision, recall and F1 of
what they say by scikit-learn."""

import numpy as np
from oracle import rounded
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.metrics import balanced_accuracy_score, precision_recall_fscore_support

BINS = 15


def overconfident(classes, examples, factor, seed):
    """Logits that are `factor` times those that the labels were drawn with."""
    rng = np.random.default_rng(seed)
    z = rng.normal(scale=1.5, size=(examples, classes))
    labels = np.array([rng.choice(classes, p=p) for p in softmax(z, axis=1)])
    return rounded(factor * z), labels


def cost(z, labels):
    return -log_softmax(z, axis=1)[np.arange(len(labels)), labels].mean()


def calibration_error(z, labels):
    p = softmax(z, axis=1)
    confidence, right = p.max(axis=1), p.argmax(axis=1) == labels
    edges = np.linspace(0, 1, BINS + 1)
    error = 0.0
    for low, high in zip(edges[:-1], edges[1:]):
        chosen = (confidence > low) & (confidence <= high)
        if chosen.any():
            gap = abs(right[chosen].mean() - confidence[chosen].mean())
            error += chosen.mean() * gap
    return error


def light():
    cases = []
    for classes, examples, factor, seed in [(3, 90, 2.5, 1), (2, 60, 1.8, 2), (5, 120, 0.4, 3)]:
        z, labels = overconfident(classes, examples, factor, seed)
        found = minimize_scalar(
            lambda t: cost(z / np.exp(t), labels), bounds=(-3, 3), options={"xatol": 1e-12}
        )
        temperature = np.exp(found.x)
        read = z.argmax(axis=1)
        precision, recall, f1, support = precision_recall_fscore_support(labels, read)
        cases.append(
            {
                "z": z,
                "labels": labels,
                "read": read,
                "temperature": temperature,
                "cost": cost(z, labels),
                "cost_at_temperature": cost(z / temperature, labels),
                "calibration_error": calibration_error(z, labels),
                "precision": precision,
                "recall": recall,
                "f1": f1,
                "examples": support,
                "balanced_accuracy": balanced_accuracy_score(labels, read),
            }
        )
    return {"cases": cases}
