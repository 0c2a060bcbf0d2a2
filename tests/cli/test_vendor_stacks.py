#!/usr/bin/env python3
"""Every stack of cards, run on its simulated libraries: listed, checked, measured; without what it may lack; with what
may go wrong."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

import support
from support import Case

# Plugin: folder of simulated libraries, vendor, ops that it does.
STACKS = {
    "cuda": ("nvidia", "NVIDIA", "gemm conv2d"),
    "corex": ("corex", "Iluvatar", "gemm conv2d"),
    "dtk": ("dtk_cuda", "Hygon", "gemm conv2d"),
    "xre": ("kunlun", "Kunlunxin", "gemm"),
    "ppu": ("ppu", "T-Head", "gemm"),
    "hip": ("rocm", "AMD or Hygon", "gemm conv2d"),
    "musa": ("musa", "Moore Threads", "gemm conv2d"),
    "maca": ("maca", "MetaX", "gemm conv2d"),
    "hpcc": ("hpcc", "MetaX", "gemm conv2d"),
}
# Installations of another age, or that lack something.
VARIANTS = [("cuda", "nvidia_12"), ("cuda", "nvidia_bare"), ("cuda", "nvidia_graph"), ("cuda", "nvidia_legacy"),
            ("cuda", "nvidia_meter"), ("cuda", "corex"), ("hip", "dtk_hip"), ("musa", "musa_old")]
GEMM = "gemm:m=64,n=64,k=64"
CONV = "conv2d:n=1,c=8,h=8,w=8,k=8,r=3,s=3,pad=1"
QUICK = ("-r", "1", "--max-time", "200ms")


class Stacks(Case):
    def setUp(self):
        super().setUp()
        self.built = pathlib.Path(support.PROGRAM).parents[1]
        if not (self.built / "tests/vendor_sim/maca/libmcdnn.so").exists():
            self.skipTest("the simulated libraries are not built")
        self.environment = {k: v for k, v in self.environment.items()
                            if not k.endswith("VISIBLE_DEVICES") and k != "LD_LIBRARY_PATH"}

    def use(self, stack, folder=None, settings=""):
        """The plugin on a folder of simulated libraries."""
        where = self.built / "tests/vendor_sim" / (folder or STACKS[stack][0])
        self.environment[f"STEELYARD_{stack.upper()}_FOLDER"] = str(where)
        self.environment["STEELYARD_VENDOR_SIM"] = settings
        return where

    def device(self, stack):
        out, _ = self.expect(0, "devices", "--format", "json")
        return next(device for device in json.loads(out) if device["backend"] == stack)

    def run_rows(self, status, stack, *problems, more=QUICK):
        out = self.path("out.jsonl")
        pathlib.Path(out).unlink(missing_ok=True)
        self.expect(status, "run", *problems, "-d", f"{stack}:0", "-o", out, "-q", *more)
        return {row["key"]["problem"].split(":")[0]: row for row in self.rows(out)}

    def check(self, stack, *arguments, status=0):
        out, err = self.expect(status, "plugin", "check", str(self.built / f"lib/steelyard/{stack}.so"),
                               "--format", "json", *arguments)
        report = json.loads(out)
        failed = {row["check"]: row for row in report["checks"] if row["status"] == "fail"}
        self.assertEqual(failed, {}, stack)
        return {row["check"]: row for row in report["checks"]}

    def test_devices(self):
        for stack, (folder, vendor, _) in STACKS.items():
            where = self.use(stack)
            device = self.device(stack)
            self.assertEqual(device["id"], f"{stack}:0")
            self.assertEqual((device["status"], device["vendor"]), ("simulated", vendor), stack)
            self.assertEqual(device["physical_id"], "pci:0000:3b:00.0")
            self.assertEqual("untested on hardware" in device["platform"], stack != "cuda", stack)
            for library in device["libraries"]:
                self.assertTrue(library["path"].startswith(str(where)), library)
                self.assertRegex(library["build_id"] or "", "^[0-9a-f]{16,}$", library)

    def test_plugin_check(self):
        for stack, (_, _, ops) in STACKS.items():
            self.use(stack)
            rows = self.check(stack)
            for op in ops.split():
                self.assertEqual(rows[f"{op} f32"]["status"], "pass", stack)
            self.assertEqual(rows["leak plans"]["status"], "pass", stack)

    def test_plugin_check_of_variants(self):
        for stack, folder in VARIANTS:
            self.use(stack, folder)
            rows = self.check(stack)
            self.assertEqual(rows["gemm f32"]["status"], "pass", folder)

    def test_either_case_of_what_is_uncertain(self):
        cases = [("corex", "ct=11"), ("corex", "ct=both"), ("dtk", "ct=10"), ("musa", "ct=10"), ("ppu", "ct=10"),
                 ("maca", "row.compute.f32_pedantic="), ("maca", "row.dnn.cross=0;row.dnn.convolution=1"),
                 ("musa", "row.dnn.f32=77"), ("hpcc", "f32_is_tf32=0"), ("xre", "refuse=bf16")]
        for stack, settings in cases:
            self.use(stack, settings=settings)
            self.check(stack, "-f", "^(gemm|conv2d|math) (f32|f16|bf16)$")

    def test_run(self):
        for stack, (_, _, ops) in STACKS.items():
            self.use(stack)
            rows = self.run_rows((0, 1, 77), stack, GEMM, CONV)
            for op, problem in (("gemm", "gemm"), ("conv2d", "conv2d")):
                wanted = ("ok", "unstable") if op in ops.split() and stack != "ppu" else ("ok", "unstable", "unsupported")
                self.assertIn(rows[problem]["status"], wanted, (stack, rows[problem].get("reason")))
                self.assertTrue(rows[problem]["subject"]["simulated"])

    def test_run_quick(self):
        self.use("musa")
        out = self.path("quick.jsonl")
        self.expect((0, 1), "run", "quick", "-d", "musa:0", "-o", out, "-q", "-r", "1", "--max-time", "20ms",
                    "--check", "off")
        self.assertGreater(len(self.rows(out)), 5)

    def test_the_pair_of_runtime_and_cards(self):
        """A libcudart.so that drives Iluvatar's cards: cuda says whose they are; theirs is not NVIDIA's."""
        self.use("cuda", "corex")
        device = self.device("cuda")
        self.assertEqual(device["vendor"], "Iluvatar")
        self.assertRegex(device["platform"], "Iluvatar CoreX.*untested on hardware")
        self.use("ppu", "nvidia")
        device = self.device("ppu")
        self.assertEqual(device["status"], "unavailable")
        self.assertIn("are NVIDIA's, not T-Head's", device["reason"])

    def test_two_cards_are_told_by_address(self):
        self.use("cuda", settings="devices=2;pci@0=0000:af:00.0;pci@1=0000:3b:00.0;name@0=First;name@1=Second;order=1,0;"
                                  "watts@0=100;watts@1=200")
        out, _ = self.expect(0, "devices", "--format", "json")
        devices = [device for device in json.loads(out) if device["backend"] == "cuda"]
        self.assertEqual([(device["name"], device["physical_id"]) for device in devices],
                         [("First", "pci:0000:af:00.0"), ("Second", "pci:0000:3b:00.0")])

    def test_no_device(self):
        for stack in STACKS:
            self.use(stack, settings="devices=0")
            device = self.device(stack)
            self.assertEqual(device["status"], "unavailable")
            self.assertIn("no device of", device["reason"])
            self.assertNotIn("\n", device["reason"])
            self.refuse(3, "no device of", "run", GEMM, "-d", f"{stack}:0")

    def test_old_driver(self):
        self.use("cuda", settings="fail=cudaGetDeviceCount:1:35;fail=cudaGetDeviceCount:2:35;row.driver=11040")
        self.assertIn("its driver is 11040, its runtime 13000", self.device("cuda")["reason"])

    def test_no_library(self):
        for stack in STACKS:
            self.environment[f"STEELYARD_{stack.upper()}_FOLDER"] = "/nowhere/at/all"
        out, _ = self.expect(0, "devices")
        for stack in STACKS:
            self.assertRegex(out, rf"(?m)^{stack} +unavailable: no .* here: lib.* not found in 1 folder: /nowhere/at/all; "
                                  rf"what helps: STEELYARD_{stack.upper()}_FOLDER .*$")

    def test_a_library_without_its_functions(self):
        where = self.folder / "torn"
        where.mkdir()
        shutil.copy(self.built / "tests/vendor_sim/kunlun/libxpurt.so.2", where / "libmcruntime.so")
        self.environment["STEELYARD_MACA_FOLDER"] = str(where)
        self.assertRegex(self.device("maca")["reason"], "libmcruntime.so lacks mcGetDeviceCount mcSetDevice")

    def test_faults(self):
        """A call that fails costs its row, and says which library said what."""
        cases = [("maca", "fail=mcblasGemmEx:3:13;fail=mcblasLtMatmul:1:13", (0, 1)), ("musa", "memory=64K", (1, 3, 77)),
                 ("hip", "async=hipMemcpyAsync:9:719", (0, 1, 3)), ("cuda", "lost=60:719", (0, 1, 3)),
                 ("corex", "fail=cublasCreate_v2:1:3", (1, 3))]
        for stack, settings, status in cases:
            self.use(stack, settings=settings)
            got, out, err = self.run_program("run", GEMM, "-d", f"{stack}:0", "-q", *QUICK)
            self.assertIn(got, status, (stack, err))
            self.assertNotIn("signal", err)

    def test_nothing_is_left_over(self):
        """The ledger that the simulated cards write at the end of each process that used them."""
        for stack in STACKS:
            report = self.path(f"{stack}.report")
            self.use(stack, settings=f"report={report}")
            self.run_rows((0, 1, 77), stack, GEMM, CONV)
            text = pathlib.Path(report).read_text()
            alive = re.findall(r"(\w+)=(\d+)/\d+", text)
            self.assertNotEqual(alive, [], text)
            self.assertEqual([pair for pair in alive if pair[1] != "0"], [], (stack, text))

    def test_what_lowers_precision_is_unset(self):
        self.use("cuda")
        self.environment["NVIDIA_TF32_OVERRIDE"] = "1"
        _, err = self.expect((0, 1), "run", GEMM, "-d", "cuda:0", *QUICK)
        self.assertIn("NVIDIA_TF32_OVERRIDE=1 is unset", err)

    def test_stacks_out_of_reach_are_named(self):
        root = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        card = root / "sys/bus/pci/devices/0000:5e:00.0"
        card.mkdir(parents=True)
        self.environment["STEELYARD_SYSROOT"] = str(root)
        (card / "vendor").write_text("0x10de\n")
        out, _ = self.expect(0, "devices")
        self.assertNotRegex(out, "(?m)^others")
        (card / "vendor").write_text("0x1e36\n")
        (root / "dev").mkdir()
        (root / "dev/bpu").write_text("")
        out, _ = self.expect(0, "devices")
        self.assertRegex(out, r"(?m)^others +unavailable: here, and out of reach: Enflame GCU \(0000:5e:00.0\): .*C\+\+.*"
                              r"; Horizon BPU \(/dev/bpu\): ")

    def test_no_plugin_links_a_vendor_library(self):
        """What the loader would need, and what names are left open, are the C library's."""
        plugins = sorted((self.built / "lib/steelyard").glob("*.so"))
        self.assertGreaterEqual(len(plugins), len(STACKS))
        for plugin in plugins:
            needed = re.findall(r"NEEDED.*\[(.*)\]", self.tool("readelf", "-d", plugin))
            allowed = r"lib(c|m|dl|pthread|rt|gcc_s|asan|tsan|ubsan)\.so\.\d+|ld-linux.*|libhwloc\.so.*"
            self.assertEqual([name for name in needed if not re.fullmatch(allowed, name)], [], plugin)
            wanted = self.tool("nm", "-D", "--undefined-only", plugin)
            self.assertNotRegex(wanted, r"(?m) (cuda|cublas|cudnn|nvml|hip|rocblas|miopen|musa|mublas|mudnn|mc[A-Z]|mcblas|"
                                        r"mcdnn|acl|aclnn|cnrt|cnnl|cndev|rsmi|mtml|mxSml|xpuml)", plugin)

    def tool(self, *command):
        if shutil.which(command[0]) is None:
            self.skipTest(f"no {command[0]}")
        return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    support.main()
