#!/usr/bin/env python3
"""Runs as a user makes them: records by the schema, forms of output, repeats, dry runs, two programs at once."""
import json
import os
import pathlib
import signal
import subprocess

import support
from support import SIM, TINY, Case, tiny


class Run(Case):
    def run_sim(self, *arguments, **more):
        return self.expect(0, "run", *arguments, "-d", SIM, **more)

    def test_a_record_has_all_its_lines(self):
        out = self.path("r.jsonl")
        self.run_sim(tiny(0), "copy:bytes=4K,kind=h2d", "stream:bytes=4K,kind=triad",
                     "conv2d:n=1,c=4,h=7,w=5,k=6,r=3,s=3,pad=1", "-o", out)
        lines = self.records(out)
        kinds = [line["kind"] for line in lines]
        self.assertEqual((kinds[0], kinds[-1]), ("environment", "end"))
        rows = self.rows(out)
        self.assertEqual([row["status"] for row in rows], ["ok"] * 4)
        for row in rows:
            self.assertTrue(row["subject"]["simulated"])
            self.assertEqual(row["check"]["status"], "ok", row["key"]["problem"])
            self.assertTrue(row["check"]["verified"])
            low, high = row["time"]["host"]["ci95_ns"]
            self.assertLessEqual(low, row["time"]["host"]["median_ns"])
            self.assertLessEqual(row["time"]["host"]["median_ns"], high)
        planned = lines[0]["plan"]["rows"] if "rows" in lines[0].get("plan", {}) else None
        if planned is not None:
            self.assertEqual(set(planned), self.row_ids(out))
        self.assertEqual(lines[-1]["end"]["rows"]["ok"], 4)
        self.assertFalse(lines[-1]["end"]["interrupted"])

    def test_a_real_device_is_not_marked_simulated(self):
        out = self.path("cpu.jsonl")
        self.expect(0, "run", TINY, "-d", "cpu", "-r", "1", "--max-time", "200ms", "-o", out, "-q")
        for row in self.rows(out):
            self.assertIn(row["status"], ("ok", "unstable"))
            self.assertFalse(row["subject"].get("simulated", False))
            self.assertTrue(row["check"]["verified"])

    def test_the_record_on_standard_output(self):
        out, _ = self.run_sim(TINY, "-o", "-")
        lines = [json.loads(line) for line in out.splitlines()]
        for line in lines:
            self.validate(line)
        self.assertEqual((lines[0]["kind"], lines[-1]["kind"]), ("environment", "end"))

    def test_formats(self):
        out, _ = self.run_sim(TINY, "--format", "jsonl")
        for line in out.splitlines():
            self.validate(json.loads(line))
        json.loads(self.run_sim(TINY, "--format", "json")[0])
        self.assertGreaterEqual(len(self.run_sim(TINY, "--format", "csv")[0].splitlines()), 2)
        self.assertIn("ok", self.run_sim(TINY, "--format", "table")[0])
        self.assertTrue(self.run_sim(TINY, "--format", "summary")[0])

    def test_a_dry_run_measures_nothing(self):
        out, _ = self.run_sim(tiny(0), tiny(1), "--dry-run", "-o", self.path("none.jsonl"))
        self.assertIn("2 rows", out)
        self.assertFalse(os.path.exists(self.path("none.jsonl")))

    def test_pairs_in_turn(self):
        out, other = self.path("pair.jsonl"), SIM + ",launch=9us"
        text, _ = self.expect(0, "run", tiny(0), tiny(1), "--pair", f"{SIM},{other}", "--energy", "off", "-o", out)
        self.assertEqual(text.count(" 4 blocks, a is faster: gemm"), 2, text)
        rows = self.rows(out)
        pairs = [row["row"]["pair"] for row in rows]
        self.assertEqual(sorted(pair["side"] for pair in pairs), ["a", "a", "b", "b"])
        self.assertEqual({pair["id"] for pair in pairs}, {row["row"]["id"] for row in rows if row["row"]["pair"]["side"] == "a"})
        for row in rows:
            self.assertEqual((row["row"]["pair"]["block"], row["time"]["rounds"]), (4, 8))
            self.assertEqual(row["row"]["request"]["device"], SIM if row["row"]["pair"]["side"] == "a" else other)
        plain, _ = self.expect(0, "run", TINY, "--pair", f"{SIM},{other}", "--energy", "off", "--format", "csv")
        self.assertNotIn("pair:", plain)

    def test_a_pair_of_algorithms_and_a_side_that_cannot(self):
        text, _ = self.expect(0, "run", TINY, "-d", SIM, "--energy", "off", "--pair", "reference-loops,nothing", "-r", "2")
        self.assertIn("no ratio: b is unsupported: gemm m=8 n=8 k=8", text)

    def test_pairs_that_are_none(self):
        self.refuse(2, "takes two", "run", TINY, "--pair", SIM)
        self.refuse(2, "both sides are", "run", TINY, "--pair", "native,native")
        self.refuse(2, "leave out --device", "run", TINY, "--pair", f"{SIM},cpu", "-d", "cpu")
        self.refuse(2, "leave out --algorithm", "run", TINY, "--pair", "native,onednn", "-a", "native")
        self.refuse(2, "in twos", "run", TINY, "--pair", "native,onednn", "--rounds", "3")
        self.refuse(3, "no backend 'nowhere'", "run", TINY, "--pair", f"{SIM},nowhere:0")

    def test_the_same_problem_twice_is_one_row(self):
        out = self.path("r.jsonl")
        self.run_sim(TINY, TINY, TINY + ",beta=0", "-o", out)
        self.assertEqual(len(self.rows(out)), 1)

    def test_row_ids_do_not_depend_on_the_run(self):
        first, second = self.path("a.jsonl"), self.path("b.jsonl")
        self.run_sim(tiny(0), tiny(1), "-o", first)
        self.run_sim(tiny(1), tiny(0), "-o", second, "-q")
        self.assertEqual(self.row_ids(first), self.row_ids(second))
        other = self.path("c.jsonl")
        self.run_sim(tiny(0), tiny(1), "--data", "normal", "-o", other)
        self.assertEqual(self.row_ids(first) & self.row_ids(other), set())

    def test_process_repeats_are_rows_of_their_own(self):
        out = self.path("r.jsonl")
        self.run_sim(tiny(0), tiny(1), "--repeat-process", "3", "-r", "1", "-o", out)
        rows = self.rows(out)
        self.assertEqual(sorted(row["row"]["process"] for row in rows), [0, 0, 1, 1, 2, 2])
        self.assertEqual(len(self.row_ids(out)), 6)

    def test_all_algorithms(self):
        out = self.path("r.jsonl")
        self.run_sim(TINY, "--algorithm", "all", "-o", out)
        self.assertEqual([row["subject"]["algorithm"] for row in self.rows(out)], ["reference-loops"])

    def test_an_unknown_algorithm_is_a_row_with_a_reason(self):
        out = self.path("r.jsonl")
        self.expect((0, 2, 77), "run", TINY, "-d", SIM, "--algorithm", "magic", "-o", out)
        rows = self.rows(out) if os.path.exists(out) else []
        for row in rows:
            self.assertEqual(row["status"], "unsupported")
            self.assertIn("magic", row["reason"])

    def test_what_does_not_fit_is_unsupported(self):
        out = self.path("r.jsonl")
        self.run_sim(TINY, "gemm:m=4096,n=4096,k=4096", "-o", out)
        rows = {row["status"]: row for row in self.rows(out)}
        self.assertEqual(set(rows), {"ok", "unsupported"})
        self.assertRegex(rows["unsupported"]["reason"], r"\d+ bytes.*\d+ (bytes )?are free")

    def test_nothing_measured_is_77(self):
        self.expect(77, "run", "gemm:m=4096,n=4096,k=4096", "-d", SIM, "-o", self.path("r.jsonl"))

    def test_in_process(self):
        out = self.path("r.jsonl")
        self.run_sim(TINY, "--isolation", "none", "-o", out)
        (row,) = self.rows(out)
        self.assertEqual(row["status"], "ok")
        self.assertTrue(row["path"]["in_process"])

    def test_a_budget_skips_what_is_left(self):
        out = self.path("r.jsonl")
        problems = [tiny(n) for n in range(20)]
        status, _, err = self.run_program("run", *problems, "-d", SIM, "--budget", "1ms", "-o", out)
        self.assertIn(status, (0, 77), err)
        rows = self.rows(out)
        self.assertEqual(len(rows), 20)
        skipped = [row for row in rows if row["status"] == "skipped"]
        self.assertTrue(skipped)
        for row in skipped:
            self.assertEqual(row["reason"], "budget")
            self.assertNotIn("rate", row)

    def test_standard_input(self):
        out = self.path("r.jsonl")
        self.run_sim("-", "-o", out, input=f"{tiny(0)}\n# a comment\n\n{tiny(1)}\n")
        self.assertEqual(len(self.rows(out)), 2)

    def test_merge_and_show(self):
        first, second, both = self.path("a.jsonl"), self.path("b.jsonl"), self.path("both.jsonl")
        self.run_sim(tiny(0), tiny(1), "-o", first)
        self.run_sim(tiny(1), tiny(2), "-o", second)
        self.expect(0, "merge", first, second, "-o", both)
        ids = [row["row"]["id"] for row in self.rows(both)]
        self.assertEqual(set(ids), self.row_ids(first) | self.row_ids(second))
        self.assertEqual(len(ids), 4)  # two runs' rows of one problem are two
        self.expect(0, "merge", first, first, second, "-o", self.path("again.jsonl"))
        self.assertEqual(len(self.rows(self.path("again.jsonl"))), 4)  # one run's row twice is one
        self.assertIn("gemm", self.expect(0, "show", both, "--format", "table")[0])
        self.assertTrue(self.expect(0, "show", both, sorted(self.row_ids(first) - self.row_ids(second))[0])[0])

    def test_anonymize_leaves_no_host_name(self):
        out = self.path("r.jsonl")
        self.run_sim(TINY, "--anonymize", "-o", out)
        host = json.loads(pathlib.Path(out).read_text(encoding="utf-8").splitlines()[0])["environment"]["host"]
        self.assertNotEqual(host.get("name"), os.uname().nodename)


