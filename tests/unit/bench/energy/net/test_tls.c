/* HTTPS against a server whose certificate is of an authority made for the test: trusted, not trusted, wrong
 * name; and Redfish with a name and a password through it. Skipped (77) where openssl or Python's ssl is
 * missing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "bench/energy/net/curl.h"
#include "bench/energy/net/http.h"
#include "bench/energy/net_sources.h"

#define LONG_NS 30000000000u
#define CHASSIS "/redfish/v1/Chassis"

static char folder[] = "/tmp/steelyard-tls-XXXXXX";
static char port[16], ca_file[64], secret_file[64];
static const sy_net_secret secret = {.user = "root", .password = "hunter2", .is_set = true};

static sy_status get(const char *host, const char *ca, bool is_insecure, sy_text *body, sy_error *err) {
    char base[64];
    sy_http *http = NULL;
    snprintf(base, sizeof base, "https://%s:%s", host, port);
    const sy_http_options options = {
        .base = base, .secret = &secret, .ca_file = ca, .is_insecure = is_insecure, .timeout_ns = LONG_NS};
    assert_int_equal(sy_http_open(&options, &http, err), SY_OK);
    sy_status status = sy_http_get(http, CHASSIS, body, err);
    if (status == SY_REFUSED)
        assert_non_null(strstr(sy_http_fix(http), "cafile"));
    sy_http_close(http);
    return status;
}

static void trust_has_to_be_given(void **state) {
    sy_text body = {0};
    sy_error err = SY_ERROR_INIT;
    (void)state;
    sy_status status = get("localhost", ca_file, false, &body, &err);
    if (status != SY_OK)
        print_message("%s\n", err.text);
    assert_int_equal(status, SY_OK);
    assert_non_null(strstr(body.data, "Members"));
    sy_text_clear(&body);
    assert_int_equal(get("localhost", NULL, false, &body, &err), SY_REFUSED);
    assert_non_null(strstr(err.text, "certificate"));
    assert_int_equal(get("localhost", "/no/such/file", false, &body, NULL), SY_REFUSED);
    assert_int_equal(get("127.0.0.1", ca_file, false, &body, NULL), SY_REFUSED);
    assert_int_equal(body.length, 0);
    assert_int_equal(get("127.0.0.1", NULL, true, &body, NULL), SY_OK);
    sy_text_release(&body);
}

static void find_one(const char *spec, const char *credentials, sy_energy_list *list) {
    const sy_energy_places places = {.credentials = credentials};
    assert_int_equal(sy_energy_redfish.find(&places, spec, list, NULL), SY_OK);
    assert_int_equal(list->count, 1);
}

static void redfish_by_password(void **state) {
    const sy_energy_places places = {.credentials = secret_file};
    char spec[128];
    sy_energy_list list = {0};
    sy_energy_meter *meter = NULL;
    double watt = 0.0;
    (void)state;
    snprintf(spec, sizeof spec, "https://localhost:%s;cafile=%s", port, ca_file);
    find_one(spec, secret_file, &list);
    assert_int_equal(list.found[0].state, SY_OK);
    assert_null(strstr(list.found[0].facts.detail, "insecure"));
    assert_int_equal(sy_energy_redfish.open(&places, &list.found[0], &meter, NULL), SY_OK);
    assert_int_equal(meter->read(meter, &watt, NULL), SY_OK);
    assert_true(watt == 374.0);
    meter->close(meter);
    sy_energy_list_release(&list);
    find_one(spec, NULL, &list);
    assert_int_equal(list.found[0].state, SY_REFUSED);
    assert_non_null(strstr(list.found[0].fix, "--energy-credentials"));
    sy_energy_list_release(&list);
    snprintf(spec, sizeof spec, "https://localhost:%s", port);
    find_one(spec, secret_file, &list);
    assert_int_equal(list.found[0].state, SY_REFUSED);
    assert_non_null(strstr(list.found[0].fix, "cafile"));
    sy_energy_list_release(&list);
    snprintf(spec, sizeof spec, "https://localhost:%s;insecure", port);
    find_one(spec, secret_file, &list);
    assert_int_equal(list.found[0].state, SY_OK);
    assert_non_null(strstr(list.found[0].facts.detail, "insecure"));
    sy_energy_list_release(&list);
}

/* The first line that the server prints, which may come in pieces. */
static bool read_port(int fd) {
    size_t length = 0;
    while (length < sizeof port - 1 && read(fd, port + length, 1) == 1 && port[length] != '\n')
        length++;
    bool is_whole = length > 0 && port[length] == '\n';
    port[length] = '\0';
    return is_whole;
}

/* Start the server; its input is *out_input. Returns its process, 0 if the test is to be skipped. */
static pid_t start_server(int *out_input) {
    int input[2], output[2], state;
    sy_curl curl;
    if (sy_curl_open(NULL, &curl, NULL) != SY_OK || getenv("TLS_PYTHON") == NULL || pipe(input) != 0 ||
        pipe(output) != 0)
        return 0;
    pid_t pid = fork();
    if (pid == 0) {
        dup2(input[0], STDIN_FILENO);
        dup2(output[1], STDOUT_FILENO);
        close(input[1]);
        close(output[0]);
        execl(getenv("TLS_PYTHON"), "python3", "-B", getenv("TLS_SERVER"), folder, (char *)NULL);
        _exit(77);
    }
    close(input[0]);
    close(output[1]);
    *out_input = input[1];
    bool has_port = pid > 0 && read_port(output[0]);
    close(output[0]);
    if (has_port)
        return pid;
    waitpid(pid, &state, 0);
    return 0;
}

static bool write_secret(void) {
    FILE *file = fopen(secret_file, "w");
    if (file == NULL)
        return false;
    fprintf(file, "localhost root hunter2\n");
    return fclose(file) == 0 && chmod(secret_file, 0600) == 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trust_has_to_be_given), cmocka_unit_test(redfish_by_password)};
    static const char *const names[] = {
        "ca.key", "ca.pem", "ca.srl", "host.key", "host.csr", "host.pem", "names", "secret"};
    int input = -1, failed = 77;
    if (mkdtemp(folder) == NULL)
        return 1;
    snprintf(ca_file, sizeof ca_file, "%s/ca.pem", folder);
    snprintf(secret_file, sizeof secret_file, "%s/secret", folder);
    pid_t pid = start_server(&input);
    if (pid == 0)
        puts("skipped: libcurl, Python's ssl and the program openssl are needed");
    else
        failed = write_secret() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
    close(input);
    if (pid > 0)
        waitpid(pid, NULL, 0);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[64];
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    rmdir(folder);
    return failed;
}
