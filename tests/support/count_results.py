#!/usr/bin/env python3
"""What came of the tests that ctest lists in a JUnit file: count_results.py FILE. The first line are the numbers of passed,
failed and skipped tests; the second the tests that took longest; each line after that a test that failed."""
import sys
import xml.etree.ElementTree as tree

LONGEST = 12


def outcome(case):
    """passed, failed or skipped. A test that could not be started has not been run either, but it was not meant to be left out."""
    status = case.get("status")
    if status == "run":
        return "passed"
    skip = case.find("skipped")
    is_meant = status == "disabled" or skip is not None and skip.get("message", "").startswith("SKIP_")
    return "skipped" if is_meant else "failed"


def results(text):
    """Name -> (outcome, seconds). Of a test that was repeated the last try counts."""
    return {case.get("name"): (outcome(case), float(case.get("time") or 0)) for case in tree.fromstring(text).iter("testcase")}


def lines(text):
    """The lines to print."""
    found = results(text)
    count = {kind: sum(kind == came for came, _ in found.values()) for kind in ("passed", "failed", "skipped")}
    longest = sorted(found, key=lambda name: -found[name][1])[:LONGEST]
    return [f"{count['passed']} {count['failed']} {count['skipped']}",
            ", ".join(f"{name} {found[name][1]:.0f}" for name in longest)] + \
        sorted(name for name, (came, _) in found.items() if came == "failed")


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8", errors="replace") as file:
        print("\n".join(lines(file.read())))
