"""Looks whether each planted defect is found, and the right worker accused of none: `python selftest.py`.

Runs each experiment with the right worker, and with every defect that it is made for, one after the other on the native
stack. faultline itself starts the workers. Exit code 0: all defects are `violated`, and the right worker is `held`
everywhere."""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import native_stack
from pipeline.defects import REGISTRY

_FOLDER = Path(__file__).resolve().parent
_RIGHT = "none"

# Which experiment finds which defects.
FINDS = {
    "plain": ["endpoint-ignored", "entity-without-uuid", "wrong-id-reported"],
    "no-faults": ["fresh-id", "old-row-kept", "temporary-file-kept"],
    "no-content-type": ["type-only-suffix"],
    "qdrant-answer-lost": ["undo-answered-only"],
    "qdrant-refuses": ["cache-first", "failed-status-returned", "nested-retries", "partial-is-success"],
    "qdrant-fails-a-while": ["rolled-back-result-cached"],
    "qdrant-recovers": ["breaker-stuck"],
    "change-refused": ["delete-instead-of-restore"],
    "undo-fails": ["dead-letter-breaks"],
    "redis-hangs": ["redis-no-timeout"],
    "cancelled": ["compensation-cancelled"],
    "killed": [],
    "killed-then-refused": ["former-forgotten"],
    "lock-outlived": ["lock-expires"],
    "resets": [],
}
# A workflow is cancelled when its time is up.
VARIABLES = {"cancelled": {"PIPELINE_TIMEOUT": "12s"}}


@dataclass(frozen=True)
class Case:
    experiment: str
    # _RIGHT for none.
    defect: str
    seed: int

    @property
    def expected(self) -> str:
        return "held" if self.defect == _RIGHT else "violated"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python selftest.py", description="Finds the planted defects.")
    parser.add_argument("names", nargs="*", help="experiments and defects; all unless given")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seeds", type=int, default=1, help="so many runs of each, with the seeds that follow")
    parser.add_argument("--out", default="runs", help="where the runs' folders go")
    options = parser.parse_args()
    if unknown := set(options.names) - set(FINDS) - {defect.name for defect in REGISTRY}:
        parser.error(f"there is no experiment and no defect '{min(unknown)}'")
    cases = list(_cases(set(options.names), range(options.seed, options.seed + options.seeds)))
    # The stack is up, and has the schema.
    subprocess.run(
        [sys.executable, "-m", "pipeline.schema"],
        cwd=_FOLDER,
        env={**os.environ, **native_stack.environment()},
        check=True,
    )
    began = time.monotonic()
    print(_row("DEFECT", "EXPERIMENT", "EXPECTED", "VERDICT", "SECONDS"), flush=True)
    wrong = [case for case in cases if not _is_as_expected(case, os.path.abspath(options.out))]
    print(f"{len(cases) - len(wrong)} of {len(cases)} as expected, in {time.monotonic() - began:.0f} s")
    return 1 if wrong else 0


def _cases(names: set[str], seeds: range) -> Iterator[Case]:
    for experiment, defects in FINDS.items():
        for defect in [_RIGHT, *defects]:
            if not names or experiment in names or defect in names:
                yield from (Case(experiment, defect, seed) for seed in seeds)


def _is_as_expected(case: Case, out: str) -> bool:
    began = time.monotonic()
    variables = {
        "PIPELINE_PYTHON": sys.executable,
        "PIPELINE_DEFECTS": "" if case.defect == _RIGHT else case.defect,
        **VARIABLES.get(case.experiment, {}),
    }
    with subprocess.Popen(
        [native_stack.program(), "run", f"experiments/{case.experiment}.yaml", "--seed", str(case.seed)]
        + ["--system", "faultline.yaml", "--out", out, "--format", "json", "--quiet"],
        cwd=_FOLDER,
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as run:
        try:
            output, errors = run.communicate()
        except KeyboardInterrupt:
            # It was interrupted as well, and takes away what it has made.
            run.wait()
            raise
    try:
        (found,) = json.loads(output)["experiments"]
    except ValueError:
        found = {"verdict": f"exit code {run.returncode}", "reasons": errors.splitlines()[-3:], "folder": out}
    seconds = f"{time.monotonic() - began:.0f}"
    print(_row(case.defect, case.experiment, case.expected, found["verdict"], seconds), flush=True)
    if found["verdict"] == case.expected:
        return True
    for line in [*found["reasons"], f"seed {case.seed}, {found['folder']}"]:
        print(f"    {line}", flush=True)
    return False


def _row(*cells: str) -> str:
    return "".join(cell.ljust(width) for cell, width in zip(cells, (27, 22, 10, 14, 8), strict=True)).rstrip()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
