#!/usr/bin/env python3
"""results/race-table on a record made up here: means, the worst, what counts and what does not."""
import json
import os
import subprocess
import sys
import tempfile
import unittest

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "results", "race-table")
GEMM = "gemm:m={},n=8,k=8,batch=1,dtype={}:{}:{}:{},math=strict,weights=const"
CONV = "conv2d:n=1,c=8,h=8,w=8,k=8,r=3,s=3,stride=1x1,groups=1,layout={},dtype=f32:f32:f32:f32,math=strict"


def gemm(m, dtype="f32"):
    return GEMM.format(m, dtype, dtype, dtype, dtype)


def row(problem, algorithm, time, status="ok"):
    return {"kind": "op", "key": {"problem": problem}, "row": {"request": {"algorithm": algorithm}}, "status": status,
            "subject": {"algorithm": algorithm, "config": {"threads": 2},
                        "libraries": [{"name": "onednn", "version": "3.9.1 avx2"}]},
            "time": {"host": {"median_ns": time}} if time else None, "rate": {"flop": 1000}}


class RaceTable(unittest.TestCase):
    def run_on(self, rows, *options):
        lines = [{"kind": "environment", "environment": {"cpu": {"model": "Model 7", "cores": 2}, "host": {"kernel": "k"},
                                                         "build": {"commit": "c0ffee", "compiler": "cc"}}}] + rows
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl", delete=False) as file:
            file.write("".join(json.dumps(line) + "\n" for line in lines))
        try:
            done = subprocess.run([sys.executable, "-B", SCRIPT, *options, file.name], capture_output=True, text=True,
                                  check=False)
        finally:
            os.unlink(file.name)
        return done.returncode, done.stdout, done.stderr

    def test_means_and_worst(self):
        status, out, err = self.run_on([row(gemm(1), "native", 100), row(gemm(1), "openblas", 400),
                                        row(gemm(1), "onednn", 300), row(gemm(2), "native", 100, "unstable"),
                                        row(gemm(2), "onednn", 75), row(gemm(2), "reference", 1)])
        self.assertEqual((status, err), (0, ""))
        self.assertIn("| gemm f32 | 2 | 1.500 | 0.750 | m=2 n=8 k=8 (onednn) | 1 | 0 |", out)
        self.assertIn("| gemm f32 | m=2 n=8 k=8 | 0.750 | 10.0 | onednn | 13.3 |", out)
        self.assertIn("Machine: Model 7, 2 cores, k; threads: 2; build c0ffee, cc.", out)
        self.assertIn("Peers: onednn 3.9.1 avx2.", out)

    def test_limit(self):
        rows = [row(gemm(1), "native", 100), row(gemm(1), "onednn", 95)]
        self.assertIn("No shape is under 0.93.", self.run_on(rows)[1])
        self.assertIn("Shapes under 0.97", self.run_on(rows, "--limit", "0.97")[1])

    def test_a_peer_may_choose_its_layout(self):
        out = self.run_on([row(CONV.format("nchw"), "native", 100), row(CONV.format("nchw"), "onednn", 200),
                           row(CONV.format("nhwc"), "native", 50), row(CONV.format("any"), "onednn", 80)])[1]
        self.assertIn("| conv2d f32, n = 1, nchw | 1 | 0.800 | 0.800 |", out)
        self.assertIn("(onednn any)", out)
        self.assertIn("| conv2d f32, n = 1, nhwc | 1 | 1.600 |", out)

    def test_wrong_and_missing_rows_do_not_count(self):
        status, out, _ = self.run_on([row(gemm(1), "native", 100), row(gemm(1), "openblas", 110),
                                      row(gemm(1), "onednn", 10, "wrong"), row(gemm(1), "blis", None, "unsupported"),
                                      row(gemm(4, "s8"), "native", 100), row(gemm(4, "s8"), "onednn", 10, "wrong")])
        self.assertEqual(status, 0)
        self.assertIn("| gemm f32 | 1 | 1.100 | 1.100 | m=1 n=8 k=8 (openblas) | 0 | 1 |", out)
        self.assertIn("| gemm s8 | 0 | | | | | 1 |", out)

    def test_nothing_to_compare(self):
        status, out, err = self.run_on([row(gemm(1), "native", 100)])
        self.assertEqual((status, out), (2, ""))
        self.assertIn("no problem that both", err)
        done = subprocess.run([sys.executable, "-B", SCRIPT, "/nowhere.jsonl"], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("/nowhere.jsonl", done.stderr)


if __name__ == "__main__":
    unittest.main()
