#!/usr/bin/env python3
"""The same products and convolutions by PyTorch, to hold our own figures against. JSON lines on standard output.

Usage: torch_side.py SECONDS FILE...     problems, one a line, until the time is up
       torch_side.py --list FILE...      how the problems are understood; needs no PyTorch
Weights come from memory, as in our own runs: they rotate through three times the last-level cache. 77: no PyTorch, or
it sees no card.
"""
import json
import re
import statistics
import sys
import time
import warnings

import problem as problems

BATCH, WARM, MEASURE, RANK = 0.002, 0.150, 0.200, 0.020  # seconds
LAUNCHES_MAX = 4096
GRAPH_NS = 60e3
RING_BYTES = 16 << 30
SETS_MAX = 4096


class Unsupported(Exception):
    """PyTorch has no call for this."""


def say(**fields):
    print(json.dumps({"source": "torch", **fields}), flush=True)


class Card:
    """The device and how launches on it are timed."""

    def __init__(self, torch):
        self.torch = torch
        self.about = torch.cuda.get_device_properties(0)
        self.begin, self.end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        self.index = 0

    def types(self):
        torch = self.torch
        return {"f32": torch.float32, "f16": torch.float16, "bf16": torch.bfloat16, "s8": torch.int8, "s32": torch.int32,
                "f8e4m3": torch.float8_e4m3fn, "f8e5m2": torch.float8_e5m2}

    def filled(self, shape, dtype):
        """Uniform in [-1, 1], bytes over all of their range; the first part of many sets is repeated."""
        torch = self.torch
        out = torch.empty(shape, dtype=dtype, device="cuda")
        first = out[0]
        if dtype == torch.int8:
            first.random_(-127, 128)
        elif dtype.itemsize == 1:
            first.copy_(torch.empty(first.shape, dtype=torch.float16, device="cuda").uniform_(-1, 1).to(dtype))
        else:
            first.uniform_(-1, 1)
        for part in range(1, shape[0]):
            out[part].copy_(first)
        return out

    def sets(self, count, dtype):
        size = count * dtype.itemsize
        return max(1, min(3 * self.about.L2_cache_size // size + 1, RING_BYTES // size, SETS_MAX))

    def batch(self, launch, launches, graph=None):
        """Seconds of a batch on the device."""
        self.begin.record()
        if graph is not None:
            graph.replay()
        else:
            for _ in range(launches):
                launch(self.index)
                self.index += 1
        self.end.record()
        self.end.synchronize()
        return self.begin.elapsed_time(self.end) * 1e-3

    def calibrate(self, launch):
        launches = 1
        for _ in range(12):
            took = self.batch(launch, launches)
            if took >= BATCH or launches >= LAUNCHES_MAX:
                break
            launches = min(LAUNCHES_MAX, int(launches * min(10, 1.1 * BATCH / max(took, 1e-7))) + 1)
        return launches

    def repeat(self, launch, launches, seconds, graph=None):
        """Times of a launch in ns."""
        times, until = [], time.monotonic() + seconds
        while len(times) < 3 or time.monotonic() < until:
            times.append(self.batch(launch, launches, graph) * 1e9 / launches)
        return times

    def rank(self, launch):
        launches = self.calibrate(launch)
        return statistics.median(self.repeat(launch, launches, RANK))

    def graph_ns(self, launch, launches):
        """The same launches replayed as a graph: without the interpreter between them."""
        launches = min(launches, 1024)
        graph = self.torch.cuda.CUDAGraph()
        with self.torch.cuda.graph(graph):
            for index in range(launches):
                launch(index)
        self.repeat(launch, launches, RANK, graph)
        return statistics.median(self.repeat(launch, launches, MEASURE / 4, graph))

    def look(self, launch, launches):
        """Clock and power while it is at work."""
        for _ in range(2 * launches):
            launch(self.index)
            self.index += 1
        seen = {}
        for name, call in (("sm_mhz", self.torch.cuda.clock_rate), ("power_mw", self.torch.cuda.power_draw)):
            try:
                seen[name] = call(0)
            except Exception:  # without nvidia-ml-py there is no such reading
                pass
        self.torch.cuda.synchronize()
        return seen

    def measure(self, launch):
        launches = self.calibrate(launch)
        self.repeat(launch, launches, WARM)
        launches = self.calibrate(launch)
        times = self.repeat(launch, launches, MEASURE)
        result = {"ns": statistics.median(times), "min_ns": min(times), "batches": len(times), "launches": launches}
        result.update(self.look(launch, launches))
        if result["ns"] < GRAPH_NS:
            try:
                result["graph_ns"] = self.graph_ns(launch, launches)
            except Exception as error:
                result["graph_error"] = first_line(error)
        return result


def first_line(error):
    return (str(error).splitlines() or [type(error).__name__])[0][:300]


def gemm_weights(card, problem):
    """Weights of all sets as (k x n row-major, n x k row-major seen as k x n); products of activations have the first alone."""
    batch, n, k = problem.number("batch"), problem.number("n"), problem.number("k")
    dtype = card.types()[problem.types[1]]
    sets = card.sets(batch * n * k, dtype)
    ring = card.filled((sets, batch * n * k), dtype)
    plain = [part.view(batch, k, n) for part in ring]
    turned = [part.view(batch, n, k).transpose(1, 2) for part in ring]
    return {"plain": plain} if problem.is_dynamic else {"plain": plain, "turned": turned}


def float_products(card, problem):
    torch, types = card.torch, card.types()
    batch, m, n, k = (problem.number(key) for key in ("batch", "m", "n", "k"))
    rows = card.filled((batch, m * k), types[problem.types[0]]).view(batch, m, k)
    out = [torch.empty((batch, m, n), dtype=types[problem.types[2]], device="cuda") for _ in range(2)]
    if types[problem.types[2]] != types[problem.types[0]]:
        raise Unsupported("a result of another type")
    for form, weights in gemm_weights(card, problem).items():
        if batch == 1:
            flat, one, two = [w[0] for w in weights], rows[0], [o[0] for o in out]
            yield f"mm, weights {form}", lambda i, flat=flat, one=one, two=two: torch.mm(
                one, flat[i % len(flat)], out=two[i % 2])
        else:
            yield f"bmm, weights {form}", lambda i, weights=weights: torch.bmm(
                rows, weights[i % len(weights)], out=out[i % 2])


def whole_products(card, problem):
    torch = card.torch
    m, n, k = (problem.number(key) for key in ("m", "n", "k"))
    if problem.number("batch") != 1:
        raise Unsupported("_int_mm has no batch")
    rows = card.filled((1, m * k), torch.int8).view(m, k)
    out = [torch.empty((m, n), dtype=torch.int32, device="cuda") for _ in range(2)]
    for form, weights in gemm_weights(card, problem).items():
        flat = [w[0] for w in weights]
        yield f"_int_mm, weights {form}", lambda i, flat=flat: torch._int_mm(rows, flat[i % len(flat)], out=out[i % 2])


def eighth_products(card, problem):
    torch, types = card.torch, card.types()
    m, k = problem.number("m"), problem.number("k")
    if problem.number("batch") != 1:
        raise Unsupported("_scaled_mm has no batch")
    if problem.is_dynamic:
        raise Unsupported("_scaled_mm wants the second operand by columns")
    rows = card.filled((1, m * k), types[problem.types[0]]).view(m, k)
    scale = torch.ones((), dtype=torch.float32, device="cuda")
    flat = [w[0] for w in gemm_weights(card, problem)["turned"]]
    for is_fast in (False, True):
        yield "_scaled_mm" + (", fast accumulation" if is_fast else ""), lambda i, is_fast=is_fast: torch._scaled_mm(
            rows, flat[i % len(flat)], scale_a=scale, scale_b=scale, out_dtype=types[problem.types[2]],
            use_fast_accum=is_fast)


def convolutions(card, problem):
    torch, dtype = card.torch, card.types()[problem.types[0]]
    n, c, h, w, k, r, s, groups = (problem.number(key) for key in ("n", "c", "h", "w", "k", "r", "s", "groups"))
    pad, stride, dilation = problem.pair("pad"), problem.pair("stride"), problem.pair("dilation")
    if pad[0] != pad[2] or pad[1] != pad[3]:
        raise Unsupported("uneven padding")
    inner = c // groups
    ring = card.filled((card.sets(k * inner * r * s, dtype), k * inner * r * s), dtype)
    image = card.filled((n, c * h * w), dtype)
    forms = {"channels_last": (image.view(n, h, w, c).permute(0, 3, 1, 2),
                               [part.view(k, r, s, inner).permute(0, 3, 1, 2) for part in ring])}
    if dtype == torch.float32:
        forms["contiguous"] = (image.view(n, c, h, w), [part.view(k, inner, r, s) for part in ring])
    for form, (x, filters) in forms.items():
        yield f"conv2d {form}", lambda i, x=x, filters=filters: torch.nn.functional.conv2d(
            x, filters[i % len(filters)], None, stride, (pad[0], pad[1]), dilation, groups)


def candidates(card, problem):
    if problem.op == "conv2d":
        return convolutions(card, problem)
    if problem.types[0] == "s8":
        return whole_products(card, problem)
    return eighth_products(card, problem) if problem.types[0].startswith("f8") else float_products(card, problem)


def kernel_name(card, launch):
    """Which kernel takes longest in one launch."""
    torch = card.torch
    try:
        with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CUDA]) as profile:
            launch(0)
            torch.cuda.synchronize()
        return max(profile.key_averages(), key=lambda event: event.device_time_total).key[:200]
    except Exception as error:  # a name is not worth a row
        return first_line(error)


