#define _GNU_SOURCE
#include "creactor.h"

#include <fcntl.h>
#include <linux/sockios.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int faultline_epoll_wait(int epoll, struct epoll_event *events, int capacity, int64_t timeout_ns) {
    if (timeout_ns < 0) return epoll_wait(epoll, events, capacity, -1);
    if (timeout_ns == 0) return epoll_wait(epoll, events, capacity, 0);
    struct timespec timeout = {timeout_ns / 1000000000, timeout_ns % 1000000000};
    return epoll_pwait2(epoll, events, capacity, &timeout, NULL);
}

int faultline_accept(int listener) { return accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC); }

ssize_t faultline_receive(int socket, void *buffer, size_t capacity) {
    return syscall(SYS_recvfrom, socket, buffer, capacity, 0, NULL, NULL);
}

ssize_t faultline_transmit(int socket, const void *bytes, size_t count) {
    return syscall(SYS_sendto, socket, bytes, count, MSG_NOSIGNAL, NULL, 0);
}

ssize_t faultline_splice(int from, int to, size_t count) {
    return splice(from, NULL, to, NULL, count, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
}

int faultline_pipe(int ends[2], int capacity) {
    if (pipe2(ends, O_NONBLOCK | O_CLOEXEC) != 0) return -1;
    (void)fcntl(ends[1], F_SETPIPE_SZ, capacity);
    return 0;
}

int faultline_bell(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

void faultline_bell_ring(int bell) { (void)eventfd_write(bell, 1); }

void faultline_bell_silence(int bell) {
    eventfd_t count;
    (void)eventfd_read(bell, &count);
}

void faultline_name_thread(const char *name) { (void)pthread_setname_np(pthread_self(), name); }

int faultline_timer_slack(unsigned long slack_ns) { return prctl(PR_SET_TIMERSLACK, slack_ns, 0, 0, 0); }

int faultline_unsent(int socket) {
    int domain = 0, count = 0;
    socklen_t length = sizeof domain;
    if (getsockopt(socket, SOL_SOCKET, SO_DOMAIN, &domain, &length) != 0 || domain == AF_UNIX) return 0;
    return ioctl(socket, SIOCOUTQ, &count) == 0 ? count : 0;
}
