#!/usr/bin/env python3
"""A backend that misbehaves costs exactly one row, and the exit status says so; disks that are full; failing calls."""
import json
import os
import subprocess
import unittest

import support
from support import SIM, TINY, Case, flop_of, tiny

PROBLEMS = [tiny(n) for n in range(4)]
BAD = 1  # which of them misbehaves


class Faults(Case):
    def run_with(self, fault, *more, timeout=200):
        out = self.path(f"{fault}.jsonl")
        device = f"sim:0?memory=32M,jitter=0.005,fault={fault},fault_flop={flop_of(BAD)},seed={os.getpid()}"
        status, _, err = self.run_program("run", *PROBLEMS, "-d", device, "-o", out, *more, timeout=timeout)
        self.assertEqual(status, 1, err)
        rows = {row["key"]["problem"].split(",batch")[0]: row for row in self.rows(out)}
        self.assertEqual(set(rows), set(PROBLEMS))
        for problem in PROBLEMS:
            if problem != PROBLEMS[BAD]:
                self.assertEqual(rows[problem]["status"], "ok", (fault, problem, rows[problem].get("reason")))
        bad = rows[PROBLEMS[BAD]]
        self.assertNotIn("rate", {k: v for k, v in bad.items() if v})
        end = self.records(out)[-1]
        self.assertEqual(end["end"]["rows"][bad["status"]], 1)
        self.assertEqual(end["end"]["rows"]["ok"], 3)
        return bad

    def test_crash(self):
        bad = self.run_with("crash")
        self.assertEqual(bad["status"], "error")
        self.assertRegex(bad["reason"], r"died of signal 11 \(Segmentation fault\)|exit status")
        if not support.has_sanitizer():
            self.assertIn("last words: sim: about to misbehave", bad["reason"])

    def test_abort(self):
        bad = self.run_with("abort")
        self.assertEqual(bad["status"], "error")
        self.assertRegex(bad["reason"], r"died of signal 6 \(Aborted\)|exit status")

    def test_exit(self):
        bad = self.run_with("exit")
        self.assertEqual(bad["status"], "error")
        self.assertRegex(bad["reason"], "worker ended with exit status")

    def test_error(self):
        bad = self.run_with("error")
        self.assertEqual(bad["status"], "error")
        self.assertIn("sim: the fault that was asked for", bad["reason"])

    def test_wrong(self):
        bad = self.run_with("wrong")
        self.assertEqual(bad["status"], "wrong")
        self.assertEqual(bad["check"]["status"], "wrong")

    def test_every_row_by_a_process_of_its_own(self):
        bad = self.run_with("exit", "--rounds", "1")
        self.assertEqual(bad["status"], "error")

    @unittest.skipUnless(os.environ.get("STEELYARD_LONG"), "waits for the watchdog: STEELYARD_LONG=1")
    def test_hang(self):
        bad = self.run_with("hang", "--max-time", "300ms", timeout=400)
        self.assertEqual(bad["status"], "timeout")
        self.assertRegex(bad["reason"], "no answer within")

    def test_in_process_an_error_costs_one_row_too(self):
        self.assertEqual(self.run_with("error", "--isolation", "none")["status"], "error")


class Timer(Case):
    """A device that tells a false time of its own: kept, marked, in no figure."""

    def measure(self, more):
        out = self.path("timer.jsonl")
        self.expect(0, "run", TINY, "-d", SIM + more, "-r", "2", "-o", out)
        row = self.rows(out)[0]
        os.remove(out)
        return row

    def test_an_honest_timer(self):
        time = self.measure("")["time"]
        self.assertIs(time["device_believed"], True)
        self.assertNotIn("device_reason", time)
        self.assertEqual(time["device"]["resolution_ns"], 1)

    def test_lies(self):
        honest = self.measure("")
        for lie, says in (("0", "told no time"), ("0.01", "of the host's time"), ("0.8", "of the host's time"),
                          ("1.03", "longer than the host's"), ("50", "longer than the host's")):
            row = self.measure(f",timer={lie}")
            self.assertIs(row["time"]["device_believed"], False, lie)
            self.assertRegex(row["time"]["device_reason"], says)
            self.assertEqual(row["time"]["headline"], "host")
            self.assertEqual(row["time"]["host"], honest["time"]["host"])
            self.assertEqual(row["rate"], honest["rate"])
            self.assertEqual("device" in row["time"] and "median_ns" in row["time"]["device"], lie != "0")

    def test_a_row_shows_why(self):
        out = self.path("shown.jsonl")
        self.expect(0, "run", TINY, "-d", SIM + ",timer=2,compile=3ms", "-r", "1", "-o", out)
        shown, _ = self.expect(0, "show", out, "1")
        self.assertRegex(shown, r"time\.device_believed +no\n")
        self.assertRegex(shown, r"time\.device_reason +longer than")
        self.assertRegex(shown, r"time\.compile_ns +3000000 +\(3.* ms\)")


