#!/usr/bin/env python3
"""Cambricon's cards on the simulated Neuware: what a bare machine says, every generation, failures, nothing left over."""
import json
import pathlib
import unittest

import support
from support import Case

GENERATIONS = ("cambricon", "cambricon_1", "cambricon_early")
GEMM = "gemm:m=64,n=64,k=64"
OTHER = "gemm:m=64,n=64,k=65"
CONV = "conv2d:n=1,c=8,h=14,w=14,k=8,r=3,s=3,pad=1"
# Checks of a plugin that say most in little time.
SOME = "^(plugin|device|memory|queue|sensor)|^(gemm|conv2d|math) f32$|^(leak devices|destroy null)$"
QUICK = ("-r", "1", "--max-time", "200ms")


class Cambricon(Case):
    def setUp(self):
        super().setUp()
        root = pathlib.Path(support.PROGRAM).parents[1]
        self.sims = root / "tests/vendor_sim"
        self.plugin = root / "lib/steelyard/cambricon.so"
        for path in (self.plugin, self.sims / "cambricon/libcnrt.so"):
            if not path.exists():
                self.skipTest(f"no {path}")
        for name in ("NEUWARE_HOME", "MLU_VISIBLE_DEVICES"):
            self.environment.pop(name, None)
        self.use("cambricon")

    def use(self, generation, settings=""):
        self.environment["STEELYARD_CAMBRICON_FOLDER"] = str(self.sims / generation)
        self.environment["STEELYARD_VENDOR_SIM"] = f"report={self.path('report')};{settings}"

    def device(self):
        out, _ = self.expect(0, "devices", "--format", "json")
        return next(device for device in json.loads(out) if device["id"].startswith("cambricon"))

    def run_rows(self, status, *problems, more=QUICK):
        """Rows of a run by problem; of each process nothing may be left, and nothing may have been done wrong."""
        out = self.path("out.jsonl")
        for path in (out, self.path("report")):
            pathlib.Path(path).unlink(missing_ok=True)
        self.expect(status, "run", *problems, "-d", "cambricon:0", "-o", out, "-q", *more)
        self.check_report()
        return {row["key"]["problem"].split(",batch")[0]: row for row in self.rows(out)}

    def check_report(self):
        lines = [line.split() for line in pathlib.Path(self.path("report")).read_text().splitlines()]
        self.assertNotEqual(lines, [])
        for kind, *numbers in lines:
            self.assertNotEqual(kind, "misuse", numbers)
            if kind != "call":
                self.assertEqual(numbers[0], "0", f"{kind}: {numbers[0]} of {numbers[1]} are left")

    def test_a_bare_machine_says_what_is_missing(self):
        del self.environment["STEELYARD_CAMBRICON_FOLDER"]
        if pathlib.Path("/usr/local/neuware").exists():
            self.skipTest("Neuware is here")
        out, _ = self.expect(0, "devices")
        for words in ("cambricon +unavailable: ", "libcnrt.so", "/usr/local/neuware/lib64", "NEUWARE_HOME",
                      "STEELYARD_CAMBRICON_FOLDER", "container"):
            self.assertRegex(out, words)
        self.refuse(3, "libcnrt.so", "run", GEMM, "-d", "cambricon:0", *QUICK)

    def test_neuware_home_is_looked_in(self):
        del self.environment["STEELYARD_CAMBRICON_FOLDER"]
        self.environment["NEUWARE_HOME"] = str(self.sims / "cambricon_1")
        device = self.device()
        self.assertEqual([(library["name"], library["version"]) for library in device["libraries"]],
                         [("cnrt", "6.0.2"), ("cnnl", "1.26.6"), ("cndev", "3.8.2")])

    def test_numbered_names_are_taken_where_there_is_no_plain_one(self):
        for name in ("libcnnl.so.2", "libcnnl.so.1"):
            folder = self.folder / name[-1]
            folder.mkdir()
            for file in ("libcnrt.so", "libcndev.so", "libcard_sim_cambricon.so"):
                (folder / file).symlink_to(self.sims / "cambricon" / file)
            (folder / name).symlink_to(self.sims / "cambricon/libcnnl.so")
            self.use(folder)
            self.assertEqual(self.device()["libraries"][1]["version"], "2.2.6", name)

    def test_no_card_is_told_with_what_hides_it(self):
        for settings in ("devices=0", "devices=0;no_devices=error"):
            self.use("cambricon", settings)
            out, _ = self.expect(0, "devices")
            self.assertRegex(out, "cambricon +unavailable: .*/dev/cambricon_dev.*MLU_VISIBLE_DEVICES is not set")
        self.use("cambricon", "devices=2")
        self.environment["MLU_VISIBLE_DEVICES"] = "7"
        out, _ = self.expect(0, "devices")
        self.assertRegex(out, "cambricon +unavailable: .*MLU_VISIBLE_DEVICES is set, to 7")

    def test_a_runtime_that_is_too_old(self):
        self.use("cambricon_legacy")
        out, _ = self.expect(0, "devices")
        self.assertRegex(out, "cambricon +incompatible: .*Neuware is too old")

    def test_masks_do_not_change_who_a_card_is(self):
        self.use("cambricon", "devices=3")
        self.environment["MLU_VISIBLE_DEVICES"] = "2"
        device = self.device()
        self.assertEqual(device["id"], "cambricon:0")
        self.assertEqual(device["physical_id"], "pci:0000:12:00.0")
        self.assertTrue(device["simulated"])

    def test_every_generation_passes_the_check(self):
        for generation in GENERATIONS:
            self.use(generation)
            # With a sanitizer whole for one generation: most of the plugin's code is the same.
            some = ("-f", SOME) if support.has_sanitizer() and generation != "cambricon" else ()
            out, _ = self.expect(0, "plugin", "check", str(self.plugin), *some, timeout=800)
            self.assertRegex(out, "verdict: pass", generation)
            self.assertRegex(out, "gemm f32 +pass", generation)
            self.assertRegex(out, "conv2d f32 +pass", generation)

    def test_every_generation_runs(self):
        for generation in GENERATIONS:
            self.use(generation, "model=mlu370")
            rows = self.run_rows((0, 1), GEMM, CONV, "stream:bytes=4000,kind=triad")
            for row in rows.values():
                self.assertIn(row["status"], ("ok", "unstable", "suspect"), (generation, row.get("reason")))
                self.assertTrue(row["subject"]["simulated"])

    def test_joules_of_a_run(self):
        row = self.run_rows((0, 1), GEMM, more=(*QUICK, "--energy", "auto", "--energy-window", "1s"))[GEMM]
        self.assertEqual({entry["scope"] for entry in row["energy"]}, {"card"}, row)
        for entry in row["energy"]:
            self.assertGreater(entry["readings"], 0)

    def test_math_is_what_was_asked_for(self):
        row = self.run_rows((0, 1), GEMM)[GEMM]
        self.assertEqual(row["subject"]["algorithm"], "cnnl/matmul")
        row, = self.run_rows((0, 1), GEMM + ",math=tf32").values()
        self.assertEqual(row["subject"]["algorithm"], "cnnl/matmul/tf32")

    def test_what_is_not_done_has_a_reason(self):
        self.use("cambricon", "model=mlu370")
        for problem, words in ((GEMM + ",dtype=bf16", "the card has no bf16"), (GEMM + ",dtype=s8", "s8 into s32"),
                               (GEMM + ",dtype=f64", "not with f64"), (CONV + ",layout=nchw", "channels last")):
            row, = self.run_rows(77, problem).values()
            self.assertEqual(row["status"], "unsupported")
            self.assertIn(words, row["reason"])

    def test_without_operators_the_rest_works(self):
        self.environment["STEELYARD_CNNL"] = self.path("none.so")
        row = self.run_rows(77, GEMM)[GEMM]
        self.assertIn("no CNNL", row["reason"])
        self.assertIn("none.so", row["reason"])

    def test_without_cndev_there_are_no_sensors_and_all_else(self):
        self.environment["STEELYARD_CNDEV"] = self.path("none.so")
        self.assertIn(self.run_rows((0, 1), GEMM)[GEMM]["status"], ("ok", "unstable", "suspect"))

    def test_memory_that_runs_out_costs_one_row(self):
        self.use("cambricon", "fail=cnrtMalloc:9:100100")
        rows = self.run_rows((0, 1), GEMM, OTHER)
        bad = [row for row in rows.values() if row["status"] not in ("ok", "unstable", "suspect")]
        self.assertLessEqual(len(bad), 1)
        for row in bad:
            self.assertIn("out of memory (100100)", row["reason"])

    def test_a_trap_costs_its_rows_and_not_the_program(self):
        self.use("cambricon", "async=cnnlMatMul_v2:3:100132")
        out = self.path("out.jsonl")
        self.expect(1, "run", GEMM, OTHER, "-d", "cambricon:0", "-o", out, "-q", *QUICK)
        rows = self.rows(out)
        self.assertEqual(self.records(out)[-1]["kind"], "end")
        self.assertTrue(any("a kernel trapped" in (row.get("reason") or "") for row in rows), rows)


if __name__ == "__main__":
    support.main()
