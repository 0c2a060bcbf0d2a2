"""Problems as steelyard writes them in full, and lists of them: one a line, its name as a comment."""
import dataclasses



@dataclasses.dataclass(frozen=True)
class Problem:
    text: str
    name: str
    op: str
    field: dict

    def number(self, key, silent=1):
        return int(self.field.get(key, silent))

    def pair(self, key):
        return tuple(int(part) for part in self.field[key].split("x"))

    @property
    def types(self):
        return self.field["dtype"].split(":")

    @property
    def is_tf32(self):
        return self.field.get("math") == "tf32"

    @property
    def is_dynamic(self):
        return self.field.get("weights") == "dynamic"

    @property
    def kind(self):
        """What arithmetic it is, as a word: its first type, or tf32."""
        return "tf32" if self.is_tf32 else self.types[0]


def parse(text, name=""):
    op, _, fields = text.partition(":")
    pairs = (field.partition("=") for field in fields.split(","))
    return Problem(text, name, op, {key: value for key, _, value in pairs})


def read(path):
    found = []
    with open(path, encoding="utf-8") as file:
        for line in file:
            text, _, name = line.partition("#")
            if text.strip():
                found.append(parse(text.strip(), name.strip()))
    return found


def flop(problem):
    """Multiplications and additions; 0 for what has none."""
    number = problem.number
    if problem.op == "gemm":
        return 2 * number("m") * number("n") * number("k") * number("batch")
    if problem.op != "conv2d":
        return 0
    (top, left, bottom, right), (down, along) = problem.pair("pad"), problem.pair("stride")
    tall, wide = problem.pair("dilation")
    p = (number("h") + top + bottom - tall * (number("r") - 1) - 1) // down + 1
    q = (number("w") + left + right - wide * (number("s") - 1) - 1) // along + 1
    return 2 * number("n") * number("k") * p * q * (number("c") // number("groups")) * number("r") * number("s")