class Disk(Case):
    def test_a_full_device(self):
        err = self.refuse((1, 2), "No space left on device", "run", TINY, "-d", SIM, "-o", "/dev/full", "-q")
        self.assertIn("/dev/full", err)

    def test_standard_output_that_is_full(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            for arguments in (("devices",), ("devices", "--format", "json"), ("--version",), ("--help",),
                              ("run", TINY, "-d", SIM), ("run", TINY, "-d", SIM, "-o", "-")):
                status, _, _ = self.run_program(*arguments, stdout=full)
                self.assertEqual(status, 1, arguments)

    def test_a_reader_that_goes_away_is_no_crash(self):
        read, write = os.pipe()
        os.close(read)
        process = self.start("run", TINY, "-d", SIM, "-o", "-", stdout=write)
        os.close(write)
        process.communicate(timeout=120)
        self.assertEqual(process.returncode, 1)

    @unittest.skipUnless(os.geteuid() == 0, "needs root to mount")
    def test_a_disk_that_fills_up_keeps_whole_rows(self):
        disk = self.path("disk")
        os.mkdir(disk)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48k", "tmpfs", disk], capture_output=True)
        if mounted.returncode != 0:
            self.skipTest("cannot mount here")
        try:
            out = os.path.join(disk, "r.jsonl")
            problems = [tiny(n) for n in range(66)]  # the second block meets a full disk
            status, _, err = self.run_program("run", *problems, "-d", SIM, "-r", "1", "-o", out, "-q")
            self.assertIn(status, (1, 2))
            self.assertRegex(err, "No space left on device")
            with open(out, encoding="utf-8") as file:
                whole = file.read().split("\n")[:-1]
            for line in whole:
                self.validate(json.loads(line))
            kept = {json.loads(line)["row"]["id"] for line in whole if '"kind":"op"' in line}
            subprocess.run(["mount", "-o", "remount,size=8m", disk], check=True)
            self.expect(0, "run", *problems, "-d", SIM, "-r", "1", "--resume", out, "-q")
            with open(out, encoding="utf-8") as file:
                all_rows = [line for line in file.read().split("\n") if '"kind":"op"' in line and line.endswith("}")]
            ids = [json.loads(line)["row"]["id"] for line in all_rows]
            self.assertEqual(len(ids), 66)
            self.assertLessEqual(kept, set(ids))
        finally:
            subprocess.run(["umount", "-l", disk], check=False)


class Seam(Case):
    """The k-th call of a kind fails in the parent: an exit status and a valid beginning of a record, never a signal."""

    def sweep(self, kind, ks, *more):
        failed = 0
        for k in ks:
            out = self.path(f"{kind}-{k}.jsonl")
            status, _, err = self.run_program("run", TINY, "-d", SIM, "-r", "1", "-o", out, "-q", *more,
                                              env={"STEELYARD_FAULT": f"{kind}:{k}", "STEELYARD_ENERGY": "auto"})
            self.assertIn(status, (0, 1, 2, 3, 77), f"{kind}:{k} ended with {status}: {err}")
            if status != 0:
                failed += 1
                self.assertTrue(err == "" or err.startswith("steelyard: "), (kind, k, err))
            if os.path.exists(out):
                with open(out, encoding="utf-8") as file:
                    for line in file.read().split("\n")[:-1]:
                        self.validate(json.loads(line))
        return failed

    def steps(self, few, many):
        """A sanitizer makes each start take a second or more: every third of the few."""
        if os.environ.get("STEELYARD_LONG"):
            return range(1, many)
        return few[::3] if support.has_sanitizer() else few

    def test_allocations(self):
        few = [*range(1, 40, 4), *range(60, 400, 67), *range(400, 3000, 811)]
        self.assertGreater(self.sweep("alloc", self.steps(few, 3000)), 1 if support.has_sanitizer() else 5)

    def test_files(self):
        self.assertGreater(self.sweep("file", self.steps(range(1, 120, 11), 200)), 0)

    def test_clocks(self):
        self.sweep("clock", self.steps(range(1, 40, 9), 80))

    def test_in_process(self):
        few = [*range(1, 40, 9), *range(300, 2600, 613)]
        self.sweep("any", self.steps(few, 3500), "--isolation", "none")


if __name__ == "__main__":
    support.main()
