/*
 * ONNX's own test cases as the judge of import, shapes and operators. Each runs in a process of its own with
 * a time limit: none may crash or hang, whether its operators are done or not; of the cases whose operators
 * are all named in onnx_cases.txt, at least 98 % pass.
 *
 * onnx_cases LIST FOLDER [-c] [-v] [CASE...]: FOLDER has node/, simple/ ...; 77: it is not there. -c:
 * compiled for the processor instead of operator by operator. -v: also tell of cases that do not count.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/model/case.h"
#include "tests/model/list.h"
#include "tests/support/slow.h"

#define SHARE_WANTED 0.98
#define CASES_MAX 4096u
#define SKIPPED 77

/* Verdicts beyond those of a case that came back. */
enum { CRASHED = CASE_REFUSED + 1, VERDICTS };

/* What is asked for on the command line. */
typedef struct cases_request {
    case_list list;
    bool is_compiled, is_loud;
} cases_request;

/* named: cases that count; listed: cases that are not expected to pass, surprising: those of them that do. */
typedef struct case_tally {
    unsigned all[VERDICTS], named[VERDICTS], listed, surprising;
} case_tally;

typedef struct case_report {
    int verdict;
    char reason[CASE_REASON_MAX];
} case_report;

static unsigned seconds_allowed(void) {
    return 30u * (unsigned)slow_step(SLOW_ADDRESS | SLOW_THREAD | SLOW_EMULATOR, 10);
}

/* A child runs the case and writes its report into a pipe; without a report it crashed. */
static case_report run_apart(const char *folder, bool is_compiled) {
    case_report report = {.verdict = CRASHED};
    int ends[2];
    fflush(NULL);
    if (pipe(ends) != 0)
        abort();
    pid_t child = fork();
    if (child < 0)
        abort();
    if (child == 0) {
        close(ends[0]);
        alarm(seconds_allowed());
        report.verdict = (int)case_run(folder, is_compiled, ONNX_TOLERANCE, report.reason);
        ssize_t put = write(ends[1], &report, sizeof report);
        _exit(put == (ssize_t)sizeof report ? 0 : 1);
    }
    close(ends[1]);
    ssize_t got = read(ends[0], &report, sizeof report);
    close(ends[0]);
    int state = 0;
    waitpid(child, &state, 0);
    if (got != (ssize_t)sizeof report || state != 0) {
        report.verdict = CRASHED;
        snprintf(report.reason, sizeof report.reason, "ended by %s %d",
            WIFSIGNALED(state) ? "signal" : "status",
            WIFSIGNALED(state) ? WTERMSIG(state) : WEXITSTATUS(state));
    }
    return report;
}

static void judge(const cases_request *request, const char *folder, const char *name, case_tally *tally) {
    const case_list *list = &request->list;
    static const char *const words[VERDICTS] = {"passed", "wrong", "refused", "CRASHED"};
    char path[2048];
    snprintf(path, sizeof path, "%s/model.onnx", folder);
    size_t row = list_find(list, name);
    bool is_listed = row < list->n_listed;
    bool counts = list_names_all_of(list, path) && !(is_listed && list->is_other[row]);
    case_report report = run_apart(folder, request->is_compiled);
    bool has_passed = report.verdict == CASE_PASSED;
    tally->all[report.verdict]++;
    tally->named[report.verdict] += counts;
    tally->listed += is_listed;
    tally->surprising += is_listed && has_passed;
    if (is_listed && has_passed)
        printf("%-8s %s: it passes, but is listed (%s)\n", "listed", name, list->reason[row]);
    if (!has_passed && (request->is_loud || counts || report.verdict == CRASHED))
        printf("%-8s %s%s: %s%s%s\n", words[report.verdict], name, counts ? "" : " (does not count)",
            is_listed ? list->reason[row] : "", is_listed ? ": " : "", report.reason);
}

static int by_name(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* All cases of one folder, in the order of their names; compiled and with a sanitizer each third. */
static void judge_folder(const cases_request *request, const char *folder, case_tally *tally) {
    static char *names[CASES_MAX];
    const size_t step =
        request->is_compiled ? (size_t)slow_step(SLOW_ADDRESS | SLOW_THREAD | SLOW_EMULATOR, 3) : 1;
    size_t count = 0;
    DIR *open = opendir(folder);
    for (struct dirent *entry; open != NULL && (entry = readdir(open)) != NULL;)
        if (strncmp(entry->d_name, "test_", 5) == 0 && count < CASES_MAX)
            names[count++] = strdup(entry->d_name);
    if (open != NULL)
        closedir(open);
    qsort(names, count, sizeof names[0], by_name);
    for (size_t i = 0; i < count; i++) {
        char path[2048];
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        if (i % step == 0)
            judge(request, path, names[i], tally);
        free(names[i]);
    }
}

static unsigned sum(const unsigned counts[VERDICTS]) {
    unsigned all = 0;
    for (int i = 0; i < VERDICTS; i++)
        all += counts[i];
    return all;
}

static int conclude(const case_tally *tally) {
    unsigned named = sum(tally->named), all = sum(tally->all);
    double share = named > 0 ? (double)tally->named[CASE_PASSED] / named : 0;
    printf("%u of %u cases passed; %u wrong, %u refused, %u crashed; %u are listed\n",
        tally->all[CASE_PASSED], all, tally->all[CASE_WRONG], tally->all[CASE_REFUSED], tally->all[CRASHED],
        tally->listed);
    printf("%u of %u cases of named operators passed: %.2f %%, must be %.0f %%\n", tally->named[CASE_PASSED],
        named, 100 * share, 100 * SHARE_WANTED);
    return share >= SHARE_WANTED && tally->all[CRASHED] == 0 && tally->surprising == 0 ? 0 : 1;
}

int main(int argc, char **argv) {
    static const char *const sets[] = {"node", "pytorch-converted", "pytorch-operator", "simple"};
    static cases_request request;
    case_tally tally = {0};
    if (argc < 3 || !list_read(argv[1], &request.list))
        return 2;
    if (access(argv[2], X_OK) != 0) {
        printf("skipped: there is no %s (Debian: libonnx-testdata)\n", argv[2]);
        return SKIPPED;
    }
    int at = 3;
    for (; at < argc && argv[at][0] == '-'; at++) {
        request.is_compiled = request.is_compiled || strcmp(argv[at], "-c") == 0;
        request.is_loud = request.is_loud || strcmp(argv[at], "-v") == 0;
    }
    bool is_whole = at == argc;
    request.is_loud = request.is_loud || !is_whole;
    for (; at < argc; at++) {
        const char *slash = strrchr(argv[at], '/');
        judge(&request, argv[at], slash != NULL ? slash + 1 : argv[at], &tally);
    }
    for (size_t i = 0; is_whole && i < sizeof sets / sizeof sets[0]; i++) {
        char folder[1024];
        snprintf(folder, sizeof folder, "%s/%s", argv[2], sets[i]);
        judge_folder(&request, folder, &tally);
    }
    return conclude(&tally);
}
