#!/usr/bin/env python3
"""Deaths in the middle: of the worker, of the program, by the user; what was finished stays and can be completed."""
import os
import signal

import support
from support import SIM, Case, children_of, count_rows, state_of, tiny, wait_until

PROBLEMS = [tiny(n) for n in range(6)]


class Death(Case):
    def setUp(self):
        super().setUp()
        # Real work of the host between the rows (large results to check), so that there is a middle to hit.
        extent = 100 if support.has_sanitizer() else 256
        self.slow = [f"gemm:m={extent},n={extent},k={n}" for n in range(200, 270)]  # more than the rows that end together

    def undisturbed(self, problems):
        out = self.path("undisturbed.jsonl")
        self.expect(0, "run", *problems, "-d", SIM, "-r", "1", "-o", out, "-q", timeout=400)
        return self.row_ids(out)

    def start_run(self, out, problems=None):
        process = self.start("run", *(problems or self.slow), "-d", SIM, "-r", "1", "-o", out, "-q")
        self.addCleanup(lambda: process.poll() is None and process.kill())
        return process

    def resume(self, out, *problems):
        self.expect(0, "run", *problems, "-d", SIM, "-r", "1", "--resume", out, "-q", timeout=400)

    def test_killing_the_worker_costs_a_row(self):
        out = self.path("r.jsonl")
        process = self.start_run(out)
        self.assertTrue(wait_until(lambda: os.path.exists(out)))
        worker = wait_until(lambda: children_of(process.pid))
        self.assertTrue(worker)
        os.kill(worker[0], signal.SIGKILL)
        _, err = process.communicate(timeout=400)
        rows = self.rows(out)
        self.assertEqual(len(rows), len(self.slow))
        bad = [row for row in rows if row["status"] != "ok"]
        if not bad:  # it was hit between two rows, or after the last one
            self.assertIn(process.returncode, (0, 1, 3), err)
            return
        self.assertEqual(process.returncode, 1, err)
        self.assertEqual([row["status"] for row in bad], ["error"])
        self.assertRegex(bad[0]["reason"], r"worker died of signal 9 \(Killed\)")
        self.assertNotIn("rate", bad[0])

    def kill_parent(self, problems, rows_before):
        out = self.path("killed.jsonl")
        process = self.start_run(out, problems)
        self.assertTrue(wait_until(lambda: os.path.exists(out) and count_rows(out) >= rows_before or process.poll() is not None))
        workers = children_of(process.pid)
        process.kill()
        process.communicate()
        for worker in workers:
            self.assertTrue(wait_until(lambda: state_of(worker) in (None, "Z")), "a worker outlived its parent")
        return out

    def test_killing_the_program_and_resuming_gives_the_undisturbed_rows(self):
        whole = self.undisturbed(self.slow)
        for rows_before in (0, 1):
            out = self.kill_parent(self.slow, rows_before)
            self.assertGreaterEqual(count_rows(out), rows_before)
            self.resume(out, *self.slow)
            self.assertEqual({row["row"]["id"] for row in parse_rows(open_lines(out))}, whole)
            os.remove(out)

    def test_a_torn_last_line_is_survived(self):
        whole = self.undisturbed(PROBLEMS)
        out = self.path("undisturbed.jsonl")
        with open(out, "rb") as file:
            data = file.read()
        ends = [i for i, byte in enumerate(data) if byte == ord("\n")]
        for cut in (ends[0] + 1, ends[1] + 10, ends[2] + 1, ends[3] + 500, len(data) - 1, len(data) // 2):
            torn = self.write("torn.jsonl", data[:cut])
            self.resume(torn, *PROBLEMS)
            lines = [line for line in open_lines(torn)]
            self.assertTrue(lines)
            self.assertEqual({row["row"]["id"] for row in parse_rows(lines)}, whole, cut)

    def test_resuming_what_is_complete_measures_nothing(self):
        whole = self.undisturbed(PROBLEMS)
        out = self.path("undisturbed.jsonl")
        self.resume(out, *PROBLEMS)
        self.assertEqual(self.row_ids(out), whole)  # fails if a row is there twice

    def test_interruption_writes_what_is_finished(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            out = self.path(f"{number}.jsonl")
            process = self.start_run(out)
            self.assertTrue(wait_until(lambda: os.path.exists(out) and children_of(process.pid)))
            process.send_signal(number)
            stdout, err = process.communicate(timeout=120)
            if process.returncode == 0:
                continue  # it was faster than we
            self.assertEqual(process.returncode, 130, (number, stdout, err))
            lines = self.records(out)
            if len(lines) > 1:
                self.assertEqual(lines[-1]["kind"], "end")
                self.assertTrue(lines[-1]["end"]["interrupted"])
        self.resume(self.path(f"{signal.SIGINT}.jsonl"), *self.slow)
        self.assertEqual(len(self.row_ids(self.path(f"{signal.SIGINT}.jsonl"))), len(self.slow))

    def test_interruption_during_a_hang_is_obeyed_at_once(self):
        device = f"sim:0?memory=32M,fault=hang,fault_flop={support.flop_of(0)},seed={os.getpid()}"
        out = self.path("hang.jsonl")
        process = self.start("run", tiny(0), tiny(1), "-d", device, "-r", "1", "-o", out)
        self.assertTrue(wait_until(lambda: os.path.exists(out) and children_of(process.pid)))
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)  # far less than the watchdog's
        self.assertEqual(process.returncode, 130)
        self.records(out)

    def test_a_program_that_ignores_its_children_is_no_obstacle(self):
        out = self.path("r.jsonl")
        process = self.start("run", *PROBLEMS, "-d", SIM, "-r", "1", "-o", out, "-q",
                             preexec_fn=lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN))
        process.communicate(timeout=120)
        self.assertEqual(process.returncode, 0)


def open_lines(path):
    with open(path, "rb") as file:
        return file.read().split(b"\n")


def parse_rows(lines):
    """Whole rows; the line that was torn before is no JSON and stays where it is, ended."""
    import json

    for line in lines:
        try:
            value = json.loads(line)
        except ValueError:
            continue
        if value.get("kind") == "op":
            yield value


if __name__ == "__main__":
    support.main()
