#!/usr/bin/env python3
"""Mistakes of the user: each one clear line, and the exit status that belongs to it."""
import json
import os
import pathlib
import unittest

import support
from support import SIM, TINY, Case


class Usage(Case):
    def run_sim(self, status, says, *arguments, **more):
        return self.refuse(status, says, "run", *arguments, "-d", SIM, **more)

    def test_verbs(self):
        self.refuse(2, "what is to be done")
        self.refuse(2, "unknown verb 'dance'", "dance")
        self.refuse(2, "'run' needs WHAT", "run")
        self.refuse(2, "show", "show")
        self.refuse(2, "merge", "merge")

    def test_options(self):
        self.run_sim(2, "unknown option '--bogus'", TINY, "--bogus")
        self.run_sim(2, "--rounds", TINY, "--rounds", "0")
        self.run_sim(2, "--rounds", TINY, "--rounds", "-3")
        self.run_sim(2, "--max-time", TINY, "--max-time", "soon")
        self.run_sim(2, "--precision", TINY, "--precision", "nan")
        self.run_sim(2, "--math", TINY, "--math", "roughly")
        self.run_sim(2, "--cache", TINY, "--cache", "lukewarm")
        self.run_sim(2, "filter", TINY, "--filter", "(")
        self.refuse(2, "--device", "run", TINY, "--device")

    def test_energy(self):
        self.run_sim(2, "no meter 'abacus'; there are auto, all, off", TINY, "--energy", "abacus:1")
        self.run_sim(2, "did you mean 'auto'", TINY, "--energy", "atuo")
        self.run_sim(2, "'off' stands alone", TINY, "--energy", "off,auto")
        self.run_sim(2, "no meter", TINY, env={"STEELYARD_ENERGY": "abacus"})
        self.run_sim(2, "--energy-precision", TINY, "--energy-precision", "60%")
        self.run_sim(2, "--energy-window", TINY, "--energy-window", "2h")
        self.run_sim(2, "--sustain", TINY, "--sustain", "0")
        self.refuse(2, "'peak' has no option '--energy'", "peak", "--energy", "off")

    def test_devices(self):
        self.refuse(3, "no backend 'abacus'", "run", TINY, "-d", "abacus:0")
        self.refuse(3, "no device 1", "run", TINY, "-d", "sim:1")
        self.refuse(2, "no parameter 'colour'", "run", TINY, "-d", "sim:0?colour=red")
        self.refuse(2, "peak cannot be 'x'", "run", TINY, "-d", "sim:0?peak=x")
        self.refuse(2, "\"zero\" is not a number", "run", TINY, "-d", "sim:zero")
        self.refuse(2, "the same device", "run", TINY, "-d", f"{SIM},{SIM}")
        self.refuse((2, 3), "plugin.so", "run", TINY, "-d", "cuda@/nowhere/plugin.so:0")

    def test_problems(self):
        self.run_sim(2, "no suite 'nosuch'", "nosuch")
        self.run_sim(2, "no op 'pool'", "pool:n=1")
        self.run_sim(2, "m is 0, must be at least 1", "gemm:m=0,n=8,k=8")
        self.run_sim(2, "m is -1", "gemm:m=-1,n=8,k=8")
        self.run_sim(2, "2\\^62", "gemm:m=99999999999,n=99999999999,k=8")
        self.run_sim(2, "larger than", "gemm:m=99999999999999999999,n=8,k=8")
        self.run_sim(2, "no element type", TINY + ",dtype=q7")
        self.run_sim(2, "no element type", TINY, "-t", "int9")
        self.run_sim(2, "groups", "conv2d:n=1,c=3,h=8,w=8,k=4,r=3,s=3,groups=2")
        self.run_sim(2, "no problem is left by --filter 'x'", TINY, "--filter", "x")

    def test_suite_files(self):
        self.run_sim(2, "line 2, column", self.write("bad.json", '{"a":1,\n bad'))
        self.run_sim(2, "bytes.json", self.write("bytes.json", b"\xff\xfe\x00{"))
        self.run_sim(2, "deep.json", self.write("deep.json", "[" * 100000))
        self.run_sim(2, "m is 0", self.write("zero.txt", "gemm:m=0,n=1,k=1\n"))
        self.run_sim((1, 2), "No such file", "./missing.json")
        os.mkdir(self.path("folder.json"))
        self.run_sim((1, 2), "folder.json", "./folder.json")

    @unittest.skipIf(os.geteuid() == 0, "root reads everything")
    def test_unreadable_suite(self):
        path = self.write("closed.json", "{}")
        os.chmod(path, 0)
        self.run_sim((1, 2), "Permission denied", path)

    def test_outputs(self):
        kept = self.write("kept.jsonl", "precious\n")
        self.run_sim(2, "exists", TINY, "-o", kept)
        self.assertEqual(pathlib.Path(kept).read_text(encoding="utf-8"), "precious\n")
        self.run_sim((1, 2), "cannot write to", TINY, "-o", str(self.folder))
        self.run_sim((1, 2), "cannot write to", TINY, "-o", self.path("no/such/folder.jsonl"))
        self.run_sim(2, "nothing to resume", TINY, "--resume", self.path("none.jsonl"))
        self.run_sim(2, "differ", TINY, "--resume", kept, "-o", self.path("other.jsonl"))

    def test_records_of_others(self):
        for name, text in (("schema.jsonl", '{"schema":"steelyard.record/2","kind":"op"}\n'),
                           ("other.jsonl", '{"schema":"someone.else/1"}\n'), ("plain.jsonl", "hello\n"),
                           ("list.jsonl", "[]\n")):
            path = self.write(name, text)
            self.run_sim((1, 2), name, TINY, "--resume", path)
            self.assertEqual(pathlib.Path(path).read_text(encoding="utf-8"), text)
            self.refuse((1, 2), name, "show", path)

    def test_strict_refuses_what_is_no_headline(self):
        self.run_sim(2, "--strict refuses --isolation none", TINY, "--strict", "--isolation", "none")
        self.run_sim(2, "--strict refuses --data zeros", TINY, "--strict", "--data", "zeros")

    def test_faults_of_the_environment(self):
        self.refuse(2, "STEELYARD_FAULT", "devices", env={"STEELYARD_FAULT": "sometimes"})
        self.refuse(2, "STEELYARD_ROUNDS", "run", TINY, "-d", SIM, env={"STEELYARD_ROUNDS": "many"})


