"""Asks every oracle again and says which values moved.

usage: regenerate.py [--light] [--check]

--light   only NumPy, SciPy and scikit-learn; what PyTorch computed is kept
--check   write nothing; exit with 1 if a value moved by more than its fixture's tolerance

Needs the packages of requirements.txt, and for all of it those of requirements-torch.txt. With
MNIST_DIR set, scikit-learn's network is trained on MNIST again, otherwise its result is kept.
"""

import importlib
import sys

import oracle

# Processors round differently, and long descents add it up.
TOLERANCE = {
    "chapter_01": 1e-12,
    "chapter_02": 1e-9,
    "chapter_03": 1e-9,
    "chapter_04": 1e-6,
    "chapter_05": 1e-5,
    "chapter_07": 1e-9,
    "models": 1e-5,
    # A minimum is known only to half as many digits as the cost
    "calibration": 1e-7,
}
# How many evaluations SciPy needs, and how well scikit-learn's network reads, hang on last digits.
LOOSE = {".minimum.evaluations": 0.2, ".mlp_classifier": 0.02, ".one_epoch": 0.2}


def ask(name, light_only):
    """What an oracle computes now, on top of what it computed before."""
    script = importlib.import_module(name)
    packages = ["numpy", "scipy", "scikit-learn"]
    fixture = oracle.plain(script.light())
    if not light_only and hasattr(script, "heavy"):
        fixture |= oracle.plain(script.heavy())
        packages.append("torch")
    old = oracle.load(name)
    head = {
        "command": "python3 tests/oracle/regenerate.py",
        "oracle": script.__doc__,
        "versions": old.get("versions", {}) | oracle.versions(*packages),
        "tolerance": TOLERANCE[name],
    }
    return old, old | head | fixture


def allowed(name, old, new):
    """Whether a value that moved may do so."""
    for start, share in LOOSE.items():
        if name.startswith(start) and isinstance(old, (int, float)):
            return abs(old - new) <= share * abs(new)
    return name.startswith(".versions")


def main():
    light_only, check = ("--light" in sys.argv), ("--check" in sys.argv)
    failed = False
    for fixture, tolerance in TOLERANCE.items():
        old, new = ask(fixture, light_only)
        moved = [
            each
            for each in oracle.moved(old, new, tolerance)
            if not allowed(*each)
        ]
        print(f"{fixture}: {len(moved) or 'no'} value{'s' * (len(moved) != 1)} moved")
        for name, before, now in moved[:10]:
            print(f"  {name}: {str(before):.60} -> {str(now):.60}")
        failed |= bool(moved)
        if not check:
            oracle.save(fixture, new)
    sys.exit(1 if check and failed else 0)


main()
