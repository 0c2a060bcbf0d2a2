#!/usr/bin/env python3
"""Tests of layers.py: it must refuse wrong arrows and cycles, and let right ones pass."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).with_name("layers.py")


class Layers(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.folder.name)
        for top in ("kernels", "runtime", "backends", "bench", "tests"):
            (self.root / top).mkdir()

    def tearDown(self):
        self.folder.cleanup()

    def write(self, path, *includes):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(f'#include "{include}"\n' for include in includes), encoding="utf-8")

    def check(self):
        result = subprocess.run([sys.executable, SCRIPT, self.root], capture_output=True, text=True)
        return result.returncode, result.stdout

    def refuse(self, path, include):
        self.write(path, include)
        status, text = self.check()
        self.assertEqual(status, 1, text)
        self.assertIn(f"{path}:1: may not include {include}", text)

    def test_empty_tree_passes(self):
        self.assertEqual(self.check(), (0, "every include points the right way\n"))

    def test_right_arrows_pass(self):
        self.write("bench/run/a.c", "bench/run/a.h", "bench/worker/b.h", "runtime/base/error.h", "steelyard/status.h")
        self.write("backends/x/a.c", "backends/x/a.h", "kernels/gemm/gemm.h", "runtime/base/error.h")
        self.write("kernels/gemm/gemm.c", "kernels/gemm/gemm.h", "kernels/convert/convert.h")
        self.write("tests/unit/a.c", "backends/x/a.h", "bench/run/a.h")
        self.assertEqual(self.check()[0], 0)

    def test_kernels_include_only_kernels(self):
        self.refuse("kernels/gemm/gemm.c", "runtime/base/error.h")

    def test_kernels_do_no_input_output(self):
        self.refuse("kernels/gemm/gemm.c", "stdio.h")

    def test_runtime_knows_no_backend(self):
        self.refuse("runtime/dispatch/dispatch.c", "backends/cpu/cpu.h")

    def test_base_knows_nothing_above(self):
        self.refuse("runtime/base/error.c", "runtime/op/spec.h")

    def test_backends_do_not_include_each_other(self):
        self.refuse("backends/one/a.c", "backends/two/a.h")

    def test_a_backend_may_have_folders(self):
        self.write("backends/one/plugin/plugin.c", "backends/one/a.h", "steelyard/backend.h")
        self.assertEqual(self.check()[0], 0)

    def test_a_name_that_begins_alike_is_another_backend(self):
        self.refuse("backends/one/a.c", "backends/one_more/a.h")

    def test_backends_know_no_bench(self):
        self.refuse("backends/one/a.c", "bench/check/check.h")

    def test_report_never_measures(self):
        self.refuse("bench/report/a.c", "bench/measure/sampler.h")

    def test_measure_never_prints(self):
        self.refuse("bench/measure/a.c", "stdio.h")

    def test_relative_includes_are_refused(self):
        self.refuse("bench/run/a.c", "../worker/client.h")

    def test_tests_are_not_included(self):
        self.refuse("bench/run/a.c", "tests/support/near.h")

    def test_headers_are_read_too(self):
        self.refuse("runtime/base/error.h", "bench/run/a.h")

    def test_every_wrong_line_is_told(self):
        self.write("kernels/gemm/gemm.c", "kernels/gemm/gemm.h", "runtime/base/error.h", "bench/run/a.h")
        status, text = self.check()
        self.assertEqual(status, 1)
        self.assertIn("kernels/gemm/gemm.c:2: may not include runtime/base/error.h", text)
        self.assertIn("kernels/gemm/gemm.c:3: may not include bench/run/a.h", text)

    def test_cycle_of_two_is_refused(self):
        self.write("bench/a/a.c", "bench/b/b.h")
        self.write("bench/b/b.c", "bench/a/a.h")
        status, text = self.check()
        self.assertEqual(status, 1)
        self.assertIn("cycle between folders: bench/a -> bench/b -> bench/a", text)

    def test_cycle_of_three_is_refused(self):
        self.write("bench/a/a.c", "bench/b/b.h")
        self.write("bench/b/b.h", "bench/c/c.h")
        self.write("bench/c/c.c", "bench/a/a.h")
        status, text = self.check()
        self.assertEqual(status, 1)
        self.assertIn("cycle between folders", text)

    def test_diamond_is_no_cycle(self):
        self.write("bench/a/a.c", "bench/b/b.h", "bench/c/c.h")
        self.write("bench/b/b.c", "bench/d/d.h")
        self.write("bench/c/c.c", "bench/d/d.h")
        self.assertEqual(self.check()[0], 0)

    def test_spacing_does_not_hide_an_include(self):
        file = self.root / "kernels/gemm/gemm.c"
        file.parent.mkdir(parents=True)
        file.write_text('  #  include   "bench/run/a.h"\n', encoding="utf-8")
        self.assertEqual(self.check()[0], 1)


if __name__ == "__main__":
    unittest.main()
