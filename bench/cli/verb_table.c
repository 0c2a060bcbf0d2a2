/* The verbs there are, and the questions. */
#include "bench/cli/option.h"

#include <string.h>

static const sy_verb verbs[] = {
    {"devices", SY_VERB_DEVICES, 0, 0, "", "list backends, devices, their types and energy sources",
        "What is missing is listed too, with why and how to get it. With --catalogue the published figures "
        "of "
        "a device are printed instead, each with its source and confidence; NAME is an id, a whole name, or "
        "what "
        "a driver reports, all: the list."},
    {"peak", SY_VERB_PEAK, 0, 0, "", "measure the ceilings of a device, each with its method",
        "Multiply-add rates by microkernel, memory and cache bandwidths."},
    {"run", SY_VERB_RUN, 1, SIZE_MAX, "WHAT...", "weigh problems, suites or files; the main job",
        "WHAT is the name of a suite (quick, resnet50, ...), a path to a suite file (JSON, CSV, or one "
        "problem a "
        "line), a problem (gemm:m=512,n=4096,k=4096; sweeps as m=[64:4096*2] or k=[64:1024+64]), or - for "
        "standard input. A side of --pair with ':', '@' or '?' in it is a device (cpu and sim are, too), "
        "any other an algorithm."},
    {"tune", SY_VERB_TUNE, 0, SIZE_MAX, "WHAT...", "find the fastest algorithms and settings for problems",
        "WHAT is as for run. Every usable algorithm of a device and its variants (block sizes, splits over "
        "threads) are compared; the fastest whose output is right is kept in the tuning cache, where "
        "run finds it for the algorithm auto. With --list or --clear the cache is shown or emptied; with "
        "--export its findings, of the devices of --device and the problems of WHAT, or all, become a data "
        "file for others: one device a file, or a folder for several."},
    {"infer", SY_VERB_INFER, 1, 1, "MODEL.onnx", "weigh a whole network under a load",
        "MODEL is an ONNX file. It is compiled for each device, checked against the same network run "
        "operator "
        "by operator on the host, and measured as --scenario says; outputs of timed runs are held against "
        "checked ones. With --pair the two devices of --device (or of --pair=A,B) are measured in turn, A B "
        "B "
        "A. A percentile is told when there are enough queries to be 99 % sure of it, and the result is "
        "VALID "
        "or INVALID by MLPerf's rules for what was asked for, with what to change. Backends that compile "
        "models themselves get the file as it is."},
    {"model", SY_VERB_MODEL, 2, 2, "show FILE | make NAME | shapes FILE",
        "look at ONNX networks, make them, take their shapes",
        "show: what a network takes and gives, its operators, FLOP and parameters, layer by layer. make: a "
        "network with "
        "weights from --seed as an ONNX file (-o FILE, else NAME.onnx here); NAME is resnet50, mobilenetv2, "
        "vgg16, "
        "squeezenet, bert-base, whisper-base-encoder or tiny-llm. shapes: its products and convolutions as a "
        "suite with "
        "counts, for run."},
    {"show", SY_VERB_SHOW, 1, SIZE_MAX, "FILE...", "look into result files",
        "Rows one by one, or the summary."},
    {"merge", SY_VERB_MERGE, 1, SIZE_MAX, "FILE...", "join result files into one",
        "Rows keep their ids; a row that is in several files is written once."},
    {"compare", SY_VERB_COMPARE, 1, SIZE_MAX, "BASE NEW [MORE...] | FILE...",
        "compare results, and gate on the difference",
        "Result files of the same subject over time: rows join on problem and subject, each file after the "
        "first against "
        "it; merge makes one file of repeated runs, which give intervals between runs. With --by device (or "
        "--across) rows join on the "
        "problem alone, a column for each device; with --by pair what run has measured in pairs, "
        "block "
        "by "
        "block. With --gate the exit status is 0: passed, 1: failed, 4: "
        "not decided; "
        "a row's threshold is at least three times its noise, which --noise or the history tells, else 2 %. "
        "With --base-build what the gate does not pass is measured once more by both builds in turn (in "
        "three "
        "blocks BASE NEW NEW BASE, -o FOLDER keeps the records), pooled with what there was, and judged "
        "again. "
        "With "
        "--calibrate the files are runs of one build, or the arguments are those of run, and what comes out "
        "(-o FILE) "
        "is their noise, for --noise."},
    {"history", SY_VERB_HISTORY, 1, SIZE_MAX, "ACTION [WHAT...]", "keep results over time and look at them",
        "Actions: add FILE..., list, show RUN, trend WHAT, changes [WHAT]. add puts result files into a "
        "database, each whole or not at all; rows that are there already are left as they are. list: the "
        "runs. show: one run, by the beginning of its id. trend: a line of heights a series, where WHAT is a "
        "problem, whole or in part (gemm:m=512,n=4096), the name of a row in a suite, the beginning of a key "
        "(hex), or a row's id. changes: changes of level, of WHAT or of everything, found by circular binary "
        "segmentation of ranks over 8 to 1,000 runs, with date, run, commit, size and interval, and what "
        "else "
        "changed between the two runs. A series is one key on one subject, one card in one host, by one "
        "clock; simulated devices have series of their own. SQLite is opened at run time; STEELYARD_SQLITE "
        "names another libsqlite3.so.0."},
    {"report", SY_VERB_REPORT, 1, SIZE_MAX, "FILE...", "result files in the formats of other programs",
        "FILE is a record, or the data.js that github-action-benchmark keeps. The rows of all files are one "
        "list; a row that is in several is written once. The format is that of "
        "--format, else the one that the name of the output ends in: .md, .csv, .junit.xml or .xml, "
        ".gbench.json, .smaller.json and .bigger.json (for github-action-benchmark), .bmf.json (Bencher), "
        ".bench.txt or .txt (Go's benchmarks), .prom (OpenMetrics), .html. A file takes its place as a "
        "whole. "
        "The page (.html) is one file for people, English or Chinese (--lang), without any request to a "
        "network: "
        "its first sheet is for who buys, everything else is below; --price, --electricity and --carbon add "
        "cost "
        "from your own figures. "
        "Markdown is also appended to the page of a GitHub job, where there is one, unless --step-summary "
        "off. "
        "Rows of simulated devices are marked; rows without a time say why, or are left out where the format "
        "has no place for them, which is then said."},
    {"plugin", SY_VERB_PLUGIN, 2, 2, "check FILE|NAME",
        "check a backend against all that the plugin ABI asks",
        "FILE is a plugin (a path), NAME a backend that is built in or found. Each check is a row: the file, "
        "its "
        "devices, memory, queues, timers, every algorithm of every op and type against the definition, "
        "declared "
        "math, refusals, sensors, threads, leaks. They run in processes of their own: a crash or a hang "
        "costs one "
        "row. --device chooses among the backend's devices (default: the first). Exit status 0: none failed; "
        "1: one "
        "did; 77: nothing could be run."},
    {"help", SY_VERB_HELP, 0, 1, "[VERB]", "explain the program or one verb",
        "With --man the manual page as roff, with --completion what bash needs to complete our words."},
};

static const sy_question questions[] = {
    {"help", 'h', SY_ACTION_HELP, 0, "explain the program, or the verb that is given"},
    {"version", 'V', SY_ACTION_VERSION, 0, "print the version"},
    {"man", '\0', SY_ACTION_MAN, SY_VERB_HELP, "write the manual page (roff)"},
    {"completion", '\0', SY_ACTION_COMPLETION, SY_VERB_HELP, "write what bash needs to complete our words"},
};

const sy_question *sy_question_table(size_t *out_count) {
    *out_count = sizeof questions / sizeof questions[0];
    return questions;
}

const sy_verb *sy_verb_table(size_t *out_count) {
    *out_count = sizeof verbs / sizeof verbs[0];
    return verbs;
}

const sy_verb *sy_verb_find(const char *name) {
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        if (strcmp(verbs[i].name, name) == 0) {
            return &verbs[i];
        }
    }
    return NULL;
}

const sy_verb *sy_verb_by_number(uint32_t verb) {
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        if (verbs[i].verb == verb) {
            return &verbs[i];
        }
    }
    return NULL;
}
