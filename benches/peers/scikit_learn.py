"""Trains scikit-learn's MLPClassifier on MNIST and prints JSON: seconds of each epoch, test error.

usage: scikit_learn.py HIDDEN BATCH EPOCHS
"""

import json
import sys
import time

from sklearn.neural_network import MLPClassifier

import mnist

hidden, batch, epochs = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
(x, y), (x_test, y_test) = mnist.load()
layers = tuple(map(int, hidden.split(",")))
network = MLPClassifier(layers, batch_size=batch, alpha=0.0, random_state=0)
seconds = []
for _ in range(epochs):
    start = time.perf_counter()
    network.partial_fit(x, y, classes=range(10))
    seconds.append(time.perf_counter() - start)
error = 1 - network.score(x_test, y_test)
print(json.dumps({"seconds": seconds, "error": error}))
