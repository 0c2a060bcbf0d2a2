/* The words of choices. */
#include "bench/cli/option_choices.h"

#include "bench/traffic/traffic.h"
#include "steelyard/spec.h"

const sy_choice sy_math_choice[] = {{"strict", SY_MATH_STRICT, 0}, {"tf32", SY_MATH_TF32, 0},
    {"hf32", SY_MATH_HF32, 0}, {"bf16x3", SY_MATH_BF16X3, 0}, {"any", SY_MATH_ANY, 0}, {NULL, 0, 0}};
const sy_choice sy_weights_choice[] = {
    {"const", SY_WEIGHTS_CONST, 0}, {"dynamic", SY_WEIGHTS_DYNAMIC, 0}, {NULL, 0, 0}};
const sy_choice sy_layout_choice[] = {
    {"any", SY_IMAGE_ANY, 0}, {"nhwc", SY_IMAGE_NHWC, 0}, {"nchw", SY_IMAGE_NCHW, 0}, {NULL, 0, 0}};
const sy_choice sy_cache_choice[] = {
    {"weights", SY_CACHE_WEIGHTS, 0}, {"hot", SY_CACHE_HOT, 0}, {"cold", SY_CACHE_COLD, 0}, {NULL, 0, 0}};
const sy_choice sy_launch_choice[] = {
    {"direct", SY_LAUNCH_DIRECT, 0}, {"graph", SY_LAUNCH_GRAPH, 0}, {NULL, 0, 0}};
const sy_choice sy_data_choice[] = {{"uniform", SY_DATA_UNIFORM, 0}, {"normal", SY_DATA_NORMAL, 0},
    {"integer", SY_DATA_INTEGER, 0}, {"zeros", SY_DATA_ZEROS, 0}, {NULL, 0, 0}};
const sy_choice sy_check_choice[] = {
    {"full", SY_CHECK_FULL, 0}, {"sample", SY_CHECK_SAMPLE, 0}, {"off", SY_CHECK_OFF, 0}, {NULL, 0, 0}};
const sy_choice sy_tuned_choice[] = {
    {"on", SY_TUNED_ON, 0}, {"off", SY_TUNED_OFF, 0}, {"search", SY_TUNED_SEARCH, SY_VERB_RUN}, {NULL, 0, 0}};
const sy_choice sy_quantity_choice[] = {{"time", SY_OF_TIME, 0}, {"energy", SY_OF_ENERGY, 0}, {NULL, 0, 0}};
const sy_choice sy_by_choice[] = {{"file", SY_BY_FILE, 0}, {"device", SY_BY_DEVICE, 0},
    {"card", SY_BY_CARD, 0}, {"pair", SY_BY_PAIR, 0}, {NULL, 0, 0}};
const sy_choice sy_isolation_choice[] = {
    {"process", SY_ISOLATION_PROCESS, 0}, {"none", SY_ISOLATION_NONE, 0}, {NULL, 0, 0}};
const sy_choice sy_format_choice[] = {{"auto", SY_FORMAT_AUTO, 0}, {"summary", SY_FORMAT_SUMMARY, SHOWN},
    {"table", SY_FORMAT_TABLE, SHOWN | SY_VERB_COMPARE}, {"jsonl", SY_FORMAT_JSONL, SHOWN | SY_VERB_COMPARE},
    {"csv", SY_FORMAT_CSV, 0}, {"json", SY_FORMAT_JSON, SHOWN | SY_VERB_COMPARE},
    {"markdown", SY_FORMAT_MARKDOWN, SY_VERB_REPORT | SY_VERB_COMPARE},
    {"junit", SY_FORMAT_JUNIT, SY_VERB_REPORT | SY_VERB_COMPARE},
    {"google-benchmark", SY_FORMAT_GOOGLE_BENCHMARK, SY_VERB_REPORT},
    {"github-smaller", SY_FORMAT_GITHUB_SMALLER, SY_VERB_REPORT},
    {"github-bigger", SY_FORMAT_GITHUB_BIGGER, SY_VERB_REPORT},
    {"bencher", SY_FORMAT_BENCHER, SY_VERB_REPORT}, {"go-benchmark", SY_FORMAT_GO_BENCHMARK, SY_VERB_REPORT},
    {"openmetrics", SY_FORMAT_OPENMETRICS, SY_VERB_REPORT}, {"html", SY_FORMAT_HTML, SY_VERB_REPORT},
    {NULL, 0, 0}};
const sy_choice sy_scenario_choice[] = {{"single-stream", SY_SCENARIO_SINGLE_STREAM, 0},
    {"multi-stream", SY_SCENARIO_MULTI_STREAM, 0}, {"server", SY_SCENARIO_SERVER, 0},
    {"offline", SY_SCENARIO_OFFLINE, 0}, {NULL, 0, 0}};
const sy_choice sy_summary_choice[] = {{"on", SY_SUMMARY_ON, 0}, {"off", SY_SUMMARY_OFF, 0}, {NULL, 0, 0}};
const sy_choice sy_lang_choice[] = {
    {"auto", SY_LANG_AUTO, 0}, {"en", SY_LANG_ENGLISH, 0}, {"zh", SY_LANG_CHINESE, 0}, {NULL, 0, 0}};
