#!/usr/bin/env python3
"""Reads every #include of the project and refuses an arrow that points the wrong way, and cycles between folders.

The rules: bench -> runtime -> public headers <- backends -> kernels. Run from the project's root.
"""
import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^">]+)[">]')

# A file under the first prefix may include files under the others (besides its own folder and the system's headers).
ALLOWED = [
    ("kernels/", ["kernels/"]),
    ("runtime/include/", ["steelyard/"]),
    ("runtime/base/", ["runtime/base/", "steelyard/", "kernels/convert/"]),
    ("runtime/op/", ["runtime/op/", "runtime/base/", "steelyard/"]),
    ("runtime/task/", ["runtime/task/", "runtime/base/", "steelyard/"]),
    ("runtime/card/", ["runtime/card/", "runtime/task/", "runtime/base/", "steelyard/"]),
    ("runtime/registry/", ["runtime/registry/", "runtime/base/", "steelyard/"]),
    ("runtime/dispatch/", ["runtime/dispatch/", "runtime/registry/", "runtime/op/", "runtime/base/", "steelyard/"]),
    ("runtime/model/graph/", ["runtime/model/graph/", "runtime/base/", "steelyard/", "kernels/convert/"]),
    ("runtime/model/ops/", ["runtime/model/ops/", "runtime/model/graph/", "runtime/base/", "steelyard/", "kernels/"]),
    ("runtime/model/onnx/", ["runtime/model/onnx/", "runtime/model/ops/", "runtime/model/graph/", "runtime/base/", "steelyard/"]),
    ("runtime/model/passes/", ["runtime/model/passes/", "runtime/model/ops/", "runtime/model/graph/", "runtime/base/", "steelyard/", "kernels/convert/"]),
    ("runtime/", ["runtime/", "steelyard/"]),
    ("backends/builtin/", ["backends/", "steelyard/"]),
    ("backends/", ["runtime/base/", "runtime/task/", "runtime/card/", "steelyard/", "kernels/"]),
    ("bench/", ["bench/", "runtime/", "steelyard/", "backends/builtin/", "kernels/reference/", "kernels/convert/"]),
    ("tests/", ["kernels/", "runtime/", "backends/", "bench/", "tests/", "steelyard/"]),
]

# Of bench, only main.c knows which backends are built in; nothing but the verbs may measure and report at once.
FORBIDDEN = [
    ("bench/report/", ["bench/worker/", "bench/measure/", "bench/run/", "bench/verbs/"]),
    ("bench/measure/", ["bench/record/", "bench/report/", "bench/worker/", "runtime/dispatch/", "stdio.h"]),
    ("bench/traffic/", ["bench/measure/", "bench/record/", "bench/worker/", "bench/run/", "runtime/model/", "steelyard/model.h", "pthread.h", "time.h"]),
    ("bench/stats/", ["bench/measure/", "bench/record/", "bench/worker/", "runtime/", "stdio.h"]),
    ("kernels/", ["stdio.h", "stdlib.h", "pthread.h", "time.h", "unistd.h", "cpuid.h"]),
    ("bench/", ["backends/cpu/", "backends/sim/", "backends/opencl/", "backends/cuda_family/", "backends/others/", "backends/onnxruntime/", "backends/ascend/", "backends/cambricon/", "backends/horizon/", "dlfcn.h"]),
]

EXCEPT = {("bench/stats/row.c", "stdio.h")}  # snprintf of a reason


def rule_for(path):
    """What a file may include; a backend also its own folder and those below it, whatever it is called."""
    allowed = next((allowed for prefix, allowed in ALLOWED if path.startswith(prefix)), None)
    if allowed is not None and path.startswith("backends/"):
        return allowed + ["/".join(path.split("/")[:2]) + "/"]
    return allowed


def is_ours(target):
    return target.startswith(("kernels/", "runtime/", "backends/", "bench/", "tests/", "steelyard/"))


def folder_of(path):
    """The unit between which there may be no cycle."""
    return str(pathlib.PurePath(path).parent)


def check(root):
    errors, edges = [], {}
    for top in ("kernels", "runtime", "backends", "bench", "tests"):
        for file in sorted((root / top).rglob("*.[ch]")):
            path = str(file.relative_to(root))
            own = folder_of(path)
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
                match = INCLUDE.match(line)
                if not match:
                    continue
                target = match.group(1)
                forbidden = [bad for prefix, bads in FORBIDDEN if path.startswith(prefix) for bad in bads]
                wrong = any(target.startswith(bad) for bad in forbidden) and (path, target) not in EXCEPT
                if is_ours(target):
                    allowed = rule_for(path) or []
                    wrong = wrong or not (folder_of(target) == own or any(target.startswith(a) for a in allowed))
                    if folder_of(target) != own and not path.startswith("tests/"):
                        edges.setdefault(own, set()).add(folder_of(target))
                elif "/" in target and "../" in target:
                    wrong = True
                if wrong:
                    errors.append(f"{path}:{number}: may not include {target}")
    return errors + find_cycles(edges)


def find_cycles(edges):
    errors, state = [], {}

    def visit(node, trail):
        if state.get(node) == 2:
            return
        if state.get(node) == 1:
            errors.append("cycle between folders: " + " -> ".join(trail[trail.index(node):] + [node]))
            return
        state[node] = 1
        for follower in sorted(edges.get(node, ())):
            visit(follower, trail + [node])
        state[node] = 2

    for node in sorted(edges):
        visit(node, [])
    return errors


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    errors = check(root)
    print("\n".join(errors) if errors else "every include points the right way")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
