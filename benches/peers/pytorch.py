"""Trains a network on MNIST in PyTorch and prints JSON: seconds of each epoch, test error.

usage: pytorch.py HIDDEN BATCH EPOCHS THREADS [--rate R] [--schedule constant|one_cycle] [--seed N]

MNIST_DIR names the folder with MNIST's files. An epoch shuffles, gathers and learns; nothing else is
in its time. Adam is the fused one; pixels are numbers from 0 to 1 in memory, which is faster here
than turning bytes into numbers.
"""

import argparse
import json
import time

import torch

import mnist

parser = argparse.ArgumentParser()
parser.add_argument("hidden")
parser.add_argument("batch", type=int)
parser.add_argument("epochs", type=int)
parser.add_argument("threads", type=int)
parser.add_argument("--rate", type=float, default=1e-3)
parser.add_argument("--schedule", default="constant")
parser.add_argument("--seed", type=int, default=0)
asked = parser.parse_args()

torch.set_num_threads(asked.threads)
torch.manual_seed(asked.seed)
(x, y), (x_test, y_test) = (tuple(map(torch.from_numpy, part)) for part in mnist.load())
sizes = [784, *map(int, asked.hidden.split(",")), 10]
parts = []
for n, h in zip(sizes, sizes[1:]):
    layer = torch.nn.Linear(n, h)
    torch.nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
    torch.nn.init.zeros_(layer.bias)
    parts += [layer, torch.nn.ReLU()]
network = torch.nn.Sequential(*parts[:-1])
adam = torch.optim.Adam(network.parameters(), lr=asked.rate, fused=True)
steps = asked.epochs * -(-len(x) // asked.batch)
schedule = None
if asked.schedule == "one_cycle":
    # Up over the first tenth, then down to nothing, as `warm_up` does
    share = lambda step: min(step / steps / 0.1, (1 - step / steps) / 0.9)
    schedule = torch.optim.lr_scheduler.LambdaLR(adam, share)
cost = torch.nn.CrossEntropyLoss()

seconds = []
for _ in range(asked.epochs):
    start = time.perf_counter()
    for rows in torch.randperm(len(x)).split(asked.batch):
        adam.zero_grad(set_to_none=True)
        cost(network(x[rows]), y[rows]).backward()
        adam.step()
        if schedule:
            schedule.step()
    seconds.append(time.perf_counter() - start)

with torch.no_grad():
    error = (network(x_test).argmax(1) != y_test).float().mean().item()
print(json.dumps({"seconds": seconds, "error": error}))
