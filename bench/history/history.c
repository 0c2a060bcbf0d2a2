/* Opening a history: its place, its folder, its version. */
#include "bench/history/history.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bench/history/inside.h"
#include "bench/history/schema.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

bool sy_history_default_path(sy_history_variable *variable, void *ctx, char out_path[SY_HISTORY_PATH_MAX]) {
    const char *data = variable(ctx, "XDG_DATA_HOME"), *home = variable(ctx, "HOME");
    int length = 0;
    if (data != NULL && data[0] == '/')
        length = snprintf(out_path, SY_HISTORY_PATH_MAX, "%s/steelyard/history.db", data);
    else if (home != NULL && home[0] == '/')
        length = snprintf(out_path, SY_HISTORY_PATH_MAX, "%s/.local/share/steelyard/history.db", home);
    bool fits = length > 0 && (size_t)length < SY_HISTORY_PATH_MAX;
    if (!fits)
        out_path[0] = '\0';
    return fits;
}

/* Every folder above the file that is not there yet. */
static sy_status make_folders(const char *path, sy_error *err) {
    char folder[SY_HISTORY_PATH_MAX];
    if (strlen(path) >= sizeof folder)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "path of the history: over %zu bytes", sizeof folder);
    strcpy(folder, path);
    for (char *slash = strchr(folder + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (sy_folder_make(folder, 0700) != 0 && errno != EEXIST)
            return sy_error_io(err, "%s", folder);
        *slash = '/';
    }
    return SY_OK;
}

static sy_status open_database(sy_history *history, const sy_history_place *place, sy_error *err) {
    sy_database *database = &history->database;
    sy_status status = SY_OK;
    if (place->path == NULL || place->path[0] == '\0')
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "no place for a history: neither XDG_DATA_HOME nor HOME is an absolute folder; give one with "
            "--db");
    if (!place->is_readonly)
        status = make_folders(place->path, err);
    if (status == SY_OK)
        status = sy_database_open(place->path, place->library, place->is_readonly, database, err);
    if (status == SY_OK)
        status = sy_schema_migrate(database, &sy_history_schema, err);
    if (status == SY_OK && !place->is_readonly)
        status = sy_database_keep_log(database, err);
    return status;
}

sy_status sy_history_open(const sy_history_place *place, sy_history **out_history, sy_error *err) {
    *out_history = NULL;
    sy_history *history = sy_mem_calloc(1, sizeof *history);
    if (history == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the history");
    sy_status status = open_database(history, place, err);
    if (status != SY_OK)
        sy_history_close(history);
    else
        *out_history = history;
    return status;
}

void sy_history_close(sy_history *history) {
    if (history == NULL)
        return;
    sy_query_close(&history->noise_series);
    sy_query_close(&history->noise_points);
    sy_database_close(&history->database);
    sy_mem_free(history);
}
