#!/usr/bin/env python3
"""`history` as a user meets it: files added once and again, by several programs at once, to places that are damaged,
read-only or full; trends and changes of made-up runs; real runs of the simulated device."""
import csv
import io
import json
import os
import pathlib
import resource
import shutil
import signal
import sqlite3
import unittest

import made_records as made
import support
from support import SIM, Case, tiny

LEVELS = {2: 1.1, 3: 0.8}


def level(run, n):
    return LEVELS.get(n, 1.0) if run >= 15 else 1.0


def driver(run):
    return "550" if run < 15 else "560"


def commit(run):
    return "a" * 12 if run < 15 else "b" * 12


class History(Case):
    def setUp(self):
        super().setUp()
        self.environment["XDG_DATA_HOME"] = str(self.folder / "data")
        self.database = self.folder / "data/steelyard/history.db"

    def history(self, *words, status=0, **more):
        return self.expect(status, "history", *words, **more)

    def make(self, runs=30, problems=5, **more):
        options = {"level": level, "driver": driver, "commit": commit, "joule": 0.5, **more}
        files = []
        for number, text in enumerate(made.history(runs, problems, **options)):
            files.append(self.write(f"{number:04}.jsonl", text))
        return files

    def dump(self):
        with sqlite3.connect(self.database) as database:
            return list(database.iterdump())

    def count(self, table):
        with sqlite3.connect(self.database) as database:
            self.assertEqual(database.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
            self.assertEqual(database.execute("PRAGMA foreign_key_check").fetchall(), [])
            return database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


class Adding(History):
    def test_twice_and_grown(self):
        files = self.make(3)
        _, err = self.history("add", *files)
        self.assertEqual(err.count("5 rows added, 0 were there already"), 3)
        self.assertEqual(os.stat(self.database.parent).st_mode & 0o777, 0o700)
        before = self.dump()
        _, err = self.history("add", *files)
        self.assertEqual(err.count("0 rows added, 5 were there already"), 3)
        self.assertEqual(self.dump(), before)
        whole = pathlib.Path(files[2]).read_text()
        grown = whole + made.text_of([made.row(2, 7, 5e6)])
        _, err = self.history("add", self.write("grown.jsonl", grown + '{"schema":"steelyard.record/1","ki'))
        self.assertIn("1 rows added, 5 were there already, a torn last line was left out", err)
        _, err = self.history("add", self.write("other.jsonl", whole.replace('"median_ns":', '"median_ns":1')))
        self.assertIn("5 differ from rows of the same run and id", err)
        self.assertEqual(self.count("result"), 16)
        with open(files[0], encoding="utf-8") as file:
            out, err = self.history("add", "-", "-q", stdin=file)
        self.assertEqual((out, err), ("", ""))

    def test_what_is_no_record_adds_nothing(self):
        files = self.make(2)
        broken = pathlib.Path(files[1]).read_text().replace('"status":"ok"', '"status":"splendid"', 1)
        self.refuse(2, "status", "history", "add", self.write("broken.jsonl", broken))
        self.assertEqual(self.count("result"), 0)
        self.refuse(2, "no Steelyard record|not a Steelyard record", "history", "add", self.write("x.txt", "hello\n"))
        self.refuse(2, "No such file", "history", "add", self.path("missing.jsonl"))
        self.history("add", files[0])
        self.refuse(2, "status", "history", "add", self.path("broken.jsonl"), "-q")
        self.assertEqual(self.count("result"), 5)

    def test_a_real_run(self):
        out = self.path("run.jsonl")
        for _ in range(2):
            pathlib.Path(out).unlink(missing_ok=True)
            self.expect(0, "run", tiny(0), tiny(1), "-d", SIM, "-r", "2", "--energy", "off", "-o", out)
            self.history("add", out)
        listed = json.loads(self.history("list", "--format", "json")[0])
        self.assertEqual([(run["rows"], run["rows_with_time"], run["simulated"]) for run in listed], [(2, 2, "all")] * 2)
        shown, _ = self.history("show", listed[0]["run_id"])
        self.assertRegex(shown, r"gemm m=8 n=8 k=8 .* SIM ")
        trend, _ = self.history("trend", tiny(0))
        self.assertRegex(trend, r"^SIMULATED gemm m=8 n=8 k=8 .*\n  .. ")
        self.assertIn("2 runs", trend)

    def test_several_programs_at_once(self):
        files = self.make(24, problems=40)
        programs = [self.start("history", "add", *files[i::4], "-q") for i in range(4)]
        programs += [self.start("history", "add", *files[:6], "-q") for _ in range(2)]
        for program in programs:
            _, err = program.communicate(timeout=300)
            self.assertEqual((program.returncode, err), (0, ""))
        self.assertEqual(self.count("result"), 24 * 40)
        self.assertEqual(self.count("point"), 24 * 40 * 2)
        self.assertEqual(self.count("run"), 24)

    def test_several_programs_make_it_at_once(self):
        file, = self.make(1, problems=1)
        for attempt in range(2 if support.has_sanitizer() else 8):
            database = self.path(f"new-{attempt}.db")
            programs = [self.start("history", "add", file, "--db", database, "-q") for _ in range(8)]
            for program in programs:
                _, err = program.communicate(timeout=300)
                self.assertEqual((program.returncode, err), (0, ""))

    def test_killed_in_the_middle(self):
        files = self.make(2, problems=1500)
        self.history("add", files[0])
        for _ in range(5):
            program = self.start("history", "add", files[1])
            support.wait_until(lambda: os.path.exists(f"{self.database}-wal") or program.poll() is not None)
            program.send_signal(signal.SIGKILL)
            program.communicate()
            self.assertIn(self.count("result"), (1500, 3000))
        self.history("add", files[1])
        self.assertEqual(self.count("result"), 3000)


class Places(History):
    def test_none_yet(self):
        for words in (["list"], ["show", "2026"], ["trend", "x"], ["changes"]):
            self.refuse(2, "no history yet", "history", *words)
        self.assertFalse(self.database.exists())
        self.refuse(2, "XDG_DATA_HOME", "history", "list", env={"XDG_DATA_HOME": "x", "HOME": "y"})

    def test_damaged(self):
        self.history("add", *self.make(3))
        whole = self.database.read_bytes()
        self.database.write_bytes(b"not a database at all, " * 500)
        for words in (["list"], ["add", self.path("0000.jsonl")]):
            self.refuse(2, "damaged, or no history", "history", *words)
        # Garbage in the middle: a refusal, or what is left; never a crash.
        for at in range(4096, len(whole) - 600, 4096):
            self.database.write_bytes(whole[:at] + b"\xff" * 600 + whole[at + 600:])
            for words in (["changes"], ["trend", "layer2"], ["list"], ["add", self.path("0001.jsonl"), "-q"]):
                status, _, err = self.run_program("history", *words)
                self.assertIn(status, (0, 2), err)
                self.assertTrue(status == 0 or err.startswith("steelyard: "), err)
        self.database.write_bytes(whole[:5000])
        self.refuse(2, "damaged", "history", "list")

    def test_newer_and_foreign(self):
        self.history("add", *self.make(1))
        with sqlite3.connect(self.database) as database:
            database.execute("PRAGMA user_version = 99")
        for words in (["list"], ["add", self.path("0000.jsonl")]):
            self.refuse(2, "version 99, made by a newer steelyard", "history", *words)
        other = self.path("other.db")
        with sqlite3.connect(other) as database:
            database.execute("CREATE TABLE theirs (a)")
        before = pathlib.Path(other).read_bytes()
        self.refuse(2, "another program", "history", "add", self.path("0000.jsonl"), "--db", other)
        self.assertEqual(pathlib.Path(other).read_bytes(), before)

    def test_without_sqlite(self):
        self.refuse(2, r"libsqlite3-0.*STEELYARD_SQLITE", "history", "list", env={"STEELYARD_SQLITE": "/nowhere.so"})

    def test_a_full_disk(self):
        files = self.make(2, problems=400)
        self.history("add", files[0])

        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (150000, 150000))

        process = self.start("history", "add", files[1], preexec_fn=limit, restore_signals=False)
        _, err = process.communicate(timeout=300)
        self.assertNotEqual(process.returncode, 0)
        self.assertRegex(err, r"^steelyard: .*history\.db: (disk I/O error|database or disk is full)\n$")
        self.assertEqual(self.count("result"), 400)
        self.history("add", files[1])
        self.assertEqual(self.count("result"), 800)

    def test_a_folder_that_is_read_only(self):
        folder = self.folder / "odd ?%#name"
        folder.mkdir()
        self.history("add", *self.make(10), "--db", folder / "h.db", "-q")
        os.chmod(self.folder, 0o755)
        os.chmod(folder, 0o555)
        os.chmod(folder / "h.db", 0o444)

        def become_nobody():
            if os.getuid() == 0:
                os.setgid(65534)
                os.setuid(65534)

        try:
            self.expect(0, "--version", preexec_fn=become_nobody)
        except PermissionError:
            self.skipTest("the program lies where only root may go")
        try:
            out, _ = self.history("list", "--format", "jsonl", "--db", folder / "h.db", preexec_fn=become_nobody)
            self.assertEqual(out.count("\n"), 10)
            self.refuse(2, r"h\.db: (attempt to write a readonly database|unable to open)", "history", "add",
                        self.path("0001.jsonl"), "--db", folder / "h.db", preexec_fn=become_nobody)
            self.refuse(2, "Permission denied", "history", "add", self.path("0001.jsonl"), "--db",
                        folder / "more/h.db", preexec_fn=become_nobody)
        finally:
            os.chmod(folder, 0o755)


