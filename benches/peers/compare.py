"""Alternates our program with PyTorch, Keras, scikit-learn, SciPy and NumPy, and prints the ratios of
times.

usage: compare.py [--rounds N] [--program PATH] [--only NAME,…] [--vectors avx2,avx512] [--write]

examples: compare.py --only pytorch_128_one_core --vectors avx2
          compare.py --rounds 7 --write

Needs MNIST_DIR, `cargo build --release` before, and the packages that what is compared needs: those of
tests/oracle/requirements.txt, requirements-torch.txt and benches/peers/requirements.txt. Every round
runs ours and theirs one after the other, so that a noisy machine is noisy for both; what counts is the
ratio of the medians. All are measured with each width of vectors that the processor has: a processor
with AVX-512 is held to AVX2 for the second table. --write keeps the result in book/reports/peers.json,
from which the book takes its numbers.
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from importlib import metadata

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
DEEP = "500,600,300"
COMMAND = "python3 benches/peers/compare.py --write"


# What holds each library to AVX2 on a processor with AVX-512: ours, PyTorch's own kernels and its two
# products, OpenBLAS (SciPy, scikit-learn, NumPy), NumPy's loops, and XLA (JAX)
HELD_TO = {
    "avx512": {},
    "avx2": {
        "HANDWRITTEN_VECTORS": "avx2",
        "ATEN_CPU_CAPABILITY": "avx2",
        "ONEDNN_MAX_CPU_ISA": "AVX2",
        "MKL_ENABLE_INSTRUCTIONS": "AVX2",
        "OPENBLAS_CORETYPE": "Haswell",
        "NPY_DISABLE_CPU_FEATURES": "AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR",
        "XLA_FLAGS": "--xla_cpu_max_isa=AVX2",
    },
}
held_to = {}


def run(command, threads):
    environment = os.environ | held_to | {
        name: str(threads) for name in ("RAYON_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    }
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stderr}")
    return json.loads(done.stdout)


def python(script, *arguments, threads):
    return run([sys.executable, HERE / f"{script}.py", *map(str, arguments)], threads)


class Ours:
    def __init__(self, program, folder):
        self.program, self.out = program, folder / "ours"
        mnist = pathlib.Path(os.environ["MNIST_DIR"])
        self.train = [mnist / f"train-{part}-ubyte.gz" for part in ("images-idx3", "labels-idx1")]
        self.test = [mnist / f"t10k-{part}-ubyte.gz" for part in ("images-idx3", "labels-idx1")]

    def learn(self, *settings, data=None, threads):
        files = ["--data", data] if data else ["--images", self.train[0], "--labels", self.train[1]]
        base = [self.program, "train", *files, "--out", self.out, "--overwrite", "--quiet", "--json"]
        return run([*base, *map(str, settings)], threads)

    def error(self):
        files = [self.test[0], "--labels", self.test[1]]
        told = run([self.program, "predict", self.out / "model.safetensors", *files, "--json"], 2)
        return 1 - told["right"] / told["known"]


def alternate(rounds, ours, theirs):
    """The seconds of both, round by round."""
    pairs = [(ours(), theirs()) for _ in range(rounds)]
    return [list(side) for side in zip(*pairs)]


def entry(ours, theirs, **more):
    [a, b] = [statistics.median(side) for side in (ours, theirs)]
    return {"ours": a, "theirs": b, "ratio": a / b, "rounds": len(ours)} | more


def epochs_against(ours, rounds, peer, batch, threads, epochs=2):
    """Seconds per epoch on MNIST, and what is misread after the last."""
    errors = ([], [])
    def mine():
        settings = ["--hidden", DEEP, "--batch", batch, "--epochs", epochs, "--validation", 0]
        told = ours.learn(*settings, "--schedule", "constant", "--learning-rate", 1e-3, threads=threads)
        errors[0].append(ours.error())
        return told["seconds_per_epoch"]

    def theirs():
        arguments = [DEEP, batch, epochs] + ([threads] if peer == "pytorch" else [])
        told = python(peer, *arguments, threads=threads)
        errors[1].append(told["error"])
        return statistics.median(told["seconds"])

    result = entry(*alternate(rounds, mine, theirs))
    result["our_error"], result["their_error"] = map(statistics.median, errors)
    return result


# Chosen on 6,000 digits set aside from the training digits
OUR_RECORD = ["--hidden", 256, "--batch", 128, "--epochs", 4, "--schedule", "warm_up", "--learning-rate", 4e-3]
THEIR_RECORD = ["256", 128, 4, 2, "--schedule", "one_cycle", "--rate", 4e-3]


def seconds_to_98(ours, seeds):
    """Seconds until 98 % of the test digits are read correctly, each side with its best settings."""
    errors = ([], [])

    def run_both(seed):
        told = ours.learn(*OUR_RECORD, "--validation", 0, "--seed", seed + 1, threads=2)
        errors[0].append(ours.error())
        mine = told["seconds_per_epoch"] * len(told["history"])
        told = python("pytorch", *THEIR_RECORD, "--seed", seed, threads=2)
        errors[1].append(told["error"])
        return mine, sum(told["seconds"])

    result = entry(*map(list, zip(*[run_both(seed) for seed in range(seeds)])), target=0.98)
    result["our_error"], result["their_error"] = map(statistics.median, errors)
    return result


def lbfgs_against_scipy(ours, rounds, folder, iterations=300):
    data = folder / "rows-labelled.csv"
    subprocess.run([ours.program, "data", "export", "rows", "--to", data], check=True, capture_output=True)
    settings = ["--hidden", 25, "--activation", "sigmoid", "--optimiser", "lbfgs", "--lambda", 1]

    def mine():
        told = ours.learn(*settings, "--epochs", iterations, data=data, threads=2)
        return told["seconds_per_epoch"] * len(told["history"])

    theirs = lambda: python("scipy_lbfgs", data, iterations, threads=2)["seconds"]
    return entry(*alternate(rounds, mine, theirs))


def sweep_against_numpy(ours, rounds, folder, seeds=20):
    def mine():
        out = tempfile.mkdtemp(dir=folder)
        start = time.perf_counter()
        run([ours.program, "sweep", "--seeds", str(seeds), "--quiet", "--json", "--out", out], 2)
        return time.perf_counter() - start

    theirs = lambda: python("numpy_rings", seeds, threads=2)["seconds"]
    return entry(*alternate(rounds, mine, theirs), seeds=seeds)


def memory(ours):
    """The most memory that chapter 5 holds at a time, in MiB, with all of MNIST."""
    command = [ours.program, "chapter", "5", "--quiet", "--out", ours.out.parent / "course"]
    chapter = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(chapter.pid, 0)
    if status:
        sys.exit("chapter 5 failed")
    return {"chapter_05_mib": usage.ru_maxrss / 1024}


# What each comparison is made with, beside Python itself
PACKAGES = {
    "pytorch": ["torch", "numpy"],
    "keras": ["keras", "jax", "numpy"],
    "scikit_learn": ["scikit-learn", "numpy"],
    "seconds_to_98": ["torch", "numpy"],
    "scipy_lbfgs": ["scipy", "numpy"],
    "numpy_sweep": ["numpy"],
    "memory": [],
}


def versions(name):
    """Of what one comparison is made with."""
    packages = next(packages for start, packages in PACKAGES.items() if name.startswith(start))
    return {"python": platform.python_version()} | {name: metadata.version(name) for name in packages}


def vectors():
    """The widths for which this processor can fill a table."""
    flags = pathlib.Path("/proc/cpuinfo").read_text().split()
    return [width for width, flag in [("avx2", "avx2"), ("avx512", "avx512f")] if flag in flags]


def processor():
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split(": ")[1] for line in lines if line.startswith("model name")), platform.processor())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / "target/release/handwritten")
    parser.add_argument("--only", default="")
    parser.add_argument("--vectors", default=",".join(vectors()))
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        ours = Ours(asked.program.resolve(), folder)
        rounds = asked.rounds
        tasks = {
            "pytorch_128_two_cores": lambda: epochs_against(ours, rounds, "pytorch", 128, 2),
            "pytorch_128_one_core": lambda: epochs_against(ours, rounds, "pytorch", 128, 1),
            "pytorch_32_two_cores": lambda: epochs_against(ours, rounds, "pytorch", 32, 2),
            "keras_128_two_cores": lambda: epochs_against(ours, rounds, "keras_on_jax", 128, 2),
            "scikit_learn_200": lambda: epochs_against(ours, rounds, "scikit_learn", 200, 2, epochs=1),
            "seconds_to_98": lambda: seconds_to_98(ours, 5),
            "scipy_lbfgs": lambda: lbfgs_against_scipy(ours, rounds, folder),
            "numpy_sweep": lambda: sweep_against_numpy(ours, rounds, folder),
            "memory": lambda: memory(ours),
        }
        unknown = [name for name in asked.only.split(",") if name and name not in tasks]
        if unknown:
            sys.exit(f"there is no {unknown[0]}: --only takes {', '.join(tasks)}")
        for width in asked.vectors.split(","):
            if width not in vectors():
                sys.exit(f"this processor has no {width}: --vectors takes {', '.join(vectors())}")
            for name, task in tasks.items():
                if not asked.only or name in asked.only.split(","):
                    compare(width, name, task, asked.write)


def compare(width, name, task, write):
    """Makes one entry of one table, and keeps it if that is wanted."""
    held_to.clear()
    # Where AVX2 is all there is, nothing needs to be held to it
    held_to.update(HELD_TO[width] if "avx512" in vectors() else {})
    used = versions(name)
    found = task()
    told = ", ".join(f"{key} {value:.4g}" for key, value in found.items())
    print(f"{width} {name}: {told}", flush=True)
    if write:
        path = ROOT / "book/reports/peers.json"
        report = json.loads(path.read_text())["report"] if path.exists() else {}
        table = report.setdefault(width, {})
        table |= {"processor": processor(), "cores": os.cpu_count(), "measured": f"{datetime.date.today()}", name: found}
        table["versions"] = table.get("versions", {}) | used
        path.write_text(json.dumps({"command": COMMAND, "report": report}, indent=1) + "\n")


if __name__ == "__main__":
    main()
