#!/usr/bin/env python3
"""A pack is complete, small and runs by itself; without a card `run` says so and leaves a summary. Usage: test_pack.py BUILD"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
BUILD = ""


class Pack(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="steelyard-pack-"))
        cls.pack = cls.folder / "pack"
        made = subprocess.run([HERE / "pack", cls.pack, BUILD], capture_output=True, text=True, check=False)
        if made.returncode != 0:
            raise AssertionError(made.stdout + made.stderr)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder, ignore_errors=True)

    def call(self, *command, status=0, **more):
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "TMPDIR": str(self.folder), "LC_ALL": "C", **more}
        done = subprocess.run([str(word) for word in command], env=environment, cwd=self.folder, capture_output=True,
                              text=True, timeout=300, check=False)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def test_is_small_and_complete(self):
        size = sum(path.stat().st_size for path in self.pack.rglob("*"))
        self.assertLess(size, 40 << 20)
        built = {path.name for path in (pathlib.Path(BUILD) / "lib/steelyard").glob("*.so")}
        self.assertEqual({path.name for path in (self.pack / "lib/steelyard").glob("*.so")}, built)
        self.assertRegex((self.pack / "PACK").read_text(), r"commit \w+\nglibc 2\.\d+ or newer\nplugins .*sim\.so")

    def test_needs_nothing_but_glibc(self):
        libraries = {path.name for path in (self.pack / "lib").glob("*.so*")}
        for file in [*(self.pack / "bin").iterdir(), *(self.pack / "lib").rglob("*.so*")]:
            for line in self.call("readelf", "-d", file).splitlines():
                if "(NEEDED)" in line:
                    name = line.split("[")[1].rstrip("]")
                    is_system = name.startswith(("libc.so", "libm.so", "libdl.so", "libpthread.so", "librt.so", "ld-linux"))
                    self.assertTrue(is_system or name in libraries, f"{file.name} needs {name}")

    def test_program_runs_from_the_folder(self):
        self.assertRegex(self.call(self.pack / "steelyard", "--version"), r"steelyard \d")
        devices = json.loads(self.call(self.pack / "steelyard", "devices", "--format", "json"))
        self.assertIn("sim:0", [device["id"] for device in devices])
        self.assertIn("resnet50", self.call(self.pack / "steelyard", "run", "resnet50", "-n", "-d", "sim:0"))

    def test_lists_hold_what_all_sides_can_read(self):
        for name, least in (("gemm", 30), ("qwen3-32b", 20), ("deepseek-v3", 30), ("conv", 60)):
            path = self.pack / "problems" / f"{name}.txt"
            self.assertGreaterEqual(len(path.read_text().splitlines()), least, name)
            listed = self.call(sys.executable, self.pack / "tests/on_gpu/torch_side.py", "--list", path)
            for line in listed.splitlines():
                self.assertGreater(int(line.split()[-1]), 0, line)

    def test_another_folder_is_not_overwritten(self):
        other = self.folder / "other"
        other.mkdir()
        self.assertIn("was not made by this script", self.call(HERE / "pack", other, BUILD, status=1))

    def test_steps_can_be_listed(self):
        listed = self.call(self.pack / "tests/on_gpu/run", "--dry-run", "-t", "54", "-s", "facts,conformance")
        self.assertIn("conformance: at most 4 s", listed)
        self.assertIn("ours-gemm: not asked for", listed)

    def test_words_that_are_not_options(self):
        for words in (("-t", "soon"), ("-x",), ("-t", "5")):
            self.assertIn("Usage", self.call(self.pack / "tests/on_gpu/run", *words, status=2))

    def test_without_a_card(self):
        out = self.folder / "out"
        # No such device is ever there: the test says the same on a machine that has a card.
        said = self.call(self.pack / "tests/on_gpu/run", "-t", "60", "-o", out, "-s", "devices,check,ours-gemm,quick", status=77,
                         ON_GPU_DEVICE="sim:7")
        self.assertIn("no usable device sim:7", said)
        self.assertIn("no card was found", said)
        self.assertIn("no usable device sim:7", (out / "summary.md").read_text())
        with tarfile.open(out / "logs.tar.gz") as logs:
            self.assertIn("./ours-gemm.log", logs.getnames())

    def test_on_the_simulator(self):
        few = self.folder / "few"
        shutil.copytree(self.pack, few)
        (few / "problems/gemm.txt").write_text("gemm:m=16,n=16,k=16 # tiny\n")
        out = self.folder / "few-out"
        self.call(few / "tests/on_gpu/run", "-t", "120", "-o", out, "-s", "facts,ours-gemm", ON_GPU_DEVICE="sim:0?memory=32M")
        self.assertLessEqual(len(list(out.rglob("*"))), 8)
        rows = [json.loads(line) for line in (out / "record.jsonl").read_text().splitlines()]
        self.assertEqual([row["key"]["problem"][:20] for row in rows if row["kind"] == "op"], ["gemm:m=16,n=16,k=16,"])
        self.assertNotIn(str(self.folder), (out / "record.jsonl").read_text())


if __name__ == "__main__":
    BUILD = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
