#!/usr/bin/env python3
"""`tune` end to end on the simulated device, whose variants have known speeds: what it finds, who uses it, and what a
damaged, foreign or full cache does. On this machine: that a convolution has variants."""
import hashlib
import json
import math
import os
import pathlib
import re
import signal
import subprocess
import unittest

import support
from support import Case

# Large tiles are fast, but 192 is no multiple of 128.
SQUARE, ODD = "gemm:m=512,n=512,k=64", "gemm:m=192,n=192,k=512"
FAST = {SQUARE: "reference-loops/t128", ODD: "reference-loops/t64"}
DEVICE = f"sim:0?memory=64M,cache=64K,launch=100ns,bw=10T,seed={os.getpid()}"


class Tune(Case):
    def setUp(self):
        super().setUp()
        self.cache = self.folder / "cache/steelyard/tuning-3"

    def tune(self, *what, status=0, device=DEVICE, **more):
        return self.expect(status, "tune", *what, "-d", device, "--max-time", "1s", **more)

    def run_auto(self, problem, *more, device=DEVICE, **others):
        out = self.path("auto.jsonl")
        pathlib.Path(out).unlink(missing_ok=True)
        _, err = self.expect(0, "run", problem, "-d", device, "-r", "1", "-o", out, "--max-time", "300ms",
                             *more, **others)
        subject = self.rows(out)[0]["subject"]
        return subject["algorithm"], (subject.get("config") or {}).get("tuned"), err

    def notes(self, err):
        return [line for line in err.splitlines() if line.startswith("steelyard: ")]

    def rewrite(self, change):
        """The cache with its lines changed and its checksum right again."""
        body = change(self.cache.read_text().rpartition("end ")[0])
        count = body.count("\n") - 1
        self.cache.write_text(f"{body}end {count} {hashlib.sha256(body.encode()).hexdigest()}\n")

    def test_the_fastest_is_found_and_auto_takes_it(self):
        self.assertEqual(self.run_auto(SQUARE)[:2], ("reference-loops", False))
        out, _ = self.tune(SQUARE, ODD)
        lines = out.splitlines()
        self.assertEqual(len(lines), 4)
        self.assertRegex(lines[1], rf"{FAST[SQUARE]} .*{SQUARE}")
        self.assertRegex(lines[2], rf"{FAST[ODD]} .*{ODD}")
        gains = [float(re.search(r"\+([0-9.]+) %", line).group(1)) / 100 + 1 for line in lines[1:3]]
        self.assertRegex(lines[3], r"^geometric mean gain over the cost model's own choice: \+[0-9.]+ % over 2 problems$")
        mean = float(re.search(r"\+([0-9.]+) %", lines[3]).group(1)) / 100 + 1
        self.assertAlmostEqual(mean, math.sqrt(gains[0] * gains[1]), delta=0.002)
        for problem in (SQUARE, ODD):
            self.assertEqual(self.run_auto(problem)[:2], (FAST[problem], True))
        self.assertEqual(self.run_auto(SQUARE, "--tuned", "off")[:2], ("reference-loops", False))
        self.assertEqual(self.run_auto(SQUARE, env={"STEELYARD_TUNED": "off"})[:2], ("reference-loops", False))
        self.assertEqual(self.run_auto(SQUARE, "--isolation", "none")[:2], (FAST[SQUARE], True))
        # Neither another problem, nor another device, nor a name is the cache's business.
        self.assertEqual(self.run_auto(SQUARE + ",alpha=2")[:2], ("reference-loops", False))
        self.assertEqual(self.run_auto(SQUARE, device=DEVICE + ",peak=9T")[:2], ("reference-loops", False))
        self.assertEqual(self.run_auto(SQUARE, "-a", "reference-loops")[:2], ("reference-loops", None))
        self.rewrite(lambda text: text.replace("\t0.", "\t9."))
        self.assertEqual(self.run_auto(SQUARE)[:2], ("reference-loops", False))

    def test_a_row_says_of_how_many_its_algorithm_was_the_best(self):
        self.run_auto(SQUARE)
        untuned = self.write("untuned.jsonl", pathlib.Path(self.path("auto.jsonl")).read_bytes())
        self.assertIsNone(self.rows(untuned)[0]["subject"]["config"].get("explored"))
        out, _ = self.tune(SQUARE, "--format", "json")
        tried = json.loads(out)["findings"][0]["tried"]
        self.assertGreater(tried, 3)
        self.run_auto(SQUARE)
        row = self.rows(self.path("auto.jsonl"))[0]
        self.assertEqual(row["subject"]["config"]["explored"], tried)
        lines = [json.loads(line) for line in pathlib.Path(self.path("auto.jsonl")).read_text().splitlines()]
        for line in lines:
            if line["kind"] == "op":  # so fast a tile is above what the simulated card shows of itself
                line["status"] = "ok"
        tuned = self.write("tuned.jsonl", "".join(json.dumps(line) + "\n" for line in lines))
        out, _ = self.expect(0, "compare", untuned, tuned)
        self.assertIn(f"BASE not tuned, NEW best of {tried}", " ".join(out.split()))
        out, _ = self.expect(0, "show", self.path("auto.jsonl"), "--format", "csv")
        self.assertIn("subject.config.explored", out.splitlines()[0])
        self.expect(0, "report", self.path("auto.jsonl"), "-o", self.path("auto.html"))
        page = pathlib.Path(self.path("auto.html")).read_text(encoding="utf-8")
        self.assertIn(f"{FAST[SQUARE]} (best of {tried})", page)
        self.assertIn("their times were measured afresh after it", page)
        out, _ = self.expect(0, "tune", "--list")
        self.assertRegex(out, rf"\b{tried}\b")

    def test_a_run_may_search_for_itself(self):
        for problem in (SQUARE, ODD):
            algorithm, tuned, err = self.run_auto(problem, "--tuned", "search")
            self.assertEqual((algorithm, tuned), (FAST[problem], True), err)
            row = self.rows(self.path("auto.jsonl"))[0]
            self.assertEqual(row["subject"]["config"]["explored"], 5)
        self.assertFalse(self.cache.exists())
        self.assertEqual(self.run_auto(SQUARE)[:2], ("reference-loops", False))
        # A name is no question, and what has no choice is measured as ever.
        self.assertEqual(self.run_auto(SQUARE, "-a", "reference-loops", "--tuned", "search")[:2], ("reference-loops", None))
        self.refuse(2, "--tuned", "compare", "--calibrate", SQUARE, "--tuned", "search")

    def test_an_algorithm_that_is_not_offered_any_more_is_passed_over(self):
        self.tune(SQUARE)
        self.rewrite(lambda text: text.replace(FAST[SQUARE], "reference-loops/t4711"))
        algorithm, tuned, err = self.run_auto(SQUARE)
        self.assertEqual((algorithm, tuned), ("reference-loops", False))
        self.assertEqual(self.notes(err), [])

    def test_a_variant_by_its_name(self):
        out = self.path("named.jsonl")
        self.expect(0, "run", SQUARE, "-d", DEVICE, "-r", "1", "-a", "reference-loops/t16", "-o", out)
        self.assertEqual(self.rows(out)[0]["subject"]["algorithm"], "reference-loops/t16")
        everything = self.path("all.jsonl")
        self.expect(0, "run", SQUARE, "-d", DEVICE, "-r", "1", "-a", "all", "-o", everything)
        self.assertEqual([row["subject"]["algorithm"] for row in self.rows(everything)], ["reference-loops"])

    def test_a_dry_run_names_the_candidates(self):
        out, _ = self.expect(0, "tune", SQUARE, "stream:bytes=4K,kind=fill", "-d", DEVICE, "-n")
        first, second = out.splitlines()
        self.assertTrue(first.endswith(": reference-loops reference-loops/t16 reference-loops/t32 "
                                       "reference-loops/t64 reference-loops/t128"), first)
        self.assertTrue(second.endswith(": reference-loops"), second)
        self.assertFalse(self.cache.exists())

    def test_a_convolution_has_variants_here(self):
        problem = "conv2d:n=1,c=16,h=12,w=12,k=16,r=3,s=3,pad=1,layout=nhwc"
        here = "cpu:0?threads=1"
        out, _ = self.expect(0, "tune", problem, "-d", here, "-n")
        self.assertRegex(out, ": native .*native/rows native/")
        self.tune(problem, device=here)
        self.rewrite(lambda text: re.sub("\tnative[^\t]*\t", "\tnative/rows\t", text))
        self.assertEqual(self.run_auto(problem, "--max-time", "200ms", device=here)[:2], ("native/rows", True))

    def test_what_was_not_beaten_is_kept_as_such(self):
        out, _ = self.tune("gemm:m=8,n=8,k=8")
        self.assertRegex(out.splitlines()[1], r" - +reference-loops ")
        self.assertRegex(out.splitlines()[2], r": \+0\.0 % over 1 problem$")
        self.assertEqual(self.run_auto("gemm:m=8,n=8,k=8")[:2], ("reference-loops", True))

    def test_a_wrong_result_never_wins(self):
        flop = 2 * 512 * 512 * 64
        liar = f"{DEVICE},fault=wrong,fault_flop={flop},fault_tile=128"
        out, err = self.tune(SQUARE, status=1, device=liar)
        self.assertIn("reference-loops/t64", out)
        self.assertRegex(err, "reference-loops/t128: ")
        self.assertEqual(self.run_auto(SQUARE, device=liar)[:2], ("reference-loops/t64", True))

    def test_a_crash_costs_one_candidate(self):
        flop = 2 * 512 * 512 * 64
        out, _ = self.tune(SQUARE, status=1,
                           device=f"{DEVICE},fault=exit,fault_flop={flop},fault_tile=128")
        self.assertIn("reference-loops/t64", out)

    def test_nothing_is_kept_if_the_cost_models_choice_fails(self):
        flop = 2 * 512 * 512 * 64
        out, err = self.tune(SQUARE, ODD, status=1, device=f"{DEVICE},fault=wrong,fault_flop={flop}")
        self.assertNotIn(SQUARE, out)
        self.assertIn(ODD, out)
        self.assertRegex(err, "reference-loops: ")

    def test_list_and_clear(self):
        self.assertEqual(self.expect(0, "tune", "--list")[0], "")
        self.tune(SQUARE)
        out, _ = self.expect(0, "tune", "--list")
        self.assertIn("simulated accelerator", out)
        self.assertIn(FAST[SQUARE], out)
        self.expect(0, "tune", "--clear")
        self.assertEqual(self.expect(0, "tune", "--list")[0], "")
        self.assertEqual(self.run_auto(SQUARE)[:2], ("reference-loops", False))

    def test_as_json(self):
        out, _ = self.tune(SQUARE, "gemm:m=8,n=8,k=8", "--format", "json")
        told = json.loads(out)
        self.assertEqual([one["algorithm"] for one in told["findings"]], [FAST[SQUARE], "reference-loops"])
        self.assertTrue(told["findings"][0]["problem"].startswith(SQUARE))
        self.assertEqual([one["tried"] for one in told["findings"]], [5, 5])
        gain = told["findings"][0]["gain"]
        self.assertGreater(gain, 1.1)
        (whole,) = told["summary"]
        self.assertEqual((whole["device"], whole["problems"]), (DEVICE, 2))
        self.assertAlmostEqual(whole["geometric_mean_gain"], math.sqrt(gain), delta=1e-9)
        out, _ = self.tune(SQUARE, "--budget", "1ms", "--format", "json", status=77)
        self.assertEqual(json.loads(out), {"findings": [], "summary": []})

    def test_several_devices_have_a_gain_each(self):
        out, _ = self.expect(0, "tune", SQUARE, "-d", DEVICE, "-d", DEVICE + ",peak=9T", "--max-time", "1s")
        self.assertEqual(len(re.findall(r"(?m)^sim:0\?.*: geometric mean gain .* over 1 problem$", out)), 2)

    def exported(self, path):
        """A file by its schema, each entry on a line of its own."""
        import jsonschema

        text = pathlib.Path(path).read_text(encoding="utf-8")
        told = json.loads(text)
        jsonschema.validate(told, json.loads((support.ROOT / "results/schema/tuned-1.schema.json").read_text()))
        entries = [line.rstrip(",") for line in text.splitlines() if line.startswith('{"problem":')]
        self.assertEqual([json.loads(line) for line in entries], told["entries"])
        return told

    def test_export_of_one_device(self):
        file = self.path("tuned.json")
        self.tune(SQUARE, ODD)
        out, err = self.expect(0, "tune", "--export", file)
        self.assertEqual(out, "")
        self.assertRegex(err, "2 findings of sim.*: simulated accelerator -> .*tuned.json")
        told = self.exported(file)
        self.assertEqual((told["device"]["backend"], told["device"]["name"], told["device"]["cache_bytes"]),
                         ("sim", "simulated accelerator", 65536))
        self.assertEqual("sim:0?" + told["device"]["params"], DEVICE)
        self.assertEqual([one["algorithm"] for one in told["entries"]], [FAST[ODD], FAST[SQUARE]])
        self.assertTrue(all(one["gain"] > 1.1 for one in told["entries"]))
        self.assertNotIn("sim-0000", pathlib.Path(file).read_text())  # the single card
        # The same again, also to stdout and by the device; a part of it by the problem.
        kept = pathlib.Path(file).read_text()
        self.assertEqual(self.expect(0, "tune", "--export", "-")[0], kept)
        self.assertEqual(self.expect(0, "tune", "--export", "-", "-d", DEVICE)[0], kept)
        self.expect(0, "tune", ODD, "--export", file, "-q")
        self.assertEqual([one["algorithm"] for one in self.exported(file)["entries"]], [FAST[ODD]])
        self.refuse(77, "nothing of this kind", "tune", "--export", file, ODD + ",alpha=2")
        self.refuse(77, "nothing of this kind", "tune", "--export", file, "-d", DEVICE + ",peak=9T")
        self.assertEqual(len(self.exported(file)["entries"]), 1)

    def test_export_of_several_devices_wants_a_folder(self):
        other = DEVICE + ",peak=9T"
        self.tune(SQUARE)
        self.tune(ODD, device=other)
        self.refuse(2, "2 devices or versions: choose a device with --device, or give a folder", "tune", "--export",
                    self.path("both.json"))
        self.assertFalse(os.path.exists(self.path("both.json")))
        out, _ = self.expect(0, "tune", "--export", "-", "-d", other)
        self.assertEqual([one["algorithm"] for one in json.loads(out)["entries"]], [FAST[ODD]])
        folder = self.folder / "tuned"
        folder.mkdir()
        self.expect(0, "tune", "--export", folder)
        files = sorted(folder.iterdir())
        self.assertEqual(len(files), 2)
        for file in files:
            self.assertRegex(file.name, r"^sim-simulated-accelerator-[0-9a-f]{8}\.json$")
        self.assertEqual(sum(len(self.exported(file)["entries"]) for file in files), 2)

    def test_an_export_that_cannot_be_written(self):
        self.tune(SQUARE)
        self.refuse(1, "No such file or directory", "tune", "--export", self.path("nowhere/x.json"))
        self.refuse(1, "No space left on device", "tune", "--export", "/dev/full", "-q")
        with open("/dev/full", "w", encoding="utf-8") as full:
            status, _, _ = self.run_program("tune", "--export", "-", stdout=full)
        self.assertEqual(status, 1)

    def test_mistakes(self):
        self.refuse(2, "which problems", "tune")
        self.refuse(2, "alone", "tune", "--list", SQUARE)
        self.refuse(2, "alone", "tune", "--list", "--clear")
        self.refuse(2, "alone", "tune", "--list", "--export", "-")
        self.refuse(77, "nothing of this kind", "tune", "--export", "-")
        self.refuse(3, "no backend", "tune", "--export", "-", "-d", "nothing:0")
        self.refuse(2, "'tune' has no option '--algorithm'", "tune", SQUARE, "-a", "auto")
        self.refuse(3, "no backend", "tune", SQUARE, "-d", "nothing:0")
        self.refuse(3, "XDG_CACHE_HOME", "tune", SQUARE, "-d", DEVICE, env={"XDG_CACHE_HOME": "", "HOME": ""})
        blocked = self.write("blocked", "a file where a folder should be")
        self.refuse(1, "blocked", "tune", SQUARE, "-d", DEVICE, env={"XDG_CACHE_HOME": blocked})
        self.assertFalse(self.cache.exists())

    def test_a_damaged_or_foreign_cache_is_ignored_with_one_line(self):
        self.tune(SQUARE)
        good = self.cache.read_bytes()

        def ignored(says):
            algorithm, tuned, err = self.run_auto(SQUARE)
            self.assertEqual((algorithm, tuned), ("reference-loops", False))
            self.assertEqual(len(self.notes(err)), 1, err)
            self.assertRegex(err, "steelyard: warning: tuning cache ignored: .*tuning-3.*" + says)
            self.assertEqual(self.notes(self.run_auto(SQUARE, "-q")[2]), [])

        for damaged in (b"", good[:-1], good[:40], good.replace(b"t128", b"t64 "), b"\0" * 100, good + good):
            self.cache.write_bytes(damaged)
            ignored("")
        self.cache.write_bytes(good)
        self.cache.chmod(0o666)
        ignored("can be written by others")
        self.cache.chmod(0o600)
        self.assertEqual(self.run_auto(SQUARE)[:2], (FAST[SQUARE], True))
        self.cache.write_bytes(good[:40])
        _, err = self.tune(ODD)
        self.assertRegex(err, "tuning cache replaced: ")
        self.assertEqual(self.run_auto(ODD)[:2], (FAST[ODD], True))

    def test_two_tuners_at_once_lose_nothing(self):
        devices = [f"{DEVICE},idle_w={n}" for n in (1, 2, 3)]
        programs = [self.start("tune", SQUARE, ODD, "-d", device, "--max-time", "1s") for device in devices]
        for program in programs:
            _, err = program.communicate(timeout=600)
            self.assertEqual(program.returncode, 0, err)
        out, _ = self.expect(0, "tune", "--list")
        self.assertEqual(out.count(FAST[SQUARE]), 3)
        self.assertEqual(out.count(FAST[ODD]), 3)

    @unittest.skipUnless(os.geteuid() == 0, "needs root to mount")
    def test_a_full_disk_leaves_the_old_cache(self):
        disk = self.path("cache")
        os.mkdir(disk)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4k,mode=700", "tmpfs", disk],
                          capture_output=True, check=False).returncode != 0:
            self.skipTest("cannot mount here")
        try:
            subprocess.run(["mount", "-o", "remount,size=1m", disk], check=True)
            self.tune(SQUARE)
            before = self.cache.read_bytes()
            subprocess.run(["mount", "-o", "remount,size=4k", disk], check=True)
            _, err = self.tune(ODD, status=1)
            self.assertRegex(err, "No space left on device")
            self.assertEqual(self.cache.read_bytes(), before)
            self.assertEqual(self.run_auto(SQUARE)[:2], (FAST[SQUARE], True))
        finally:
            subprocess.run(["umount", "-l", disk], check=False)

    def test_an_interrupted_search_keeps_what_was_found(self):
        problems = [SQUARE] + [f"gemm:m=192,n=192,k={512 + n}" for n in range(40)]
        program = self.start("tune", *problems, "-d", DEVICE)
        self.assertTrue(support.wait_until(lambda: self.cache.exists() and FAST[SQUARE] in self.cache.read_text()))
        program.send_signal(signal.SIGINT)
        program.communicate(timeout=200)
        self.assertEqual(program.returncode, 130)
        self.assertEqual(self.run_auto(SQUARE)[:2], (FAST[SQUARE], True))

    def test_a_spent_budget_is_said(self):
        _, err = self.tune(SQUARE, ODD, "--budget", "1ms", status=77)
        self.assertRegex(err, "skipped: budget")

    def test_failing_calls_never_harm_the_cache(self):
        self.tune(ODD)
        few = range(1, 60, 14)
        for k in range(1, 200) if os.environ.get("STEELYARD_LONG") else few:
            status, _, err = self.run_program("tune", "gemm:m=32,n=32,k=8", "-d", DEVICE, "--max-time", "1s", "-q",
                                              env={"STEELYARD_FAULT": f"file:{k}"})
            self.assertIn(status, (0, 1, 2, 3, 77), f"file:{k} ended with {status}: {err}")
            self.assertEqual(self.run_auto(ODD)[:2], (FAST[ODD], True), k)


if __name__ == "__main__":
    support.main()
