"""The reader's wait: from a changed line of a chapter to the verdict of its tests.

usage: edit_run.py FULL_BUILD_SECONDS

Everything must be built. It changes a line in chapter 3's network.rs, times `cargo test chapter_03` and
the start of `cargo run --release -- chapter 3`, and puts the line back. Machines differ, so what is held is
the ratio to FULL_BUILD_SECONDS, which building everything for the tests took.
"""

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "chapters" / "chapter_03_shallow_network" / "network.rs"
MOST = 0.15


def seconds(*command, until=None):
    """How long a command takes, or how long until it prints a line that holds `until`."""
    start = time.monotonic()
    running = subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    for line in running.stdout:
        if until and until in line:
            running.kill()
            break
    running.wait()
    return time.monotonic() - start


def main():
    full = float(sys.argv[1])
    source = FILE.read_text()
    # Other code with the same value, so that no test fails
    changed = source.replace("1.0 - a * a)", "(1.0 - a * a) * 1.0)", 1)
    if changed == source:
        sys.exit(f"{FILE} no longer has the line that is changed here: name another")
    try:
        FILE.write_text(changed)
        build = seconds("cargo", "test", "--quiet", "--no-run")
        verdict = build + seconds("cargo", "test", "--quiet", "--no-fail-fast", "chapter_03")
        FILE.write_text(changed.replace(") * 1.0)", ") * 1.0 * 1.0)"))
        first_line = seconds("cargo", "run", "--release", "--", "chapter", "3", until="Running")
    finally:
        FILE.write_text(source)
    print(f"changed line to verdict of `cargo test chapter_03`: {verdict:.0f} s, of which {build:.0f} s building")
    print(f"changed line to start of `cargo run --release -- chapter 3`: {first_line:.0f} s")
    shares = [build / full, first_line / full]
    told = " and ".join(f"{share:.2f}" for share in shares)
    print(f"these are {told} of what building everything takes ({full:.0f} s), at most {MOST}")
    sys.exit(max(shares) > MOST)


main()
