#!/usr/bin/env python3
"""Writes a large made-up record, the same for the same seed: what reports and comparisons are timed with.

many_rows.py ROWS OUT [SAMPLES [SEED]]: ROWS rows of SAMPLES (50) samples, on three devices, one of them simulated, with
energy, every status, and an environment line.
"""
import hashlib
import json
import random
import sys

DEVICES = [("cpu", "EPYC 9654", "cpu", "package", False), ("cuda:0", "H20 96 GB", "cuda", "card", False),
           ("sim:0", "roofline", "sim", "card", True)]
BAD = ["unsupported", "unavailable", "wrong", "suspect", "error", "timeout", "skipped"]


def digest(*texts):
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]


def nine(value):
    return float(f"{value:.9g}")


def interval(value, part):
    return [nine(value * (1 - part)), nine(value * (1 + part))]


def time_of(numbers, base, samples):
    taken = [nine(base * numbers.lognormvariate(0, 0.01)) for _ in range(samples)]
    median = sorted(taken)[len(taken) // 2]
    rounds = [{"round": i, "order": i, "median_ns": nine(median * numbers.lognormvariate(0, 0.003)),
               "ci95_ns": interval(median, 0.004), "samples": samples // 3, "batch": 8, "warm_ns": 3e8,
               "autocorrelation": 0.05} for i in range(3)]
    host = {"median_ns": median, "ci95_ns": interval(median, 0.004), "mean_ns": nine(sum(taken) / samples),
            "min_ns": min(taken), "p90_ns": sorted(taken)[samples * 9 // 10], "p99_ns": max(taken), "resolution_ns": 1}
    return {"headline": "host", "host": host, "batch": 8, "rounds": 3, "interval_kind": "between_rounds",
            "samples": samples, "plan_ns": 12500, "first_run_ns": nine(3 * base), "clock_overhead_ns": 21.5,
            "autocorrelation": 0.05, "samples_ns": taken, "by_round": rounds}


def energy_of(numbers, ns, flop, scope):
    watt = numbers.uniform(100, 400)
    runs = max(1, round(2e9 / ns))
    run_per_s = runs / (runs * ns) * 1e9
    joule = watt / run_per_s
    return [{"source": "device:energy", "kind": "counter", "scope": scope, "resolution": 1e-6, "update_period_ms": 1,
             "window_ns": runs * ns, "run_per_s": run_per_s, "rate_of_median": 1, "joule_per_run": joule,
             "watt": joule * run_per_s, "flop_per_joule": flop / joule, "u_random": 0.004, "runs": runs, "readings": 200,
             "valid": True}]


def row_of(numbers, number, samples):
    m, (device, name, backend, scope, simulated) = number // len(DEVICES) + 1, DEVICES[number % len(DEVICES)]
    problem = (f"gemm:m={m},n=4096,k=4096,batch=1,ta=0,tb=0,alpha=1,beta=0,epilogue=none,dtype=bf16:bf16:bf16:f32,"
               "math=strict,weights=const")
    key = {"problem": problem, "data": "uniform", "cache": "weights", "launch": "direct"}
    flop = 2 * m * 4096 * 4096
    row = {"row": {"id": digest("row", problem, device), "seq": number, "process": 0,
                   "request": {"device": device, "algorithm": "auto"}},
           "key": key, "key_hash": digest("key", problem),
           "origin": {"suite": "made-up", "name": f"made-up.m{m}", "phase": "prefill", "count": 36},
           "subject": {"backend": backend, "algorithm": "native",
                       "device": {"id": device, "name": name, "vendor": "Maker", "physical_id": f"{backend}-0",
                                  "scope": scope}, "config": {"threads": 2}, "simulated": simulated},
           "subject_hash": digest("subject", device), "status": "ok"}
    if number % 100 == 99:
        row["status"] = BAD[number // 100 % len(BAD)]
        row["reason"] = "made up so"
        row["energy_reason"] = "not measured"
        return row
    base = numbers.uniform(0.8, 1.25) * m * 1000 + 20000
    row["time"] = time_of(numbers, base, samples)
    ns = row["time"]["host"]["median_ns"]
    row["rate"] = {"flop": flop, "byte": 33554432 + 16384 * m, "flop_per_s": flop / ns * 1e9, "of_ceiling": 0.8,
                   "ceiling_method": "microkernel"}
    row["energy"] = energy_of(numbers, ns, flop, scope)
    row["check"] = {"status": "ok", "method": "freivalds", "max_error": 1e-6, "bound": 1e-5, "verified": True,
                    "smallest_fault": "1 element off by 3.1e-4", "math": "strict"}
    row["conditions"] = {"clock_mhz": {"min": 3300, "mean": 3350, "max": 3400}, "temp_c": 61, "shared": False}
    row["path"] = {"reorders": 0, "host_bytes": 0, "launch": "direct", "emulated": False}
    return row


def head(kind, seed):
    return {"schema": "steelyard.record/1", "kind": kind, "run_id": f"20260101T000000Z-{seed:08x}",
            "time_utc": "2026-01-01T00:00:00Z"}


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    rows, path = int(sys.argv[1]), sys.argv[2]
    samples = int(sys.argv[3]) if len(sys.argv) > 3 else 50
    seed = int(sys.argv[4]) if len(sys.argv) > 4 else 1
    numbers = random.Random(seed)
    with open(path, "w", encoding="utf-8") as out:
        lines = [{**head("environment", seed), "environment": {"host": {"name": "made-up"}, "build": {"version": "0.1.0"}}}]
        for line in lines:
            out.write(json.dumps(line, separators=(",", ":")) + "\n")
        for number in range(rows):
            line = {**head("op", seed), **row_of(numbers, number, samples)}
            out.write(json.dumps(line, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
