#!/usr/bin/env python3
"""--launch graph: batches recorded and replayed where a device can, and rows that say why where it cannot."""
import pathlib

import support
from support import SIM, TINY, Case, tiny

SHORT = ("-r", "1", "--max-time", "200ms", "--cache", "hot", "-q")


class Launch(Case):
    def by_problem(self, path):
        return {row["key"]["problem"].split(",")[0].split(":")[0] + row["row"]["request"]["algorithm"]: row
                for row in self.rows(path)}

    def test_rows_of_both_are_apart(self):
        graph, direct = self.path("graph.jsonl"), self.path("direct.jsonl")
        self.expect(0, "run", TINY, tiny(1) + ",beta=1", "-d", SIM, "--launch", "graph", "-o", graph)
        self.expect(0, "run", TINY, tiny(1) + ",beta=1", "-d", SIM, "-o", direct)
        for path, launch in ((graph, "graph"), (direct, "direct")):
            for row in self.rows(path):
                self.assertEqual((row["key"]["launch"], row["path"]["launch"]), (launch, launch))
                self.assertEqual((row["status"], row["check"]["status"]), ("ok", "ok"))
        self.assertFalse(self.row_ids(graph) & self.row_ids(direct))
        keys = [{row["key_hash"] for row in self.rows(path)} for path in (graph, direct)]
        self.assertFalse(keys[0] & keys[1])
        # The simulated device has a fifth of a launch's overhead behind another one, and these are overhead alone.
        medians = [min(row["time"]["host"]["median_ns"] for row in self.rows(path)) for path in (graph, direct)]
        self.assertLess(medians[0], 0.5 * medians[1])

    def test_it_has_a_twin(self):
        out = self.path("r.jsonl")
        self.expect(0, "run", TINY, "-d", SIM, "-o", out, env={"STEELYARD_LAUNCH": "graph"})
        self.assertEqual([row["path"]["launch"] for row in self.rows(out)], ["graph"])
        self.refuse(2, "--launch is .?loop.?, wanted is direct or graph", "run", TINY, "-d", SIM, "--launch", "loop")

    def test_what_cannot_says_why(self):
        out = self.path("r.jsonl")
        self.expect((0, 77), "run", TINY, "-d", "cpu", "--launch", "graph", "-o", out, *SHORT)
        for row in self.rows(out):
            self.assertEqual((row["status"], row["key"]["launch"]), ("unsupported", "graph"))
            self.assertEqual(row["reason"], "launch graph: the device's backend records no launches")
        out = self.path("copy.jsonl")
        self.expect((0, 77), "run", "copy:bytes=4K,kind=h2d", "-d", SIM, "--launch", "graph", "-o", out, "-q")
        self.assertEqual([row["reason"] for row in self.rows(out)], ["launch graph: copies are launched directly only"])

    def run_cuda(self, folder):
        built = pathlib.Path(support.PROGRAM).parent.parent
        if not (built / "tests/vendor_sim" / folder).exists() or not (built / "lib/steelyard/cuda.so").exists():
            self.skipTest("the simulated stack is not built")
        out = self.path("cuda.jsonl")
        self.expect((0, 77), "run", "gemm:m=16,n=16,k=16", "stream:bytes=4K,kind=triad",
                    "conv2d:n=1,c=4,h=4,w=4,k=4,r=3,s=3,pad=1", "-a", "all", "-d", "cuda:0", "--launch", "graph", "-o", out,
                    *SHORT, env={"STEELYARD_CUDA_FOLDER": str(built / "tests/vendor_sim" / folder),
                                 "STEELYARD_PLUGIN_PATH": str(built / "lib/steelyard")})
        return self.by_problem(out)

    def test_a_simulated_card_replays(self):
        rows = self.run_cuda("nvidia")
        for name in ("gemmcublaslt", "gemmcublas", "streamgeam", "conv2dcudnn-graph/nhwc"):
            row = rows[name]
            self.assertIn(row["status"], ("ok", "unstable"), name)
            self.assertEqual((row["path"]["launch"], row["check"]["status"]), ("graph", "ok"), name)
            self.assertTrue(row["subject"]["simulated"])
        self.assertEqual(rows["conv2dcudnn/nhwc"]["status"], "unsupported")
        self.assertEqual(rows["conv2dcudnn/nhwc"]["reason"], "launch graph: algorithm cudnn/nhwc cannot be recorded")

    def test_a_card_whose_runtime_is_too_old_says_so(self):
        row = self.run_cuda("nvidia_direct")["gemmcublas"]
        self.assertEqual(row["status"], "unsupported")
        self.assertEqual(row["reason"], "launch graph: cuda:0: no recording of launches: the runtime library lacks "
                                        "functions of graphs")


if __name__ == "__main__":
    support.main()