class Answers(Case):
    def test_version_and_help(self):
        out, err = self.expect(0, "--version")
        self.assertRegex(out, r"^steelyard \d+\.\d+\.\d+\n$")
        self.assertEqual(err, "")
        out, err = self.expect(0, "--help")
        self.assertIn("usage: steelyard VERB", out)
        self.assertIn("--device", self.expect(0, "help", "run")[0])

    def test_devices_as_json(self):
        out, _ = self.expect(0, "devices", "--format", "json")
        devices = json.loads(out)
        wanted = {"id", "backend", "name", "physical_id", "status", "reason", "dtypes", "energy"}
        for device in devices:
            self.assertLessEqual(wanted, set(device))
            self.assertTrue(device["status"] in ("ready", "simulated") or device["reason"])
        by_id = {device["id"]: device for device in devices}
        self.assertEqual(by_id["cpu"]["status"], "ready")
        self.assertIn("f32", by_id["cpu"]["dtypes"])
        self.assertEqual(by_id["sim:0"]["status"], "simulated")

    def test_the_text_names_the_same_devices(self):
        out, _ = self.expect(0, "devices")
        self.assertIn("SIMULATED", out)
        self.assertIn("cpu", out)

    def test_closed_standard_streams_do_no_harm(self):
        for redirect in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-"):
            out = self.path("closed.jsonl")
            command = f'exec "{support.PROGRAM}" run {TINY} -d "{SIM}" -r 1 -v -o "{out}" {redirect}'
            status = os.spawnve(os.P_WAIT, "/bin/sh", ["sh", "-c", command], self.environment)
            self.assertIn(status, (0, 1), redirect)  # 1: what should be shown could not be
            self.assertEqual([row["status"] for row in self.rows(out)], ["ok"], redirect)
            os.remove(out)


if __name__ == "__main__":
    support.main()
