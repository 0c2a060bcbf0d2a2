#!/usr/bin/env python3
"""What compare.py makes of records, of the others' lines, and of what is missing."""
import contextlib
import io
import json
import pathlib
import re
import tempfile
import unittest

import compare
import problem as problems

GEMM = "gemm:m={m},n=64,k=32,batch=1,ta=0,tb=0,alpha=1,beta=0,epilogue=none,dtype={t}:{t}:{t}:f32,math={math},weights=const"
CONV = ("conv2d:n=2,c=8,h=10,w=10,k=4,r=3,s=3,stride=2x2,pad=1x1x1x1,dilation=1x1,groups=2,layout=any,epilogue=none,"
        "dtype=f16:f16:f16:f32,math=strict,weights=const")
CARD = {"kind": "card", "source": "by_hand", "name": "NVIDIA H0", "pci": "0000:01:00.0", "sm": 132, "driver": "580.1",
        "sm_mhz_max": 1980, "mem_mhz_max": 2619, "power_limit_mw": 700000, "cublaslt": 130000, "cudnn": 91900, "cuda_runtime": 13000}


def gemm(m, t="f16", math="strict"):
    return GEMM.format(m=m, t=t, math=math)


def ours(problem, device_ns, host_ns=None, status="ok", is_believed=True, simulated=False, device="cuda:0"):
    times = {"host": {"median_ns": host_ns or device_ns}, "device_believed": is_believed}
    if device_ns:
        times["device"] = {"median_ns": device_ns}
    return {"schema": "steelyard.record/1", "kind": "op", "row": {"request": {"device": device}}, "key": {"problem": problem},
            "subject": {"algorithm": "lt-3", "simulated": simulated}, "status": status, "time": times,
            "conditions": {"clock_mhz": {"mean": 1700.4}}}


def theirs(problem, ns, source="cublaslt", **more):
    return {"kind": "op", "source": source, "problem": problem, "name": "n", "way": "T", "sm_mhz": 1755, "ns": ns, **more}


