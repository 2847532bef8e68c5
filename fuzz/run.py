"""Feeds the readers of foreign bytes with bytes that libFuzzer thinks of, on all cores.

usage: run.py [--seconds N] [--jobs N] [--keep] [--write] [READER ...]

    run.py --seconds 600 --keep --write    ten minutes for each reader; what the book shows
    run.py --seconds 60 idx picture        a minute for two of them

What breaks a reader is left in fuzz/broken. `--keep` takes small inputs that reach new code into
corpus/, where `cargo test --test fuzz` replays them; `--write` writes what came of these readers into
book/reports/fuzz.json.

It needs a C++ compiler for libFuzzer, and no nightly toolchain: the stable compiler counts what code
is reached as well, and a sanitizer would have nothing to watch, since there is no unsafe code here.
"""

import argparse
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

FUZZ = Path(__file__).resolve().parent
HOST = subprocess.run(["rustc", "--print", "host-tuple"], capture_output=True, text=True, check=True).stdout.strip()
PROGRAM = FUZZ / "target" / HOST / "release" / "readers"
COVERAGE = ["-Cpasses=sancov-module"] + [
    f"-Cllvm-args=-sanitizer-coverage-{what}"
    for what in ("level=4", "inline-8bit-counters", "pc-table", "trace-compares")
]
# Readers of files get theirs where no disk is waited for
IN_MEMORY = {"TMPDIR": "/dev/shm"} if Path("/dev/shm").is_dir() else {}
# What a reader may take, and what is kept of a file
MOST_MEGABYTES, MOST_SECONDS, MOST_KEPT_BYTES, MOST_KEPT = 2048, 10, 2000, 40

# Each reader, and what it reads: the doc comment above its function
READS = {
    name: words.rstrip(".")
    for words, name in re.findall(r"/// (.*)\npub fn read_(\w+)", (FUZZ / "src/lib.rs").read_text())
}

parser = argparse.ArgumentParser(description="Feeds readers with foreign bytes.")
parser.add_argument("--seconds", type=int, default=60)
parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many at once")
parser.add_argument("--keep", action="store_true")
parser.add_argument("--write", action="store_true")
parser.add_argument("readers", nargs="*", choices=[[], *READS])
arguments = parser.parse_args()


def libfuzzer(reader, *flags):
    """Runs a reader, and returns whether it survived and what was said."""
    for folder in ("broken", f"found/{reader}"):
        (FUZZ / folder).mkdir(parents=True, exist_ok=True)
    run = subprocess.run(
        [PROGRAM, f"-rss_limit_mb={MOST_MEGABYTES}", f"-timeout={MOST_SECONDS}",
         f"-artifact_prefix=broken/{reader}-", "-print_final_stats=1", *flags],
        cwd=FUZZ, env=os.environ | {"READER": reader, "RUST_BACKTRACE": "0"} | IN_MEMORY,
        capture_output=True, text=True, errors="replace",
    )
    return run.returncode == 0, run.stderr


def feed(reader):
    survived, said = libfuzzer(
        reader, f"-max_total_time={arguments.seconds}", f"found/{reader}", f"corpus/{reader}"
    )
    if not survived:
        print(f"{reader} broke:\n{said[-3000:]}", file=sys.stderr)
    if arguments.keep and survived:
        keep(reader)
    runs = re.search(r"stat::number_of_executed_units:\s*(\d+)", said)
    corpus = list((FUZZ / "corpus" / reader).iterdir())
    row = {
        "reader": reader,
        "bytes": READS[reader],
        "seconds": arguments.seconds,
        "runs": int(runs[1]) if runs else 0,
        "kept": len(corpus),
        "mended": sum(path.name.startswith("mended") for path in corpus),
        "broken": int(not survived),
    }
    print(f"{reader}: {row['runs']} runs, {'survived' if survived else 'BROKEN'}", flush=True)
    return row


def keep(reader):
    """Takes the smallest of the inputs found that reach what no other does."""
    corpus = FUZZ / "corpus" / reader
    worth = FUZZ / "found" / f"{reader}-worth"
    worth.mkdir(exist_ok=True)
    libfuzzer(reader, "-merge=1", f"found/{reader}-worth", f"corpus/{reader}", f"found/{reader}")
    there = {path.read_bytes() for path in corpus.iterdir()}
    new = sorted(worth.iterdir(), key=lambda path: path.stat().st_size)
    new = [path for path in new if path.stat().st_size <= MOST_KEPT_BYTES and path.read_bytes() not in there]
    for path in new[: max(0, MOST_KEPT - len(there))]:
        path.rename(corpus / f"found-{path.name[:12]}")


subprocess.run(
    ["cargo", "build", "--quiet", "--release", "--locked", "--target", HOST],
    cwd=FUZZ, env=os.environ | {"RUSTFLAGS": " ".join(COVERAGE)}, check=True,
)
with ThreadPoolExecutor(arguments.jobs) as pool:
    rows = list(pool.map(feed, arguments.readers or READS))
broken = sum(row["broken"] for row in rows)
print(f"{sum(row['runs'] for row in rows)} inputs tried on {len(rows)} readers, {broken} readers broken")
if arguments.write:
    path = FUZZ.parent / "book/reports/fuzz.json"
    known = json.loads(path.read_text())["report"]["rows"] if path.exists() else []
    by_reader = {row["reader"]: row for row in known + rows}
    command = f"python3 fuzz/run.py --seconds {arguments.seconds} --keep --write"
    report = {"rows": [by_reader[reader] for reader in READS if reader in by_reader]}
    text = json.dumps({"command": command, "report": report}, indent=2, ensure_ascii=False)
    path.write_text(text + "\n")
sys.exit(1 if broken else 0)
