#!/usr/bin/env python3
"""by_hand compiles against the vendor's headers where these are, and reads problems as they are meant. 77: no headers.
Usage: test_by_hand.py COMPILER SIMULATED, the second a folder of simulated libraries, which need not be there."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
COMPILER = SIMULATED = ""
TAIL = "alpha=1,beta=0,epilogue=none"
SOME = f"""# a comment

gemm:m=3,n=5,k=7,batch=2,ta=0,tb=0,{TAIL},dtype=f8e4m3:f8e4m3:bf16:f32,math=strict,weights=dynamic # a.name
gemm:m=3,n=5,k=7,batch=1,ta=0,tb=0,{TAIL},dtype=f32:f32:f32:f32,math=tf32,weights=const # b
conv2d:n=2,c=3,h=10,w=11,k=4,r=5,s=6,stride=2x1,pad=1x2x1x2,dilation=1x1,groups=1,layout=any,epilogue=none,dtype=f16:f16:f16:f32,math=strict,weights=const # c
gemm:m=3,n=5,k=7,batch=1,ta=1,tb=0,{TAIL},dtype=f32:f32:f32:f32,math=strict,weights=const # d
gemm:m=3,n=5,k=7,batch=1,ta=0,tb=0,{TAIL},dtype=f64:f64:f64:f64,math=strict,weights=const # e
stream:kind=read,bytes=16 # f
conv2d:n=2,c=3,h=10,w=11,k=4,r=5,s=6,stride=2x1,pad=1x2x0x2,dilation=1x1,groups=1,layout=any,epilogue=none,dtype=f16:f16:f16:f32,math=strict,weights=const # g
"""
UNDERSTOOD = [
    "gemm 3x5x7 batch=2 bytes 1:1:2 tf32=0 dynamic=1 a.name",
    "gemm 3x5x7 batch=1 bytes 4:4:4 tf32=1 dynamic=0 b",
    "conv2d 2x3x10x11 k=4 5x6 stride 2x1 pad 1x2 tf32=0",
]
REFUSED = ["transposed operands", "a type that", "neither gemm nor conv2d", "uneven padding"]


class ByHand(unittest.TestCase):
    def call(self, *words, status=0, **more):
        done = subprocess.run([PROGRAM, *words], env={**os.environ, **more}, capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout, done.stderr

    def test_problems_are_understood(self):
        path = pathlib.Path(FOLDER.name) / "some.txt"
        path.write_text(SOME)
        lines = self.call("list", path)[0].splitlines()
        self.assertEqual(lines[:3], UNDERSTOOD)
        for line, word in zip(lines[3:], REFUSED, strict=True):
            self.assertIn(f'"error":"{word}', line)

    def test_a_list_that_is_not_there(self):
        self.assertIn("cannot read /nonexistent", self.call("list", "/nonexistent", status=2)[1])

    def test_usage(self):
        for words in ((), ("solve", "3"), ("weigh",), ("list",)):
            self.assertIn("usage: by_hand", self.call(*words, status=2)[1])

    def test_without_a_card(self):
        if os.path.exists("/dev/nvidiactl"):
            self.skipTest("there is a card")
        for words in (("copy",), ("power",), ("rules",), ("solve", "1", "/dev/null")):
            self.assertIn("by_hand: no card: ", self.call(*words, status=77)[1])

    def test_rules_and_copies_on_simulated_libraries(self):
        if not (pathlib.Path(SIMULATED) / "libcublasLt.so.13").exists():
            self.skipTest(f"no simulated libraries in {SIMULATED}")
        lines = [json.loads(line) for line in self.call("rules", LD_LIBRARY_PATH=SIMULATED)[0].splitlines()]
        self.assertEqual((lines[0]["kind"], lines[0]["sm"]), ("card", 132))
        self.assertTrue(lines[0]["path"]["cublaslt"].startswith(SIMULATED))
        self.assertEqual([line["kind"] for line in lines[1:]], ["rule"] * 24)
        self.assertGreater(lines[1]["TN"], 0)
        self.assertEqual([lines[1][form] for form in ("NN", "TT", "NT")], [-15] * 3)
        # The simulated card is smaller than two of the largest copies.
        self.assertIn('"error":"cudaMalloc: ', self.call("copy", LD_LIBRARY_PATH=SIMULATED)[0])


if __name__ == "__main__":
    COMPILER = sys.argv.pop(1)
    SIMULATED = sys.argv.pop(1)
    FOLDER = tempfile.TemporaryDirectory()
    PROGRAM = str(pathlib.Path(FOLDER.name) / "by_hand")
    built = subprocess.run([HERE / "by_hand/build", PROGRAM], env={**os.environ, "CC": COMPILER}, capture_output=True,
                           text=True, check=False)
    if built.returncode != 0:
        print(built.stdout + built.stderr)
        sys.exit(built.returncode)
    unittest.main()
