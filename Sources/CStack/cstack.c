#define _GNU_SOURCE
#include "cstack.h"
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>

int cstack_spawn_session(char *const argv[], char *const envp[], const char *folder, const char *log, int input, pid_t *id) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t all, none;
    int result = posix_spawn_file_actions_init(&actions);
    if (result) return result;
    result = posix_spawnattr_init(&attributes);
    if (result) goto actions;

    if ((result = posix_spawn_file_actions_adddup2(&actions, input, 0))) goto all;
    if ((result = posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0644))) goto all;
    if ((result = posix_spawn_file_actions_adddup2(&actions, 1, 2))) goto all;
    if ((result = posix_spawn_file_actions_addchdir_np(&actions, folder))) goto all;
    if ((result = posix_spawn_file_actions_addclosefrom_np(&actions, 3))) goto all;

    sigfillset(&all);
    sigemptyset(&none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    result = posix_spawn(id, "/bin/sh", &actions, &attributes, argv, envp);
all:
    posix_spawnattr_destroy(&attributes);
actions:
    posix_spawn_file_actions_destroy(&actions);
    return result;
}
