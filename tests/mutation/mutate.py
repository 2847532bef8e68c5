"""Shows that the tests can fail: breaks the teaching files in one place at a time.

usage: mutate.py [FILTER]     only files whose path contains FILTER

Each mutant flips a sign, swaps a product for a quotient, drops a term or a transposition. A mutant
that compiles must be killed by its own chapter's tests (`cargo test chapter_0N`). Survivors are to be
listed in survivors.md beside this file, with the reason why each is equivalent; the script fails if
one is not, or if fewer than 95 % are killed.

The work is done in a copy of the project below target/, so that nothing here is touched.
"""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
FILES = [
    "chapter_01_perceptron/perceptron.rs",
    "chapter_02_logistic_regression/logistic_regression.rs",
    "chapter_03_shallow_network/network.rs",
    "chapter_04_regularised_network/network.rs",
    "chapter_04_regularised_network/lbfgs.rs",
    "chapter_04_regularised_network/two_loop.rs",
    "chapter_04_regularised_network/line_search.rs",
    "chapter_04_regularised_network/online.rs",
    "chapter_05_mnist/network.rs",
    "chapter_05_mnist/adam.rs",
    "chapter_05_mnist/softmax.rs",
    "chapter_05_mnist/initialisation.rs",
]
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
    """Whether `cargo test` succeeds; a mutant that never ends counts as a failure."""
    command = ["cargo", "test", "--quiet", "--no-default-features", *arguments]
    # Quick to build, with quick matrix products
    for setting in ["opt-level=0", "debug=false", "incremental=true", "package.'*'.opt-level=3"]:
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
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    copy = ROOT / "target" / f"mutants-{wanted}"
    ignored = shutil.ignore_patterns("target", ".git")
    shutil.copytree(ROOT, copy, dirs_exist_ok=True, ignore=ignored)
    explained = (pathlib.Path(__file__).parent / "survivors.md").read_text()
    # The first builds take longer than any mutant may
    if not any(survives(copy, "chapter_0") for _ in range(4)):
        sys.exit("the tests fail without any mutation: mend them first")
    killed, survivors = 0, []
    for name in FILES:
        if wanted not in name:
            continue
        path = copy / "chapters" / name
        original = path.read_text()
        for number, before, after, text in mutants(original):
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
    unexplained = [after for after in survivors if f"`{after}`" not in explained]
    share = killed / max(1, killed + len(survivors))
    print(f"{killed} killed, {len(survivors)} survived: {100 * share:.1f} % killed")
    for after in unexplained:
        print(f"not explained in survivors.md: {after}")
    sys.exit(share < 0.95 or bool(unexplained))


main()
