"""Gathers what `cargo bench` measured into book/reports/products.json, from which the book takes its numbers.

usage: collect.py [--builds]

--builds also measures how long the crates that multiply matrices take to build, each alone and from scratch.
"""

import argparse
import json
import os
import pathlib
import subprocess
import tempfile
import time

from peers.compare import processor, vectors

HERE = pathlib.Path(__file__).parent
REPORT = HERE.parent / "book/reports/products.json"
COMMAND = "cargo bench --manifest-path benches/Cargo.toml && python3 benches/collect.py --builds"
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", HERE / "target"))


def parts():
    """Median milliseconds of each benchmark of parts.rs."""
    found = {}
    for path in sorted(TARGET.glob("criterion/parts/*/new/benchmark.json")):
        estimates = json.loads(path.with_name("estimates.json").read_text())
        found[json.loads(path.read_text())["function_id"]] = estimates["median"]["point_estimate"] * 1e-6
    return found


def build_seconds(crate):
    """Seconds to build a program that needs only this crate, with the versions of our lock file."""
    lines = (HERE / "Cargo.toml").read_text().splitlines()
    dependency = next(line for line in lines if line.startswith(f"{crate} = "))
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        package = '[package]\nname = "alone"\nedition = "2024"\n[workspace]\n[dependencies]\n'
        (folder / "Cargo.toml").write_text(f"{package}{dependency}\n")
        (folder / "Cargo.lock").write_text((HERE / "Cargo.lock").read_text())
        (folder / "src").mkdir()
        (folder / "src/main.rs").write_text("fn main() {}\n")
        cargo = lambda *command: subprocess.run(
            ["cargo", *command, "--quiet"], cwd=folder, check=True, env=os.environ | {"CARGO_TARGET_DIR": "target"}
        )
        cargo("fetch")
        start = time.perf_counter()
        cargo("build", "--release")
        return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--builds", action="store_true")
    asked = parser.parse_args()
    found = json.loads((TARGET / "tmp/products.json").read_text())
    # Ours at each width of vectors, and the crates, which choose their own
    kinds = next(iter(found.values()))
    step = {kind: sum(products[kind] for products in found.values()) for kind in kinds}
    reports = json.loads(REPORT.read_text())["report"] if REPORT.exists() else {}
    # A table for each kind of processor, named by the widest vectors that it has
    report = reports.setdefault(vectors()[-1], {})
    report |= {
        "processor": processor(),
        "shapes": len(found),
        "milliseconds": step,
        "parts": parts(),
    }
    if asked.builds:
        report["build_seconds"] = {crate: build_seconds(crate) for crate in ["gemm", "faer"]}
    REPORT.write_text(json.dumps({"command": COMMAND, "report": reports}, indent=1) + "\n")
    for name, value in report.items():
        several = value if isinstance(value, dict) else {"": value}
        told = [f"{key} {each:.4g}" if isinstance(each, float) else f"{key} {each}" for key, each in several.items()]
        print(f"{name}: {', '.join(told).strip()}")


if __name__ == "__main__":
    main()