class Looking(History):
    def setUp(self):
        super().setUp()
        self.history("add", *self.make(), "-q")

    def rows(self, *words):
        return list(csv.DictReader(io.StringIO(self.history(*words, "--format", "csv")[0])))

    def test_changes(self):
        found = self.rows("changes")
        self.assertEqual([row["problem"].split(",")[0] for row in found], ["gemm:m=66", "gemm:m=67"])
        for row, ratio in zip(found, LEVELS.values()):
            self.assertEqual(row["run_id"], made.id_of(15))
            self.assertEqual(row["run_id_before"], made.id_of(14))
            self.assertEqual(row["differences"], "commit aaaaaaaaaaaa -> bbbbbbbbbbbb; driver 550 -> 560")
            self.assertAlmostEqual(float(row["ratio"]), ratio, delta=0.02)
            self.assertLess(float(row["ratio_low"]), ratio + 0.01)
            self.assertGreater(float(row["ratio_high"]), ratio - 0.01)
        text, _ = self.history("changes")
        self.assertRegex(text, r"2026-01-16  slower \+[0-9.]+ % \(95 %: .*gemm m=66")
        self.assertRegex(text, r"2026-01-16  faster -[0-9.]+ % \(95 %: .*gemm m=67")
        self.assertIn("2 changes of 1 % or more in 5 series", text)
        self.assertEqual(len(self.rows("changes", "layer2")), 1)
        self.assertEqual(len(self.rows("changes", "--smallest", "15%")), 1)
        self.assertEqual(self.rows("changes", "--last", "7"), [])
        self.assertEqual(self.rows("changes", "--quantity", "energy"), [])

    def test_trend(self):
        by_name = self.rows("trend", "layer2")
        self.assertEqual(len(by_name), 30)
        self.assertEqual(by_name, self.rows("trend", by_name[0]["key"][:8]))
        self.assertEqual(by_name, self.rows("trend", "gemm:m=66"))
        self.assertEqual(by_name, self.rows("trend", made.row(0, 2, 1)["row"]["id"]))
        self.assertEqual([row["run_id"] for row in by_name], [made.id_of(run) for run in range(30)])
        self.assertEqual(self.rows("trend", "layer2", "--last", "3"), by_name[-3:])
        self.assertEqual({row["unit"] for row in self.rows("trend", "layer2", "--quantity", "energy")}, {"J"})
        plain, _ = self.history("trend", "layer3")
        self.assertTrue(plain.isascii())
        self.assertRegex(plain.splitlines()[1], r"^  [*#@+]{15}[_.-]{15}  ")
        blocks, _ = self.history("trend", "layer3", env={"LC_ALL": "C.UTF-8"})
        self.assertRegex(blocks.splitlines()[1], "^  [▅▆▇█]{15}[▁▂▃]{15}  ")
        lines = [json.loads(line) for line in self.history("trend", "layer2", "--format", "jsonl")[0].splitlines()]
        self.assertEqual(lines, json.loads(self.history("trend", "layer2", "--format", "json")[0]))
        self.assertEqual([f"{line['value']}" for line in lines], [row["value"] for row in by_name])

    def test_simulated_and_real_have_no_series_in_common(self):
        text = "".join(made.text_of([made.row(run, 2, 9e6, simulated=True)]) for run in range(100, 110))
        self.history("add", self.write("sim.jsonl", text))
        out, _ = self.history("trend", "layer2")
        heads = [line for line in out.splitlines() if "gemm" in line]
        self.assertEqual([line.startswith("SIMULATED ") for line in heads], [False, True])
        self.assertEqual(len(self.rows("changes")), 2)

    def test_show_and_list(self):
        self.assertEqual(len(self.rows("list")), 30)
        self.assertEqual([row["run_id"] for row in self.rows("list", "--last", "2")], [made.id_of(28), made.id_of(29)])
        self.assertEqual(len(self.rows("show", "20260105")), 5)
        self.refuse(2, "more than one run begins with", "history", "show", "2026")
        self.refuse(2, "no run begins with", "history", "show", "1999x")
        self.refuse(2, "no problem, name, key or row 'nothing'", "history", "trend", "nothing")

    def test_hostile_names(self):
        attack = "\x1b]0;x\x07'); DROP TABLE run;--\u202e\x9b2J=1+1\n<b>"
        lines = [made.environment(50, driver=attack, commit=attack, host=attack),
                 made.row(50, 2, 1e6, name=attack, library=attack, card=attack)]
        lines += [made.row(51 + i, 2, 2e6 if i > 5 else 1e6, card=attack, library=str(i)) for i in range(12)]
        self.history("add", self.write("attack.jsonl", made.text_of(lines)))
        for words in (["list"], ["show", made.id_of(50)], ["trend", attack], ["trend", "layer2"], ["changes"]):
            for form in ("table", "csv", "json", "jsonl"):
                for locale in ("C", "C.UTF-8"):
                    out, _ = self.history(*words, "--format", form, env={"LC_ALL": locale})
                    self.assertNotRegex(out, r"[\x00-\x09\x0b-\x1f\x7f]", words)
                    if form == "table":
                        self.assertNotRegex(out, "[\u202e\x80-\x9f]", words)
        self.refuse(2, "no problem, name, key or row", "history", "trend", attack + "x")
        self.assertEqual(self.count("run"), 43)


