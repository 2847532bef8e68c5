"""Holds the report of a whole course on MNIST to what the project promises.

usage: promises.py REPORT.json
"""

import json
import sys

# Share reached, and between which shares it must lie. The ceilings are there because a perfect
# score would be suspicious.
PROMISES = {
    "chapter_01.zero_or_one_accuracy": (0.99, 0.9999),
    "chapter_02.logistic_accuracy": (0.48, 0.63),
    "chapter_03.network_accuracy": (0.93, 0.995),
    "chapter_03.cost_at_4000": (0.038, 0.176),
    "chapter_04.online_accuracy": (0.80, 0.88),
    "chapter_04.lbfgs_train_accuracy": (0.98, 0.999),
    "chapter_04.lbfgs_test_accuracy": (0.90, 0.97),
    "chapter_05.system_d_error": (0.008, 0.016),
    "chapter_05.system_e_error": (0.010, 0.0197),
    "chapter_05.penned_to_mnist_accuracy": (0.85, 0.99),
}

report = json.load(open(sys.argv[1]))
broken = 0
for name, (floor, ceiling) in PROMISES.items():
    chapter, key = name.split(".")
    value = report[chapter][key]
    kept = value is not None and floor <= value <= ceiling
    broken += not kept
    print(f"{'kept  ' if kept else 'BROKEN'} {name} = {value}, promised {floor} to {ceiling}")
sys.exit(1 if broken else 0)