class Two(Case):
    def test_a_device_serves_one_program_at_a_time(self):
        device = f"sim:0?memory=32M,fault=hang,fault_flop={2 * 64 ** 3},seed={os.getpid()}"
        first = self.start("run", "gemm:m=64,n=64,k=64", "-d", device, "-o", self.path("a.jsonl"))
        try:
            self.assertTrue(support.wait_until(lambda: os.path.exists(self.path("a.jsonl"))))
            err = self.refuse(3, "another program measures on this device", "run", TINY, "-d", device)
            self.assertIn(f"process {first.pid}", err)
            self.expect(0, "run", TINY, "-d", SIM, "-q")  # another device is free
        finally:
            first.kill()
            first.communicate()
        self.assertTrue(support.wait_until(
            lambda: self.run_program("run", TINY, "-d", device, "-q", "-r", "1")[0] == 0, step=0.2))


class Parent(Case):
    def test_no_driver_library_is_linked_or_mapped_in_the_parent(self):
        drivers = ("libcuda", "libOpenCL", "libascendcl", "libcnrt", "libhip", "libopenblas", "libdnnl", "libblis",
                   "libonnxruntime", "libamdhip", "libze_loader", "/sim.so")
        linked = subprocess.run(["ldd", support.PROGRAM], capture_output=True, text=True, check=True).stdout
        for name in drivers:
            self.assertNotIn(name, linked)
        device = f"sim:0?memory=32M,fault=hang,fault_flop={2 * 64 ** 3},seed={os.getpid()}"
        process = self.start("run", "gemm:m=64,n=64,k=64", "-d", device, "-o", self.path("a.jsonl"))
        try:
            self.assertTrue(support.wait_until(lambda: os.path.exists(self.path("a.jsonl"))))
            mapped = pathlib.Path(f"/proc/{process.pid}/maps").read_text(encoding="utf-8")
            self.assertIn("steelyard", mapped)
            for name in drivers:
                self.assertNotIn(name, mapped)
        finally:
            process.send_signal(signal.SIGKILL)
            process.communicate()


if __name__ == "__main__":
    support.main()