class Compare(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.temporary.name)
        (self.folder / "problems").mkdir()
        (self.folder / "problems/gemm.txt").write_text("\n".join(f"{gemm(m)} # square.{m}" for m in (1, 2, 3, 4)) + "\n")
        (self.folder / "problems/conv.txt").write_text(CONV + " # some.conv\n")

    def tearDown(self):
        self.temporary.cleanup()

    def write(self, name, *lines):
        (self.folder / name).write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines))

    def compare(self, status):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            self.assertEqual(compare.main([str(self.folder)]), status, out.getvalue())
        return out.getvalue()

    @staticmethod
    def row(text, name):
        return [cell.strip() for cell in re.search(rf"^\| {re.escape(name)} \|.*$", text, re.M).group(0).split("|")[1:-1]]

    def test_the_best_of_the_others_counts(self):
        self.write("ours-gemm.jsonl", ours(gemm(1), 1000), ours(gemm(2), 2000))
        self.write("by_hand.jsonl", CARD, theirs(gemm(1), 995, graph_ns=700), theirs(gemm(2), 2500))
        self.write("torch.jsonl", theirs(gemm(1), 1100, "torch"), theirs(gemm(2), 1990, "torch", way="mm"))
        text = self.compare(0)
        first, second = self.row(text, "square.1"), self.row(text, "square.2")
        self.assertEqual(first[1:10], ["f16", "1.00", "0.0", "0.99", "1.10", "0.70", "0.995", "1700/1755", "lt-3"])
        self.assertEqual(second[7], "0.995")
        self.assertEqual(second[10], "mm")
        self.assertIn("Geometric mean 0.995; 0 below 0.99", text)
        self.assertIn("NVIDIA H0 (0000:01:00.0), 132 SMs, driver 580.1", text)

    def test_rows_below_are_flagged(self):
        self.write("ours.jsonl", ours(gemm(1), 1000), ours(gemm(2), 1000), ours(CONV, 1000))
        self.write("by_hand.jsonl", theirs(gemm(1), 989), theirs(gemm(2), 990), theirs(CONV, 500, "cudnn-legacy"))
        text = self.compare(1)
        self.assertEqual(self.row(text, "square.1")[7], "0.989 **low**")
        self.assertEqual(self.row(text, "square.2")[7], "0.990")
        self.assertEqual(self.row(text, "gemm"), ["gemm", "all", "2", "2", "0.989", "0.989", "1"])
        self.assertEqual(self.row(text, "conv")[1:], ["all", "1", "1", "0.500", "0.500", "1"])

    def test_time_that_is_not_the_devices_is_marked(self):
        self.write("ours.jsonl", ours(gemm(1), 10, host_ns=1000, is_believed=False), ours(gemm(2), None, host_ns=500))
        self.write("by_hand.jsonl", theirs(gemm(1), 1000), theirs(gemm(2), 500))
        text = self.compare(0)
        for m, micro in ((1, "1.00"), (2, "0.50")):
            self.assertEqual((self.row(text, f"square.{m}")[2], self.row(text, f"square.{m}")[11]), (micro, "host time"))

    def test_what_is_missing_is_said(self):
        self.write("ours.jsonl", ours(gemm(1), 1000), {**ours(gemm(3), 1), "status": "unsupported", "time": {}, "reason": "no f16"})
        self.write("by_hand.jsonl", theirs(gemm(2), 900), theirs(gemm(3), 900), {**theirs(gemm(4), 0), "error": "status 15"},
                   '{"kind":"op","source":"cubl')
        text = self.compare(2)
        self.assertEqual(self.row(text, "square.1")[7], "-")
        self.assertEqual(self.row(text, "square.2")[11], "not run")
        self.assertEqual(self.row(text, "square.3")[11], "unsupported; no f16")
        self.assertIn("cublaslt: status 15", self.row(text, "square.4")[11])
        self.assertIn("PyTorch: not run", text)

    def test_opencl_and_fast_sums_are_no_part_of_the_ratio(self):
        self.write("opencl.jsonl", ours(gemm(1), 5, device="opencl:0"))
        self.write("ours.jsonl", ours(gemm(1), 1000))
        self.write("by_hand.jsonl", theirs(gemm(1), 1000), theirs(gemm(1), 800, "cublaslt-fast"))
        text = self.compare(0)
        self.assertEqual(self.row(text, "square.1")[7], "1.000")
        self.assertEqual(self.row(text, "n")[1:], ["cublaslt", "1.00", "0.80", "1.250"])

    def test_simulated_is_said(self):
        self.write("ours.jsonl", ours(gemm(1), 1000, simulated=True))
        self.assertIn("SIMULATED", self.row(self.compare(2), "square.1")[11])

    def test_meters_copies_rules_and_steps(self):
        trace = {"kind": "trace", "load_s": [0.2, 1.0], "rows": [[0.1, 100, 100, 100, 0, 0], [0.3, 600, 150, 150, 0, 0],
                                                                [0.9, 600, 600, 600, 0, 0]],
                 "steady": {"seconds": 0.4, "counter_w": 598.0, "instant_w": 601.5, "event_reasons": 4}}
        meter = {"kind": "meter", "meter": "energy", "when": "idle", "reads": 90, "changes": 20, "last": 1,
                 "period_ms": {"min": 90, "median": 100, "p90": 101, "max": 120}, "step": {"min": 1, "median": 7, "max": 9}}
        rule = {"kind": "rule", "a": "f8e4m3", "b": "f8e4m3", "d": "bf16", "m": 8, "n": 16, "k": 32, "TN": 5, "NN": -15, "TT": 0, "NT": 0}
        self.write("by_hand.jsonl", trace, meter, rule, {"kind": "copy", "copy": "d2d", "byte": 1 << 30, "byte_per_s": 1.5e12})
        (self.folder / "steps.tsv").write_text("check\t124\t35\t35\tstopped at its time limit\nfacts\t0\t1\n")
        text = self.compare(2)
        self.assertIn("instant at 90 % after 0.10 s, average at 90 % after 0.70 s", text)
        self.assertIn("598.0 W by the energy counter, 601.5 W by the instant field, event reasons 0x4", text)
        self.assertEqual(self.row(text, "energy")[4:], ["90", "100", "101", "120", "7"])
        self.assertEqual(self.row(text, "f8e4m3")[3:], ["8x16x32", "5", "-15", "0", "0"])
        self.assertEqual(self.row(text, "d2d"), ["d2d", "1024", "1500.0"])
        self.assertEqual(self.row(text, "check")[1:], ["124", "35", "35", "stopped at its time limit"])

    def test_usage(self):
        with contextlib.redirect_stderr(io.StringIO()) as said:
            self.assertEqual(compare.main(["/nonexistent"]), 2)
        self.assertIn("Usage: compare.py FOLDER", said.getvalue())

    def test_flop_and_kind_of_problems(self):
        self.assertEqual(problems.flop(problems.parse(gemm(3))), 2 * 3 * 64 * 32)
        self.assertEqual(problems.flop(problems.parse(CONV)), 2 * 2 * 4 * 5 * 5 * 4 * 9)
        self.assertEqual(problems.flop(problems.parse("stream:kind=read,bytes=16")), 0)
        self.assertEqual(problems.parse(gemm(1, "f32", "tf32")).kind, "tf32")
        self.assertEqual(problems.parse(gemm(1, "s8")).kind, "s8")


if __name__ == "__main__":
    unittest.main()
