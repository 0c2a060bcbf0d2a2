#!/usr/bin/env python3
"""Compiled models on the simulated libraries of Horizon: what is missing is said, simulated is marked, files run under the
scenarios, what cannot be run is one clear line, nothing is left over."""
import json
import pathlib
import re
import struct

import support
from support import Case

MODEL = ("bin-sim 1\nmodel net\ninput x f32 1,3,4,5 aligned=1,3,4,8\noutput y f32 1,4,3,5 aligned=1,4,4,8 factor=3\n"
         "output q s8 1,7 aligned=1,16 quant=scale:0.5\nflop 1000000\n")
NEWER = MODEL + "input uv u8 1,3,5,2 stride=-1,-1,2,1\n"
FOLDERS = ("horizon", "horizon_early", "horizon_ucp")
QUICK = ("--duration", "60ms", "--queries", "3", "--rounds", "1", "-q")


class Horizon(Case):
    def setUp(self):
        super().setUp()
        built = pathlib.Path(support.PROGRAM).parents[1]
        self.sims, self.plugin = built / "tests/vendor_sim", built / "lib/steelyard/horizon.so"
        if not (self.sims / "horizon_ucp/libdnn.so").exists() or not self.plugin.exists():
            self.skipTest("the simulation or the plugin is not built")
        self.set_world("horizon")

    def set_world(self, folder, settings=""):
        self.environment["STEELYARD_HORIZON_FOLDER"] = str(self.sims / folder)
        self.environment["STEELYARD_VENDOR_SIM"] = f"report={self.path('objects')};{settings}"

    def check_objects(self):
        """Lines as "task 0 12": alive, made; "misuse wrong_handle 1"."""
        lines = pathlib.Path(self.path("objects")).read_text().splitlines()
        self.assertNotEqual(lines, [])
        for line in lines:
            self.assertFalse(line.startswith("misuse"), line)
            kind = re.fullmatch(r"(\w+) (\d+) (\d+)", line)
            if kind and kind[1] != "call":
                self.assertEqual(kind[2], "0", line)

    def infer(self, status, model, *arguments, device="horizon:0"):
        """Rows of a run."""
        out = self.path("out.jsonl")
        pathlib.Path(out).unlink(missing_ok=True)
        self.expect(status, "infer", model, "-d", device, "-o", out, *QUICK, *arguments)
        return [row for row in self.records(out) if row["kind"] == "model"]

    def line(self):
        out, _ = self.expect(0, "devices", "--format", "json")
        found = [entry for entry in json.loads(out) if entry["backend"] == "horizon"]
        self.assertEqual(len(found), 1)
        return found[0]

    def test_a_bare_machine_says_what_is_missing(self):
        self.environment["STEELYARD_HORIZON_FOLDER"] = "/no/hobot"
        found = self.line()
        self.assertEqual(found["status"], "unavailable")
        for words in ("no Horizon BPU here", "libdnn.so", "looked in /no/hobot", "STEELYARD_HORIZON_DNN",
                      "STEELYARD_HORIZON_FOLDER"):
            self.assertIn(words, found["reason"])
        self.refuse(3, "Horizon's library was not found", "infer", self.write("m.bin", MODEL), "-d", "horizon:0", *QUICK)
        del self.environment["STEELYARD_HORIZON_FOLDER"]
        self.assertIn("/usr/hobot/lib", self.line()["reason"])

    def test_a_bpu_without_its_library(self):
        self.environment["STEELYARD_HORIZON_FOLDER"] = "/no/hobot"
        root = self.folder / "root"
        (root / "dev").mkdir(parents=True)
        (root / "dev/bpu").write_text("")
        self.environment["STEELYARD_SYSROOT"] = str(root)
        self.assertIn("a Horizon BPU is here (/dev/bpu) and cannot be used", self.line()["reason"])
        out, _ = self.expect(0, "devices")
        self.assertNotRegex(out, "(?m)^others")

    def test_devices_are_marked(self):
        root = self.folder / "root"
        (root / "sys/class/boardinfo").mkdir(parents=True)
        (root / "sys/class/boardinfo/soc_name").write_text("s100\n")
        self.environment["STEELYARD_SYSROOT"] = str(root)
        for folder in FOLDERS:
            with self.subTest(folder):
                self.set_world(folder)
                out, _ = self.expect(0, "devices")
                self.assertRegex(" ".join(out.split()), r"horizon:0 BPU of s100 SIMULATED .*by hbDNN [0-9.]+")

    def test_compiled_models_run_as_they_are(self):
        for folder in FOLDERS:
            with self.subTest(folder):
                self.set_world(folder)
                row, = self.infer(0, self.write("m.bin", MODEL))
                self.assertIn(row["status"], ("ok", "unstable"))
                self.assertTrue(row["model"]["whole"])
                self.assertTrue(row["subject"]["simulated"])
                self.assertEqual(row["key"]["inputs"], "x:1x3x4x5")
                names = {library["name"]: library for library in row["subject"]["libraries"]}
                self.assertIn(folder + "/libdnn.so", names["horizon_dnn"]["path"])
                self.assertEqual("horizon_ucp" in names, folder == "horizon_ucp")
                self.check_objects()

    def test_every_scenario(self):
        model = self.write("m.hbm", MODEL)
        for more in (("--scenario", "single-stream"), ("--scenario", "multi-stream"),
                     ("--scenario", "server", "--qps", "100"), ("--scenario", "offline", "--instances", "2")):
            with self.subTest(more[1]):
                row, = self.infer(0, model, *more)
                self.assertIn(row["status"], ("ok", "unstable"), row)
                self.check_objects()

    def test_outputs_are_saved_without_padding(self):
        """Elements one behind the other, whatever lies between them in the library's memory."""
        for folder in FOLDERS:
            with self.subTest(folder):
                self.set_world(folder)
                saved = self.folder / f"saved-{folder}"
                self.infer(0, self.write("m.bin", MODEL), "--save-outputs", str(saved), "--data", "integer")
                data = (saved / "y.npy").read_bytes()
                self.assertIn(b"(1, 4, 3, 5,)", data)
                values = struct.unpack("<60f", data[-240:])  # what pads them in the simulation is no such number
                self.assertEqual([value for value in values if value % 3 != 0 or abs(value) > 1000], [])
                self.assertGreater(len(set(values)), 5)
                self.assertEqual(len((saved / "q.npy").read_bytes()) % 64, 7)

    def test_inputs_of_open_strides(self):
        self.set_world("horizon_ucp")
        row, = self.infer(0, self.write("m.hbm", NEWER))
        self.assertEqual(row["key"]["inputs"], "x:1x3x4x5;uv:1x3x5x2")
        self.check_objects()

    def test_several_models_in_a_file(self):
        model = self.write("m.bin", MODEL + "model small\ninput z u8 4\noutput w u8 4\n")
        self.refuse(2, r"2 models, .*--device horizon:0\?model=NAME: net, small", "infer", model, "-d", "horizon:0", *QUICK)
        row, = self.infer(0, model, device="horizon:0?model=small,core=1")
        self.assertEqual(row["key"]["inputs"], "z:4")
        self.refuse(2, "no model 'big'; there are net, small", "infer", model, "-d", "horizon:0?model=big", *QUICK)

    def test_files_that_cannot_be_run(self):
        for name, text, says in (("m.bin", "no model", r"m\.bin: invalid model \(-6000002\)"),
                                 ("m.bin", MODEL + "march bernoulli2\n", "for another chip"),
                                 ("m.bin", MODEL.replace("x f32 1,3", "x f32 -1,3"), "extents that are open"),
                                 ("m.onnx", "no model", "compiled models .* Horizon's toolchain makes of ONNX files")):
            with self.subTest(says):
                self.refuse((2, 77), says, "infer", self.write(name, text), "-d", "horizon:0", *QUICK)
        self.refuse(2, "nothing.bin", "infer", self.path("nothing.bin"), "-d", "horizon:0", *QUICK)
        self.refuse(2, "core=9", "infer", self.write("m.bin", MODEL), "-d", "horizon:0?core=9", *QUICK)

    def test_a_library_of_another_age_is_not_believed(self):
        for settings in ("struct=longer", "struct=shifted"):
            self.set_world("horizon", settings)
            self.refuse((2, 77), "a struct that makes no sense here", "infer", self.write("m.bin", MODEL), "-d", "horizon:0",
                        *QUICK)

    def test_a_fault_while_a_model_runs(self):
        self.set_world("horizon", "async=hbDNNInfer:5:-6000012")
        row, = self.infer(1, self.write("m.bin", MODEL))
        self.assertEqual(row["status"], "error")
        self.assertIn("the task failed (-6000012)", row["reason"])

    def test_memory_runs_out(self):
        self.set_world("horizon", "memory=8K")
        _, err = self.expect((1, 2, 77), "infer", self.write("m.bin", MODEL), "-d", "horizon:0", *QUICK)
        self.assertIn("out of memory", err)

    def test_the_check_passes(self):
        for folder in FOLDERS:
            with self.subTest(folder):
                self.set_world(folder)
                out, _ = self.expect(0, "plugin", "check", self.plugin, "--format", "json", "--model", self.write("m.bin", MODEL))
                report = json.loads(out)
                rows = {row["check"]: row["verdict"] for row in report["checks"]}
                self.assertEqual(report["failed"], 0, out)
                for name in ("work models", "model ports", "model run", "leak models", "memory copies", "queue order"):
                    self.assertEqual(rows[name], "pass", name)
        self.environment["STEELYARD_HORIZON_FOLDER"] = "/no/hobot"
        self.expect(77, "plugin", "check", self.plugin)

    def test_no_single_problems(self):
        self.expect((3, 77), "run", support.TINY, "-d", "horizon", "-q", "-r", "1", "--max-time", "100ms")


if __name__ == "__main__":
    support.main()
