"""Trains beside a program that never rests, on one thread and on two, in turns, and prints the ratio.

usage: busy.py [--rounds N] [--program PATH] [--hidden N,…]

Needs MNIST_DIR, and `cargo build --release` before. Times are those of whole epochs, as the program reports
them. What counts is the median on two threads divided by the median on one: with the work shared, an
epoch must take at most 1.2 times as long.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

from peers.compare import ROOT, Ours

MOST = 1.2


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / "target/release/handwritten")
    parser.add_argument("--hidden", default="64")
    asked = parser.parse_args()
    seconds = {1: [], 2: []}
    with tempfile.TemporaryDirectory() as name:
        ours = Ours(asked.program.resolve(), pathlib.Path(name))
        settings = ["--hidden", asked.hidden, "--batch", 128, "--epochs", 6, "--validation", 0]
        busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
        try:
            for _ in range(asked.rounds):
                for threads in seconds:
                    told = ours.learn(*settings, threads=threads)
                    seconds[threads].append(told["seconds_per_epoch"])
        finally:
            busy.kill()
    [one, two] = [statistics.median(seconds[threads]) for threads in seconds]
    print(f"beside a busy program, of {os.cpu_count()} cores: {one:.3f} s on one thread, {two:.3f} s on two, {two / one:.2f}")
    sys.exit(two / one > MOST)


if __name__ == "__main__":
    main()
