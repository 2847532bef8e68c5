"""Trains a network on MNIST in Keras, which leaves the arithmetic to JAX, and prints JSON: seconds of
each epoch, test error.

usage: keras_on_jax.py HIDDEN BATCH EPOCHS

MNIST_DIR names the folder with MNIST's files. The first epoch also compiles, and is not counted.
"""

import json
import os
import sys
import time

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_PLATFORMS"] = "cpu"
import keras

import mnist

hidden, batch, epochs = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
(x, y), (x_test, y_test) = mnist.load()
keras.utils.set_random_seed(0)
units = map(int, hidden.split(","))
layers = [keras.layers.Dense(u, activation="relu", kernel_initializer="he_normal") for u in units]
network = keras.Sequential([keras.Input((784,)), *layers, keras.layers.Dense(10)])
cost = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
network.compile(keras.optimizers.Adam(1e-3), cost)


class Watch(keras.callbacks.Callback):
    seconds = []

    def on_epoch_begin(self, epoch, logs=None):
        self.start = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        self.seconds.append(time.perf_counter() - self.start)


watch = Watch()
network.fit(x, y, batch_size=batch, epochs=1 + epochs, verbose=0, callbacks=[watch])
error = float((network.predict(x_test, batch_size=1000, verbose=0).argmax(1) != y_test).mean())
print(json.dumps({"seconds": watch.seconds[1:], "error": error}))
