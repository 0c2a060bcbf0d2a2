#!/usr/bin/env python3
"""Runs on the simulated libraries of Ascend: what is missing is said, simulated is marked, what the stack does wrong costs the
rows it has to, nothing is left over."""
import json
import pathlib
import re
import unittest

import support
from support import Case

GEMM = "gemm:m=32,n=48,k=64,dtype=f16"
# Checks of a plugin that say most in little time.
SOME = "^(plugin|device|sensor)|^(gemm|conv2d|math) f16$|^(leak devices|destroy null)$"
MODEL = "om-sim 1\ninput x 0 2 2,8\noutput y 0 2 2,8 3\nflop 1000000\n"
QUICK = ("-r", "1", "--max-time", "100ms", "--check", "off")


class Ascend(Case):
    def setUp(self):
        super().setUp()
        built = pathlib.Path(support.PROGRAM).parents[1]
        self.sims, self.plugin = built / "tests/vendor_sim", built / "lib/steelyard/ascend.so"
        if not (self.sims / "ascend/libopapi.so").exists() or not self.plugin.exists():
            self.skipTest("the simulation or the plugin is not built")
        for name in ("ASCEND_HOME_PATH", "ASCEND_TOOLKIT_HOME", "ASCEND_HOME", "ASCEND_RT_VISIBLE_DEVICES"):
            self.environment.pop(name, None)
        self.set_world("ascend", "")

    def set_world(self, folder, settings):
        self.environment["STEELYARD_ASCEND_FOLDER"] = str(self.sims / folder)
        self.environment["STEELYARD_VENDOR_SIM"] = f"report={self.path('objects')};{settings}"

    def run_rows(self, status, *problems, folder="ascend", settings="", more=QUICK):
        """Rows of a run; each process that ended by itself leaves nothing and has done nothing wrong."""
        out = self.path("out.jsonl")
        pathlib.Path(out).unlink(missing_ok=True)
        self.set_world(folder, settings)
        self.expect(status, "run", *problems, "-d", "ascend:0", "-o", out, "-q", *more)
        self.check_objects()
        return self.rows(out)

    def check_objects(self):
        """Lines as "tensor 0 12": alive, made; "misuse wrong_handle 1". The device stays set, which is a context."""
        lines = pathlib.Path(self.path("objects")).read_text().splitlines()
        self.assertNotEqual(lines, [])
        for line in lines:
            self.assertFalse(line.startswith("misuse"), line)
            kind = re.fullmatch(r"(\w+) (\d+) (\d+)", line)
            if kind and kind[1] not in ("call", "context"):
                self.assertEqual(kind[2], "0", line)

    def test_a_bare_machine_says_what_is_missing(self):
        self.environment["STEELYARD_ASCEND_FOLDER"] = "/no/cann"
        out, _ = self.expect(0, "devices")
        line = " ".join(out.split())
        self.assertIn("libascendcl.so, libacl_rt.so not found", line)
        self.assertIn("ASCEND_HOME_PATH", line)
        self.assertIn("STEELYARD_ASCEND_FOLDER", line)

    def test_devices_are_marked(self):
        out, _ = self.expect(0, "devices")
        self.assertRegex(out, r"ascend:0 +Ascend910B3 +SIMULATED")
        self.assertIn("plugin untested on hardware", out)
        for library in ("libascendcl.so", "libnnopbase.so", "libopapi.so", "libdcmi.so"):
            self.assertIn(f"vendor_sim/ascend/{library}", out)

    def test_a_card_without_driver(self):
        self.set_world("ascend", "fail=aclInit:1:500004")
        _, err = self.expect(3, "run", GEMM, "-d", "ascend:0", "-q")
        self.assertIn("the driver failed (500004)", err)
        self.assertIn("/dev/davinci_manager", err)

    def infer(self, status, text, *arguments, folder="ascend", settings=""):
        model, out = self.write("m.om", text), self.path("out.jsonl")
        pathlib.Path(out).unlink(missing_ok=True)
        self.set_world(folder, settings)
        said = self.expect(status, "infer", model, "-d", "ascend:0", "-o", out, "-q", "--duration", "60ms", "--queries", "3",
                           "--rounds", "1", *arguments)
        return [row for row in self.records(out) if row["kind"] == "model"] if status == 0 else said

    def test_offline_models_run_as_they_are(self):
        for folder in ("ascend", "ascend_7", "ascend_9"):
            with self.subTest(folder):
                rows = self.infer(0, MODEL, folder=folder)
                self.assertIn(rows[0]["status"], ("ok", "unstable"))
                self.assertTrue(rows[0]["model"]["whole"])
                self.assertTrue(rows[0]["subject"]["simulated"])
                self.assertEqual(rows[0]["key"]["inputs"], "x:2x8")
                self.check_objects()

    def test_offline_models_that_cannot_be(self):
        for text, says in (("no model", "not an offline model"), (MODEL + "chip Ascend310P3\n", "made for Ascend310P3"),
                           (MODEL.replace("x 0 2 2,8", "x 0 2 -1,8"), "extents that are open")):
            with self.subTest(says):
                _, err = self.infer((2, 77), text)
                self.assertRegex(err, says)
        _, err = self.infer((2, 77), MODEL, "--instances", "2")
        self.assertIn("one queue at a time", err)

    def test_a_fault_while_a_model_runs(self):
        self.infer((1,), MODEL, settings="async=aclmdlExecuteAsync:5:507015")
        rows = [row for row in self.records(self.path("out.jsonl")) if row["kind"] == "model"]
        self.assertEqual(rows[0]["status"], "error")
        self.assertIn("AI core exception", rows[0]["reason"])

    def test_models_pass_the_check(self):
        for folder in ("ascend", "ascend_9"):
            with self.subTest(folder):
                self.set_world(folder, "")
                out, _ = self.expect(0, "plugin", "check", self.plugin, "--format", "json", "-f", "models|^model", "--model",
                                     self.write("m.om", MODEL))
                report = json.loads(out)
                self.assertEqual((report["passed"], report["skipped"]), (4, 0), out)

    def test_every_version_passes_the_check(self):
        for folder in ("ascend", "ascend_7", "ascend_9"):
            with self.subTest(folder):
                self.set_world(folder, "")
                # With a sanitizer whole for one version: the plugin's code is the same.
                some = ("-f", SOME) if support.has_sanitizer() and folder != "ascend" else ()
                out, _ = self.expect(0, "plugin", "check", self.plugin, "--format", "json", *some)
                self.assertEqual(json.loads(out)["verdict"], "pass", out)

    def test_every_card_passes_the_check(self):
        for soc in ("Ascend910A", "Ascend310P3", "Ascend310B4"):
            with self.subTest(soc):
                self.set_world("ascend", f"soc={soc}")
                some = SOME if support.has_sanitizer() else "^(device|gemm|conv2d|math|sensor)"
                self.expect(0, "plugin", "check", self.plugin, "-f", some)

    def test_rows_leave_nothing(self):
        problems = (GEMM, "gemm:m=32,n=48,k=64,dtype=s8", "gemm:m=32,n=48,k=64,epilogue=bias",
                    "conv2d:n=1,c=8,h=8,w=8,k=8,r=3,s=3,pad=1x1x1x1")
        for folder in ("ascend", "ascend_7", "ascend_9"):
            with self.subTest(folder):
                rows = self.run_rows((0, 1), *problems, folder=folder)
                self.assertEqual(len(rows), 4)
                for row in rows:
                    self.assertIn(row["status"], ("ok", "unstable"), row)

    def test_joules_of_a_run(self):
        row, = self.run_rows((0, 1), GEMM, more=(*QUICK, "--energy", "auto", "--energy-window", "1s"))
        self.assertEqual({entry["scope"] for entry in row["energy"]}, {"card"}, row)
        for entry in row["energy"]:
            self.assertGreater(entry["readings"], 0)

    def test_wrong_results_are_found(self):
        rows = self.run_rows(1, GEMM, settings="skip=1", more=("-r", "1", "--max-time", "100ms"))
        self.assertEqual(rows[0]["status"], "wrong")

    def test_first_times_are_apart(self):
        rows = self.run_rows((0, 1), GEMM, settings="jit_us=30000")
        time = rows[0]["time"]
        self.assertGreater(time["compile_ns"], 15e6)
        self.assertGreaterEqual(time["plan_ns"], time["compile_ns"])

    def test_kernels_may_be_missing(self):
        rows = self.run_rows(77, GEMM, settings="kernels=package")
        row = rows[0]
        self.assertEqual(row["status"], "unsupported")
        self.assertIn("kernels for this chip is not installed", json.dumps(row))

    def test_a_fault_costs_its_row(self):
        out = self.path("out.jsonl")
        self.set_world("ascend", "async=aclnnMm:3:507015")
        self.expect((0, 1, 2), "run", GEMM, "gemm:m=32,n=48,k=64,dtype=s8", "-d", "ascend:0", "-o", out, "-q", *QUICK)
        rows = {row["key"]["problem"].split("dtype=")[1].split(",")[0]: row for row in self.rows(out)}
        self.assertEqual(rows["f16:f16:f16:f32"]["status"], "error")
        self.assertIn("AI core exception (507015)", json.dumps(rows["f16:f16:f16:f32"]))
        self.assertIn(rows["s8:s8:s32:s32"]["status"], ("ok", "unstable"))


if __name__ == "__main__":
    support.main()
