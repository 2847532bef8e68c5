"""Holds our matrix products to ndarray's, at every width of vectors that has a kernel of its own.

usage: speed.py [--widths] REPORT.json

REPORT.json is chapter 6's: ours and ndarray's took turns in it, on one core. A kernel that the compiler
has not arranged in vectors takes ten times as long or more; noise does not. --widths prints the widths
that this processor has, and compares nothing.
"""

import json
import sys

# Plain vectors are half as wide as those that ndarray chooses, or less, and take two instructions for one
MOST = {"plain": 8.0}
MOST_OF_WIDE = 1.3

widths = json.load(open(sys.argv[-1]))["widths"]
if "--widths" in sys.argv:
    print(*[of["width"] for of in widths])
    sys.exit()
broken = 0
for of in widths:
    most = MOST.get(of["width"], MOST_OF_WIDE)
    ratio = of["milliseconds"] / of["ndarray_milliseconds"]
    broken += ratio > most
    verdict = "BROKEN" if ratio > most else "kept  "
    print(f"{verdict} {of['width']}: the products of a step take {ratio:.2f} of ndarray's time, at most {most}")
sys.exit(1 if broken else 0)
