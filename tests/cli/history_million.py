#!/usr/bin/env python3
"""How long a history of 1,000,000 rows takes to fill and to ask. By hand, with a few minutes and 1 GB of disk:
history_million.py PROGRAM FOLDER [RUNS [PROBLEMS]]. What is asked runs ten times, the program's start included."""
import os
import pathlib
import statistics
import subprocess
import sys
import time

import made_records

PROGRAM, FOLDER = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2])
RUNS, PROBLEMS = (int(word) for word in (sys.argv[3:] + ["1000", "1000"][len(sys.argv[3:]):]))
DB = FOLDER / "million.db"


def ask(*words):
    took = []
    for _ in range(10):
        begin = time.monotonic()
        out = subprocess.run([PROGRAM, "history", *words, "--db", DB], stdout=subprocess.PIPE, check=True).stdout
        took.append(1000 * (time.monotonic() - begin))
    print(f"{statistics.median(took):8.1f} ms, at most {max(took):.1f}: history {' '.join(words)} ({len(out)} bytes)", flush=True)


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    begin, adding, files = time.monotonic(), 0.0, []
    for number, text in enumerate(made_records.history(RUNS, PROBLEMS)):
        files.append(FOLDER / f"{number % 10}.jsonl")
        files[-1].write_text(text)
        if len(files) < 10 and number + 1 < RUNS:
            continue
        start = time.monotonic()
        subprocess.run([PROGRAM, "history", "add", *files, "--db", DB, "-q"], check=True)
        adding += time.monotonic() - start
        files = []
        if number % 100 == 99:
            print(f"{number + 1} runs, {adding:.0f} s of adding", flush=True)
    print(f"{RUNS * PROBLEMS} rows of {RUNS} runs: {time.monotonic() - begin:.0f} s, {adding:.0f} s of them adding; "
          f"{DB.stat().st_size / 1e6:.0f} MB")
    key = subprocess.run([PROGRAM, "history", "trend", "layer7", "--db", DB, "--format", "csv"], check=True,
                         stdout=subprocess.PIPE, text=True).stdout.splitlines()[1].split(",")[0]
    for last in ("200", "100000"):
        ask("trend", key, "--last", last)
    ask("trend", made_records.problem(PROBLEMS // 2))
    ask("trend", f"gemm:m={64 + PROBLEMS // 3},n=64")
    ask("trend", f"layer{PROBLEMS - 1}")
    ask("show", made_records.id_of(RUNS // 2))
    ask("list")


if __name__ == "__main__":
    main()