def solve(card, problem):
    torch = card.torch
    torch.backends.cuda.matmul.allow_tf32 = problem.is_tf32
    torch.backends.cudnn.allow_tf32 = problem.is_tf32
    ranked, failed = [], []
    for way, launch in candidates(card, problem):
        try:
            ranked.append((card.rank(launch), way, launch))
        except Exception as error:
            failed.append(f"{way}: {first_line(error)}")
    is_fast = [way.endswith("fast accumulation") for _, way, _ in ranked]
    for fast in (False, True):
        chosen = [row for row, row_is_fast in zip(ranked, is_fast) if row_is_fast == fast]
        if chosen:
            _, way, launch = min(chosen, key=lambda row: row[0])
            more = {"kernel": kernel_name(card, launch)} if problem.op == "conv2d" else {}
            say(kind="op", problem=problem.text, name=problem.name, way=way, source="torch-fast" if fast else "torch",
                candidates=[[row[1], round(row[0], 1)] for row in chosen], **card.measure(launch), **more)
    if not ranked:
        raise Unsupported("; ".join(failed) or "no call")


def describe(card):
    torch = card.torch
    cudnn = torch.backends.cudnn.version()  # opens the library
    with open("/proc/self/maps", encoding="utf-8") as maps:
        paths = sorted(set(re.findall(r"/\S*lib(?:cublasLt|cudnn|cudart)\.so\S*", maps.read())))
    say(kind="card", name=card.about.name, l2_byte=card.about.L2_cache_size, torch=torch.__version__,
        cuda=torch.version.cuda, cudnn=cudnn, path=paths)


