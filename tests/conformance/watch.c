/*
 * Each name of the list (written by CMake from the tables) is wrapped by the linker (--wrap): the table then
 * holds the address of a few instructions that leave a mark and go on to the function itself. They know
 * nothing of its arguments, so one text serves all.
 */
#include "tests/conformance/watch.h"

#include <stddef.h>

#define ENTRY(name)                                                                                          \
    ".pushsection watched, \"aw\", %progbits\n.balign 8\n"                                                   \
    ".Lwatched_" #name ": .quad __wrap_" #name ", .Lname_" #name ", 0\n.popsection\n"                        \
    ".pushsection .rodata\n.Lname_" #name ": .string \"" #name "\"\n.popsection\n"                           \
    ".text\n.balign 16\n.globl __wrap_" #name "\n.hidden __wrap_" #name "\n"                                 \
    ".type __wrap_" #name ", %function\n__wrap_" #name ":\n"

#if defined(__x86_64__)
#define WATCH(name)                                                                                          \
    __asm__(ENTRY(name) "endbr64\nmovq $1, .Lwatched_" #name "+16(%rip)\njmp __real_" #name "\n");
#elif defined(__aarch64__)
/* x16 and x17 are free at a call. */
#define WATCH(name)                                                                                          \
    __asm__(ENTRY(name) "adrp x16, .Lwatched_" #name "\nadd x16, x16, :lo12:.Lwatched_" #name                \
                        "\nmov x17, #1\nstr x17, [x16, #16]\nb __real_" #name "\n");
#endif

#if defined(WATCH)
#include "watched.inc"

/* Bounds that the linker gives a section. */
extern watched __start_watched[], __stop_watched[];

static watched *first(void) {
    return __start_watched;
}

static watched *end(void) {
    return __stop_watched;
}
#else
static watched *first(void) {
    return NULL;
}

static watched *end(void) {
    return NULL;
}
#endif

watched *watch_find(watched_fn *function) {
    for (watched *one = first(); one != end(); one++)
        if (one->function == function)
            return one;
    return NULL;
}

void watch_begin(void) {
    for (watched *one = first(); one != end(); one++)
        one->calls = 0;
}

bool watch_was_called(const watched *one) {
    return one != NULL && *(const volatile uint64_t *)&one->calls != 0;
}
