#!/usr/bin/env python3
"""ONNX Runtime as a peer: what is said where its library is not there, or is a stub; with the real one, if
STEELYARD_ONNXRUNTIME names it, networks beside our own."""
import json
import os
import pathlib

import onnx_files as onnx
import support
from support import Case

REAL = os.environ.get("STEELYARD_ONNXRUNTIME", "")
QUICK = ("--duration", "60ms", "--queries", "3", "--rounds", "1", "--energy", "off", "-q")


class OnnxRuntime(Case):
    def setUp(self):
        super().setUp()
        built = pathlib.Path(support.PROGRAM).parents[1]
        self.plugin, self.peers = built / "lib/steelyard/onnxruntime.so", built / "tests/peers"
        if not self.plugin.exists() or not (self.peers / "onnxruntime.so").exists():
            self.skipTest("the plugin or the stubs are not built")
        self.environment["STEELYARD_ONNXRUNTIME"] = "/no/libonnxruntime.so"

    def use(self, name):
        self.environment["STEELYARD_ONNXRUNTIME"] = str(self.peers / name)

    def line(self):
        """What `devices` says of it."""
        out, _ = self.expect(0, "devices", "--format", "json")
        return [entry for entry in json.loads(out) if entry["backend"] == "onnxruntime"]

    def test_a_bare_machine_says_what_is_missing(self):
        found = self.line()
        self.assertEqual(len(found), 1)
        self.assertEqual(found[0]["status"], "unavailable")
        self.assertIn("STEELYARD_ONNXRUNTIME", found[0]["reason"])
        self.assertIn("/no/libonnxruntime.so", found[0]["reason"])

    def test_an_old_one_is_told(self):
        self.use("onnxruntime_old.so")
        self.assertIn("1.11.1", self.line()[0]["reason"])

    def test_it_is_the_processor_and_not_measured_beside_it(self):
        self.use("onnxruntime.so")
        out, _ = self.expect(0, "devices")
        line = " ".join(out.split())
        self.assertRegex(line, r"onnxruntime:0 host processor .*by ONNX Runtime 1\.22\.0")
        self.assertRegex(line, r"left out by --device all: the host's processor is measured as cpu")

    def test_the_check_ends_sensibly(self):
        self.expect(77, "plugin", "check", self.plugin)
        self.use("onnxruntime.so")
        out, _ = self.expect(0, "plugin", "check", self.plugin, "--format", "json")
        report = json.loads(out)
        self.assertEqual(report["failed"], 0)
        rows = {row["check"]: row for row in report["checks"]}
        self.assertEqual(rows["work models"]["verdict"], "pass")
        self.assertEqual(rows["gemm f32"]["verdict"], "skip")

    def test_no_single_problems(self):
        self.use("onnxruntime.so")
        self.expect((3, 77), "run", support.TINY, "-d", "onnxruntime", "-q", "-r", "1", "--max-time", "100ms")


class Real(Case):
    def setUp(self):
        super().setUp()
        self.plugin = pathlib.Path(support.PROGRAM).parents[1] / "lib/steelyard/onnxruntime.so"
        if not REAL:
            self.skipTest("STEELYARD_ONNXRUNTIME names no library")
        self.environment["STEELYARD_ONNXRUNTIME"] = REAL

    def test_the_check_passes(self):
        out, _ = self.expect(0, "plugin", "check", self.plugin, "--format", "json")
        rows = {row["check"]: row["verdict"] for row in json.loads(out)["checks"]}
        for name in ("work models", "model ports", "model run", "leak models"):
            self.assertEqual(rows[name], "pass")

    def test_a_network_is_right(self):
        path = self.path("out.jsonl")
        self.expect(0, "infer", self.write("p.onnx", onnx.perceptron()), "--device", "onnxruntime", "-o", path, *QUICK)
        row = next(line for line in self.records(path) if line["kind"] == "model")
        self.assertEqual(row["check"]["status"], "ok")
        self.assertTrue(row["model"]["whole"])

    def test_extents_are_bound_by_symbol_or_input(self):
        for bind in ("batch=3", "x=3x16"):
            path = self.path(f"{bind}.jsonl")
            self.expect(0, "infer", self.write("p.onnx", onnx.perceptron()), "--device", "onnxruntime", "--bind", bind, "-o", path,
                        *QUICK)
            row = next(line for line in self.records(path) if line["kind"] == "model")
            self.assertIn("3x16", json.dumps(row))
            self.assertEqual(row["check"]["status"], "ok")
        self.refuse(2, "nor an open extent", "infer", self.write("p.onnx", onnx.perceptron()), "--device", "onnxruntime", "--bind",
                    "rows=3", *QUICK)

    def test_no_model_is_refused(self):
        self.refuse(2, "onnxruntime: load", "infer", self.write("noise.onnx", b"noise"), "--device", "onnxruntime", *QUICK)


if __name__ == "__main__":
    support.main()
