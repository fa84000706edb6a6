#pragma once
#include <sys/types.h>

/// Starts /bin/sh with `argv` and `envp` in a new session: `folder` is its working directory, `input` its standard input, `log` is
/// appended to by its output, no other descriptor is passed on, and signals are as a shell would have them.
/// Returns 0 and the process id, or an errno.
int cstack_spawn_session(char *const argv[], char *const envp[], const char *folder, const char *log, int input, pid_t *id);
