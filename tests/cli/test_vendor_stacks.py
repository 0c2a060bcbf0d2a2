#!/usr/bin/env python3
"""Every stack of cards, run on its simulated libraries: listed, checked, measured; without what it may lack; with what
may go wrong. STEELYARD_CHECKED names the stack that the checks are about, else they are about all."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

import support
from support import Case

# Plugin: folder of simulated libraries, vendor, ops that it does. CMakeLists.txt reads the names here: a test for each.
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
# Checks of a plugin that say most in little time.
SOME = "^(plugin|device|memory (kinds|copies)|queue|sensor)|^(gemm|conv2d|math) f32$|^(leak devices|destroy null)$"
GEMM = "gemm:m=64,n=64,k=64"
CONV = "conv2d:n=1,c=8,h=8,w=8,k=8,r=3,s=3,pad=1"
QUICK = ("-r", "1", "--max-time", "200ms")


class Simulated(Case):
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

    def devices(self):
        """The first device of each backend. Every call starts them all."""
        out, _ = self.expect(0, "devices", "--format", "json")
        return {device["backend"]: device for device in reversed(json.loads(out))}

    def device(self, stack):
        return self.devices()[stack]

    def use_all(self, settings=""):
        for stack in STACKS:
            self.use(stack, settings=settings)

    def run_rows(self, status, stack, *problems, more=QUICK):
        out = self.path("out.jsonl")
        pathlib.Path(out).unlink(missing_ok=True)
        self.expect(status, "run", *problems, "-d", f"{stack}:0", "-o", out, "-q", *more)
        return {row["key"]["problem"].split(":")[0]: row for row in self.rows(out)}

    def check(self, stack, *arguments, status=0):
        out, err = self.expect(status, "plugin", "check", str(self.built / f"lib/steelyard/{stack}.so"),
                               "--format", "json", *arguments)
        report = json.loads(out)
        failed = {row["check"]: row for row in report["checks"] if row["verdict"] == "fail"}
        self.assertEqual(failed, {}, stack)
        return {row["check"]: row for row in report["checks"]}


class Checks(Simulated):
    def setUp(self):
        super().setUp()
        only = os.environ.get("STEELYARD_CHECKED")
        self.assertIn(only, (None, *STACKS))
        self.stacks = [only] if only else list(STACKS)

    def test_plugin_check(self):
        for stack in self.stacks:
            self.use(stack)
            # One plugin's code is every plugin's: with a sanitizer it is looked at whole with one stack of each kind.
            is_whole = not support.has_sanitizer() or stack in ("cuda", "hip")
            rows = self.check(stack, *() if is_whole else ("-f", SOME))
            for op in STACKS[stack][2].split():
                self.assertEqual(rows[f"{op} f32"]["verdict"], "pass", stack)
            self.assertEqual(rows["leak devices"]["verdict"], "pass", stack)
            if is_whole:
                self.assertEqual(rows["leak plans"]["verdict"], "pass", stack)

    def test_plugin_check_of_variants(self):
        for stack, folder in VARIANTS:
            if stack not in self.stacks:
                continue
            self.use(stack, folder)
            if support.has_sanitizer():
                rows = self.check(stack, "-f", "^(device describe|memory copies|gemm f32|leak devices)$")
                self.assertEqual(rows["gemm f32"]["verdict"], "pass", folder)
                continue
            rows = self.check(stack, "-f", "^(device|memory|sensor|leak)|^(gemm|conv2d) f32$")
            self.assertEqual(rows["gemm f32"]["verdict"], "pass", folder)

    def test_either_case_of_what_is_uncertain(self):
        cases = [("corex", "ct=11"), ("corex", "ct=both"), ("dtk", "ct=10"), ("musa", "ct=10"), ("ppu", "ct=10"),
                 ("maca", "row.compute.f32_pedantic="), ("maca", "row.dnn.cross=0;row.dnn.convolution=1"),
                 ("musa", "row.dnn.f32=77"), ("hpcc", "f32_is_tf32=0"), ("xre", "refuse=bf16"), ("musa", "refuse=f16,bf16"), ("hip", "lazy=1")]
        self.assertLessEqual({stack for stack, _ in cases}, set(STACKS))
        for stack, settings in cases:
            if stack not in self.stacks:
                continue
            self.use(stack, settings=settings)
            self.check(stack, "-f", "^(gemm|math) (f32|f16|bf16)$|^conv2d f32$")


class Stacks(Simulated):
    def test_every_stack_has_its_checks(self):
        """In the build, where each is a test of its own."""
        if "STEELYARD_CHECKED" not in os.environ:
            self.skipTest("not started by ctest")
        self.assertEqual(os.environ["STEELYARD_CHECKED"].split(), list(STACKS))

    def test_devices(self):
        self.use_all()
        devices = self.devices()
        for stack, (folder, vendor, _) in STACKS.items():
            device = devices[stack]
            self.assertEqual(device["id"], f"{stack}:0")
            self.assertEqual((device["status"], device["vendor"]), ("simulated", vendor), stack)
            self.assertEqual(device["physical_id"], "pci:0000:3b:00.0")
            self.assertEqual("untested on hardware" in device["platform"], stack != "cuda", stack)
            for library in device["libraries"]:
                self.assertTrue(library["path"].startswith(str(self.built / "tests/vendor_sim" / folder)), library)
                self.assertRegex(library["build_id"] or "", "^[0-9a-f]{16,}$", library)

    def test_run(self):
        """Measured; and by the ledger that the simulated cards write at the end of each process, nothing is left over."""
        for stack, (_, _, ops) in STACKS.items():
            report = self.path(f"{stack}.report")
            self.use(stack, settings=f"memory=64M;report={report}")
            rows = self.run_rows((0, 1, 77), stack, GEMM, CONV)
            for op in ("gemm", "conv2d"):
                wanted = ("ok", "unstable") if op in ops.split() else ("unsupported",)
                self.assertIn(rows[op]["status"], wanted, (stack, rows[op].get("reason")))
                self.assertTrue(rows[op]["subject"]["simulated"])
            lines = [line.split() for line in pathlib.Path(report).read_text().splitlines()]
            objects = [line for line in lines if line[0] not in ("misuse", "call")]
            self.assertNotEqual(objects, [])
            self.assertEqual([line for line in objects if line[1] != "0"], [], stack)
            self.assertEqual([line for line in lines if line[0] == "misuse"], [], stack)

    def test_joules_of_a_run(self):
        self.use("hip", settings="memory=64M")
        row = self.run_rows((0, 1), "hip", GEMM, more=(*QUICK, "--energy", "auto", "--energy-window", "1s"))["gemm"]
        self.assertNotEqual(row.get("energy", []), [], row)
        for entry in row["energy"]:
            self.assertGreater(entry["readings"], 0)

    def test_run_quick(self):
        """What of the quick suite an interpreter of kernels gets through."""
        self.use("musa", settings="memory=256M")
        out = self.path("quick.jsonl")
        self.expect((0, 1), "run", "quick", "-d", "musa:0", "-o", out, "-q", "-r", "1", "--max-time", "20ms",
                    "--check", "off", "-f", "decode.t8.(qkv|attn)|memory|copy")
        rows = self.rows(out)
        self.assertGreater(len(rows), 3)
        self.assertNotIn("error", {row["status"] for row in rows}, [row.get("reason") for row in rows])

    def test_the_pair_of_runtime_and_cards(self):
        """A libcudart.so that drives Iluvatar's cards: cuda says whose they are. NVIDIA's are not T-Head's."""
        self.use("cuda", "corex")
        self.use("ppu", "nvidia")
        devices = self.devices()
        self.assertEqual(devices["cuda"]["vendor"], "Iluvatar")
        self.assertRegex(devices["cuda"]["platform"], "Iluvatar CoreX.*untested on hardware")
        self.assertEqual(devices["ppu"]["status"], "unavailable")
        self.assertIn("are NVIDIA's, not T-Head's", devices["ppu"]["reason"])

    def test_two_cards_are_told_by_address(self):
        self.use("cuda", settings="devices=2;pci@0=0000:af:00.0;pci@1=0000:3b:00.0;name@0=First;name@1=Second;order=1,0;"
                                  "watts@0=100;watts@1=200")
        out, _ = self.expect(0, "devices", "--format", "json")
        devices = [device for device in json.loads(out) if device["backend"] == "cuda"]
        self.assertEqual([(device["name"], device["physical_id"]) for device in devices],
                         [("First", "pci:0000:af:00.0"), ("Second", "pci:0000:3b:00.0")])

    def test_no_device(self):
        self.use_all(settings="devices=0")
        devices = self.devices()
        for stack in STACKS:
            self.assertEqual(devices[stack]["status"], "unavailable")
            self.assertIn("no device of", devices[stack]["reason"])
            self.assertNotIn("\n", devices[stack]["reason"])
        self.refuse(3, "no device of", "run", GEMM, "-d", "maca:0")

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

    def test_what_lowers_precision_is_unset(self):
        self.use("cuda")
        self.environment["NVIDIA_TF32_OVERRIDE"] = "1"
        self.assertIn("NVIDIA_TF32_OVERRIDE unset", self.device("cuda")["features"])

    def test_stacks_out_of_reach_are_named(self):
        root = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        card = root / "sys/bus/pci/devices/0000:5e:00.0"
        card.mkdir(parents=True)
        self.environment["STEELYARD_SYSROOT"] = str(root)
        (card / "vendor").write_text("0x10de\n")
        out, _ = self.expect(0, "devices")
        self.assertNotRegex(out, "(?m)^others")
        (card / "vendor").write_text("0x1e36\n")
        kuiper = root / "usr/local/kuiper/lib"
        kuiper.mkdir(parents=True)
        (kuiper / "libhpgr.so").write_text("")
        out, _ = self.expect(0, "devices")
        self.assertRegex(out, r"(?m)^others +unavailable: here, and out of reach: Enflame GCU \(0000:5e:00.0\): .*C\+\+.*"
                              r"; Tsingmicro \(/usr/local/kuiper/lib/libhpgr.so\): ")

    def test_no_plugin_links_a_vendor_library(self):
        """What the loader would need, and what names are left open, are of this project and the system."""
        plugins = sorted((self.built / "lib/steelyard").glob("*.so"))
        self.assertGreaterEqual(len(plugins), len(STACKS))
        for plugin in plugins:
            needed = re.findall(r"NEEDED.*\[(.*)\]", self.tool("readelf", "-d", plugin))
            allowed = r"(lib(c|m|dl|pthread|rt|gcc_s|asan|tsan|ubsan|hwloc|sodium|jansson)\.so\.\d+|ld-linux.*)"
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