def take(card, seconds, found):
    until, left = time.monotonic() + seconds, 0
    for problem in found:
        if time.monotonic() > until:
            left += 1
            continue
        try:
            solve(card, problem)
        except Exception as error:
            say(kind="op", problem=problem.text, name=problem.name, error=first_line(error))
        card.torch.cuda.empty_cache()
    if left:
        print(f"torch_side: {left} problems were not begun: the time was up", file=sys.stderr)


def main(arguments):
    if len(arguments) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    found = [problem for path in arguments[1:] for problem in problems.read(path)]
    if arguments[0] == "--list":
        for problem in found:
            print(problem.name, problem.op, problem.kind, problems.flop(problem))
        return 0
    warnings.simplefilter("ignore")
    try:
        import torch
    except ImportError as error:
        print(f"torch_side: no PyTorch: {error}", file=sys.stderr)
        return 77
    if not torch.cuda.is_available():
        print(f"torch_side: PyTorch {torch.__version__} sees no card", file=sys.stderr)
        return 77
    torch.backends.cudnn.benchmark = True
    # Partial sums are not rounded to the output's type, as in our own runs.
    torch.backends.cuda.matmul.allow_fp16_reduced_precision_reduction = False
    torch.backends.cuda.matmul.allow_bf16_reduced_precision_reduction = False
    torch.set_grad_enabled(False)
    card = Card(torch)
    torch.zeros(1, device="cuda")
    torch.mm(*(torch.ones((16, 16), device="cuda") for _ in range(2)))
    describe(card)
    take(card, float(arguments[0]), found)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
