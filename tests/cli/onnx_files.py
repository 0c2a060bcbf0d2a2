"""ONNX models of a few nodes, written byte by byte: field numbers are those of onnx.proto."""
import struct

FLOAT, UINT8, INT8, INT32, INT64, BOOL = 1, 2, 3, 6, 7, 9
_PACK = {FLOAT: "f", UINT8: "B", INT8: "b", INT32: "i", INT64: "q", BOOL: "?"}


def varint(value):
    value &= (1 << 64) - 1
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def number(field, value):
    return varint(field << 3) + varint(value)


def block(field, data):
    data = data.encode() if isinstance(data, str) else data
    return varint(field << 3 | 2) + varint(len(data)) + data


def tensor(name, kind, dims, values):
    return (b"".join(number(1, d) for d in dims) + number(2, kind) + block(8, name)
            + block(9, struct.pack(f"<{len(values)}{_PACK[kind]}", *values)))


def value_info(name, kind, dims):
    extents = b"".join(block(1, block(2, d) if isinstance(d, str) else number(1, d)) for d in dims)
    return block(1, name) + block(2, block(1, number(1, kind) + block(2, extents)))


def attribute(name, value):
    if isinstance(value, int):
        return block(1, name) + number(3, value) + number(20, 2)
    return block(1, name) + b"".join(number(8, v) for v in value) + number(20, 7)


def node(op, inputs, outputs, **attributes):
    return (b"".join(block(1, name) for name in inputs) + b"".join(block(2, name) for name in outputs)
            + block(3, outputs[0]) + block(4, op) + b"".join(block(5, attribute(k, v)) for k, v in attributes.items()))


def model(nodes, inputs, outputs, constants=(), opset=13):
    graph = (b"".join(block(1, n) for n in nodes) + block(2, "g") + b"".join(block(5, c) for c in constants)
             + b"".join(block(11, i) for i in inputs) + b"".join(block(12, o) for o in outputs))
    return number(1, 8) + block(2, "test") + block(7, graph) + block(8, block(1, "") + number(2, opset))


def wave(count, step=0.37):
    """Numbers that look random enough, within [-0.5, 0.5)."""
    return [((i * step) % 1.0) - 0.5 for i in range(count)]


def perceptron(batch="batch", features=16, hidden=32, classes=10):
    """x -> MatMul, Add, Relu, MatMul -> y; the first extent is a symbol."""
    return model(
        [node("MatMul", ["x", "w1"], ["h1"]), node("Add", ["h1", "b1"], ["h2"]), node("Relu", ["h2"], ["h3"]),
         node("MatMul", ["h3", "w2"], ["y"])],
        [value_info("x", FLOAT, [batch, features])], [value_info("y", FLOAT, [batch, classes])],
        [tensor("w1", FLOAT, [features, hidden], wave(features * hidden)), tensor("b1", FLOAT, [hidden], wave(hidden, 0.7)),
         tensor("w2", FLOAT, [hidden, classes], wave(hidden * classes, 0.61))])


def embedding(tokens=6, words=1000, width=8):
    """Token ids -> rows of a table."""
    return model([node("Gather", ["table", "ids"], ["rows"], axis=0)], [value_info("ids", INT64, [1, tokens])],
                 [value_info("rows", FLOAT, [1, tokens, width])],
                 [tensor("table", FLOAT, [words, width], wave(words * width))])


def npy(dims, values, descr="<f4"):
    """A .npy file of format 1."""
    shape = "(" + "".join(f"{d}," for d in dims) + ")"
    header = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}"
    header += " " * (63 - (10 + len(header)) % 64) + "\n"
    code = {"<f4": "f", "<i8": "q", "<f8": "d"}[descr]
    return (b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode()
            + struct.pack(f"<{len(values)}{code}", *values))


def read_npy(data):
    """(dims, values) of a .npy file that this project writes."""
    length = struct.unpack("<H", data[8:10])[0]
    header = data[10:10 + length].decode()
    dims = [int(d) for d in header.split("'shape': (")[1].split(")")[0].split(",") if d.strip()]
    code = {"<f4": "f", "<i8": "q", "<f8": "d"}[header.split("'descr': '")[1].split("'")[0]]
    body = data[10 + length:]
    return dims, struct.unpack(f"<{len(body) // struct.calcsize(code)}{code}", body)
