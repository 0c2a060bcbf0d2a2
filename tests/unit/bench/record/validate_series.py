"""Judges files of samples by their published schema, and the schema by damaged lines.

validate_series.py SCHEMA WRITER FOLDER: WRITER FILE writes a sample file.
"""
import os
import sys

from validate import leaves, open_validator, replaced, written_lines


def main():
    validator = open_validator(sys.argv[1])
    lines = written_lines(validator, sys.argv[2], os.path.join(sys.argv[3], "schema-samples.series.jsonl"))
    assert {line["kind"] for line in lines} == {"samples", "work"}
    refused = 0
    for line in lines:
        for place, _ in leaves(line):
            assert not validator.is_valid(replaced(line, place, {"other": "type"})), place
            refused += 1
        for needed in ("schema", "kind", "run_id", "row", "t_s", "runs" if line["kind"] == "work" else "value"):
            assert not validator.is_valid({k: v for k, v in line.items() if k != needed}), needed
        assert not validator.is_valid({**line, "t_s": []})
        assert not validator.is_valid({**line, "schema": "steelyard.series/2"})
        assert not validator.is_valid({**line, "row": "00000000000000AG"})
        assert validator.is_valid({**line, "a field of the future": 1})
    work = next(line for line in lines if line["kind"] == "work")
    assert not validator.is_valid(replaced(work, ("runs", 0), -1))
    assert refused > 20, refused
    print(f"{len(lines)} lines are valid, {refused} damaged ones are not")


if __name__ == "__main__":
    main()
