"""Shows that the tests can fail: breaks the teaching files in one place at a time.

Each mutant flips a sign, swaps a product for a quotient, drops a term or a transposition. A mutant
that compiles must be killed by its own chapter's tests (`cargo test chapter_0N`). Survivors are to be
listed in survivors.md beside this file, with the reason why each is equivalent; the script fails if
one is not, or if fewer than 95 % are killed.

The work is done in a copy of the project below target/, so that nothing here is touched.
"""

import argparse
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
# What stands beside a chapter's teaching: its door, its experiment and what comes of it, its tests
BESIDE = re.compile(r"mod|experiment.*|report|tests")
# What is replaced, and by what
MUTATIONS = [
    (r"(?<=[\w)\]]) \+ (?=[\w(&*-])", " - "),
    (r"(?<=[\w)\]]) - (?=[\w(&*])", " + "),
    (r"(?<=[\w)\]]) \* (?=[\w(&*-])", " / "),
    (r"(?<=[\w)\]]) / (?=[\w(&*])", " * "),
    (r" \+= ", " -= "),
    (r" -= ", " += "),
    (r" \*= ", " /= "),
    (r" /= ", " *= "),
    # A minus in front of a name or a bracket
    (r"(?<=[(=,|] )-(?=[a-z(])|(?<=[(])-(?=[a-z(])", ""),
    # A term added or taken off at the end of a sum
    (r"(?<=[\w)\]]) [+-] [&*]?[\w.]+(?=[;,)]| \}|$)", ""),
    (r"\.t\(\)", ""),
]
# Seconds for building and testing one mutant
LONGEST = 120


def teaching_files():
    """What the chapters teach, by paths in chapters/."""
    files = sorted((ROOT / "chapters").glob("chapter_*/**/*.rs"))
    taught = [file for file in files if not BESIDE.fullmatch(file.stem)]
    return [file.relative_to(ROOT / "chapters").as_posix() for file in taught]


def mutants(text):
    """Line number, line before, line after, whole text after."""
    code = text.split("#[cfg(test)]")[0].splitlines()
    lines = text.splitlines()
    for number, line in enumerate(code):
        if line.lstrip().startswith(("//", "use ", "impl", "where")) or "with_capacity" in line:
            continue
        for pattern, replacement in MUTATIONS:
            for match in re.finditer(pattern, line):
                after = line[: match.start()] + replacement + line[match.end() :]
                yield number + 1, line, after, "\n".join(lines[:number] + [after] + lines[number + 1 :])


def cargo(copy, *arguments):
    """Whether the chapters' tests succeed; a mutant that never ends counts as a failure."""
    command = ["cargo", "test", "--quiet", "-p", "handwritten-chapters", *arguments]
    # Quick to build; without any optimisation, chapter 6 has no peak to measure
    for setting in ["debug=false", "package.handwritten-chapters.opt-level=1"]:
        command += ["--config", f"profile.dev.{setting}"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    running = subprocess.Popen(command, cwd=copy, start_new_session=True, **quiet)
    try:
        return running.wait(LONGEST) == 0
    except subprocess.TimeoutExpired:
        # The test that does not end too, not only cargo
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
        return False


def survives(copy, chapter):
    """Whether all the chapter's tests pass: first the quick golden ones, then its own."""
    return cargo(copy, "--test", "golden", chapter) and cargo(copy, "--lib", chapter)


def main():
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=form)
    parser.add_argument("--list", action="store_true", help="count the mutants of each file, and stop")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="try only every Nth mutant")
    parser.add_argument("filter", nargs="?", default="", help="only files whose path contains it")
    asked = parser.parse_args()
    files = [name for name in teaching_files() if asked.filter in name]
    if asked.list:
        counts = [len(list(mutants((ROOT / "chapters" / name).read_text()))) for name in files]
        for name, count in zip(files, counts):
            print(f"{count:4} {name}")
        print(f"{sum(counts):4} mutants, of which those that compile are tried")
        return

    # Break a copy, so that nothing here is touched
    copy = ROOT / "target" / f"mutants-{asked.filter.replace('/', '-')}"
    ignored = shutil.ignore_patterns("target", ".git")
    shutil.copytree(ROOT, copy, dirs_exist_ok=True, ignore=ignored)
    explained = (pathlib.Path(__file__).parent / "survivors.md").read_text()
    for chapter in sorted({name[:10] for name in files}):
        # The first builds take longer than any mutant may
        if not any(survives(copy, chapter) for _ in range(4)):
            sys.exit(f"the tests of {chapter} fail without any mutation: mend them first")

    # Try each mutant
    seen, killed, survivors = 0, 0, []
    for name in files:
        path = copy / "chapters" / name
        original = path.read_text()
        for number, before, after, text in mutants(original):
            seen += 1
            if seen % asked.every:
                continue
            path.write_text(text)
            if not cargo(copy, "--test", "golden", "--no-run"):
                continue
            if survives(copy, name[:10]):
                survivors.append(after.strip())
                print(f"SURVIVED {name}:{number}\n  {before.strip()}\n  {after.strip()}", flush=True)
            else:
                killed += 1
                print(f"killed   {name}:{number} {after.strip()}", flush=True)
        path.write_text(original)

    # Judge
    unexplained = [after for after in survivors if f"`{after}`" not in explained]
    share = killed / max(1, killed + len(survivors))
    print(f"{killed} killed, {len(survivors)} survived: {100 * share:.1f} % killed")
    for after in unexplained:
        print(f"not explained in survivors.md: {after}")
    sys.exit(share < 0.95 or bool(unexplained))


main()