class Usage(History):
    def test_what_it_takes(self):
        self.refuse(2, "history can add, list, show, trend or changes, not 'forget'", "history", "forget")
        self.refuse(2, "history add takes the result files", "history", "add")
        self.refuse(2, "history list takes nothing more", "history", "list", "x")
        self.refuse(2, "history show takes one run", "history", "show")
        self.refuse(2, "history trend takes one problem", "history", "trend", "a", "b")
        self.refuse(2, "history is shown as --format", "history", "list", "--format", "summary")
        self.refuse(2, "'history' needs ACTION", "history")
        self.refuse(2, "--last", "history", "list", "--last", "0")

    def test_standard_output_that_is_full(self):
        self.history("add", *self.make(1), "-q")
        with open("/dev/full", "w", encoding="utf-8") as full:
            status, _, _ = self.run_program("history", "list", stdout=full)
        self.assertNotEqual(status, 0)

    def test_failing_calls(self):
        files = self.make(2)
        failures = 0
        for kind in ("alloc", "file", "dynlib"):
            for k in [*range(1, 12), *range(12, 200, 17)]:
                shutil.rmtree(self.database.parent, ignore_errors=True)
                status, _, err = self.run_program("history", "add", *files, env={"STEELYARD_FAULT": f"{kind}:{k}"})
                self.assertIn(status, (0, 1, 2, 3), err)
                failures += status != 0
                self.history("add", *files, "-q")
                self.assertEqual(self.count("result"), 10)
        self.assertGreater(failures, 20)


if __name__ == "__main__":
    support.main()
