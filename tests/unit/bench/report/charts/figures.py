#!/usr/bin/env python3
"""Figures as real gnuplot draws them: well-formed, of allowed parts alone, complete, and nothing left over.

Usage: figures.py PRINT_FIGURE. Status 77 without gnuplot.
"""
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

SVG = "{http://www.w3.org/2000/svg}"
ELEMENTS = {"svg", "title", "desc", "g", "path", "text", "tspan", "rect", "circle", "use", "defs", "polygon", "polyline", "line"}
ATTRIBUTES = {"class", "id", "role", "width", "height", "viewBox", "aria-labelledby", "aria-describedby", "d", "transform", "x", "y",
              "cx", "cy", "r", "x1", "x2", "y1", "y2", "points", "stroke-width", "stroke-dasharray", "text-anchor", "font-size", "fill",
              "stroke", "color", "fill-opacity", "stroke-opacity", "href"}
KINDS = ["throughput", "energy", "latency", "efficiency", "roofline", "sustained"]


def draw(program, kind, mode, folder):
    arguments = [program, str(kind)] + ([mode] if mode else [])
    done = subprocess.run(arguments, capture_output=True, env={"PATH": os.environ["PATH"], "TMPDIR": folder}, check=False)
    if done.returncode == 77:
        sys.exit(77)
    assert done.returncode == 0, (KINDS[kind], mode, done.stderr)
    assert os.listdir(folder) == [], "files are left behind"
    return done.stdout.decode("utf-8")


def check_parts(root):
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids)) and all(name == "fig1" or name.startswith("fig1-") for name in ids)
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in ELEMENTS, element.tag
        assert set(element.keys()) <= ATTRIBUTES, element.keys()
        for name in ("fill", "stroke"):
            assert element.get(name, "none") in ("none", "currentColor")
        if element.get("href"):
            assert element.get("href").removeprefix("#") in ids, "a reference that leads nowhere"
    assert root.get("role") == "img" and root.get("width") == "100%" and root.get("height") is None
    assert re.fullmatch(r"0 0 560 \d+", root.get("viewBox"))
    assert root[0].tag == SVG + "title" and root[0].text and root[1].tag == SVG + "desc" and root[1].text


def check_content(root, kind, mode):
    texts = [text.text or "" for text in root.iter(SVG + "text")]
    text = "\n".join(texts)
    if mode == "hostile":
        assert "<script>" in text, "names are shown as they are"
    else:
        assert not re.search("@[A-Z]", text), "a placeholder is left"
        for wanted in (["Card A (4 x)", "Card B", "FLOP/s"] if kind in (0, 1, 4, 5) else ["resnet50 f16"]):
            assert wanted in text, (wanted, text)
    assert text.count("SIMULATED") == (2 if mode == "simulated" else 0)
    tones = {element.get("class") for element in root.iter()} - {None, "sy-chart"}
    assert tones == ({"sy-k0"} if kind == 3 else {"sy-k0", "sy-k1"}), tones
    marks = [use for use in root.iter(SVG + "use") if use.get("class")]
    # A mark a point and one in the key; lines have none.
    if kind < 4 and mode != "hostile":
        assert len(marks) == 12, len(marks)
    if kind in (0, 1):
        assert "\u5927\u8bed\u8a00\u6a21\u578b" in text or mode == "hostile"


def main():
    with tempfile.TemporaryDirectory(prefix="figures it's <odd> ") as folder:
        for kind in range(len(KINDS)):
            for mode in ("", "simulated", "hostile"):
                made = draw(sys.argv[1], kind, mode, folder)
                root = ET.fromstring(made)
                try:
                    check_parts(root)
                    check_content(root, kind, mode)
                except AssertionError:
                    print(KINDS[kind], mode)
                    raise
    print("every figure is as it should be")


if __name__ == "__main__":
    main()
