#!/usr/bin/env python3
"""`steelyard model`: networks made, looked at, and taken as suites."""
import json
import os

import support
from support import Case


class Model(Case):
    def made(self, name, *more):
        path = os.path.join(self.folder, name + ".onnx")
        self.expect(0, "model", "make", name, "-q", "-o", path, *more)
        return path

    def test_made_shown_and_run_as_a_suite(self):
        path = self.made("squeezenet")
        text = self.expect(0, "model", "show", path)[0]
        self.assertIn("1.24 million parameters", text)
        self.assertIn("0.698 GFLOP", text)
        self.assertRegex(text, r"input +input f32\[1,3,224,224\]")
        self.assertRegex(text, r"(?m)^Conv_0 +Conv +f32\[1,64,111,111\] +1792 +42\.58 ")
        document = json.loads(self.expect(0, "model", "show", path, "--format", "json")[0])
        self.assertEqual(len([layer for layer in document["layers"] if layer["op"] == "Conv"]), 26)
        self.assertEqual(document["inputs"], [{"name": "input", "dtype": "f32", "shape": [1, 3, 224, 224]}])
        suite = os.path.join(self.folder, "mine.json")
        self.expect(0, "model", "shapes", path, "-o", suite)
        plan = self.expect(0, "run", suite, "-d", "sim:0", "--dry-run")
        self.assertIn(str(len(json.load(open(suite))["problems"])), plan[0] + plan[1])

    def test_extents_are_bound(self):
        path = self.made("squeezenet")
        document = json.loads(
            self.expect(0, "model", "show", path, "--bind", "batch=4", "--format", "json")[0])
        self.assertEqual(document["inputs"][0]["shape"], [4, 3, 224, 224])
        one = json.loads(self.expect(0, "model", "show", path, "--format", "json")[0])
        self.assertEqual(document["flop"], 4 * one["flop"])

    def test_a_seed_decides_the_weights(self):
        first = open(self.made("tiny-llm", "--seed", "3"), "rb").read()
        self.assertEqual(open(self.made("tiny-llm", "--seed", "3"), "rb").read(), first)
        self.assertNotEqual(open(self.made("tiny-llm", "--seed", "4"), "rb").read(), first)

    def test_mistakes_are_one_line_and_leave_nothing(self):
        bad = os.path.join(self.folder, "bad.onnx")
        out = os.path.join(self.folder, "out")
        with open(bad, "wb") as file:
            file.write(b"\x08\x08\x3a\xff\xff\xff\xff\x0fnonsense")
        good = self.made("tiny-llm")
        rows = [(("show", bad), "bad.onnx"), (("show", bad + "x"), "bad.onnxx"), (("shapes", bad), "bad.onnx"),
                (("make", "resnet51"), "did you mean resnet50"), (("make", "vgg16", "-o", "-"), "to a file"),
                (("look", good), "show, make or shapes"), (("show", good, "--bind", "tokens"), "batch=4"),
                (("show", good, "--bind", "toks=1"), "tokens"), (("show", good, "--format", "csv"), "table or json")]
        for words, told in rows:
            arguments = words if "-o" in words else (*words, "-o", out)
            _, error = self.expect(2, "model", *arguments)[:2]
            self.assertEqual(error.count("\n"), 1, error)
            self.assertIn(told, error)
            self.assertFalse(os.path.exists(out), words)

    def test_hostile_names_are_clean_on_the_screen(self):
        path = self.made("tiny-llm")
        data = open(path, "rb").read()
        hostile = os.path.join(self.folder, "hostile.onnx")
        with open(hostile, "wb") as file:
            file.write(data.replace(b"hidden_out", b"\x1b[31mown\x07"))
        text = self.expect(0, "model", "show", hostile)[0]
        self.assertNotIn("\x1b", text)
        self.assertNotIn("\x07", text)


if __name__ == "__main__":
    support.main()
