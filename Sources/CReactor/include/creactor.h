#pragma once
/* Calls of Linux that Swift's Glibc module does not declare. Names keep the call's own, after a prefix. */
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/types.h>

/* epoll_pwait2(2) with a time-out in nanoseconds; below zero waits for ever. */
int faultline_epoll_wait(int epoll, struct epoll_event *events, int capacity, int64_t timeout_ns);

/* accept4(2), non-blocking and close-on-exec. */
int faultline_accept(int listener);

/* recv(2), and send(2) with MSG_NOSIGNAL. libc's own allow for the thread to be cancelled in them, which costs as much as
   copying a small message; nobody cancels threads here. */
ssize_t faultline_receive(int socket, void *buffer, size_t capacity);
ssize_t faultline_transmit(int socket, const void *bytes, size_t count);

/* splice(2), SPLICE_F_MOVE and SPLICE_F_NONBLOCK, no offsets. */
ssize_t faultline_splice(int from, int to, size_t count);

/* Bytes that the peer's system has not acknowledged (ioctl SIOCOUTQ); 0 for Unix sockets, whose peers have all at once. */
int faultline_unsent(int socket);

/* pipe2(2), non-blocking and close-on-exec, with room for `capacity` bytes where the system allows it. */
int faultline_pipe(int ends[2], int capacity);

/* eventfd(2), non-blocking and close-on-exec; ring adds one to it, silence sets it to zero. */
int faultline_bell(void);
void faultline_bell_ring(int bell);
void faultline_bell_silence(int bell);

/* Names the calling thread, in at most 15 bytes. */
void faultline_name_thread(const char *name);

/* Sets the calling thread's timer slack (prctl PR_SET_TIMERSLACK), in nanoseconds. */
int faultline_timer_slack(unsigned long slack_ns);
