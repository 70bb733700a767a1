/*
 * The limit of pumping: NuProcess's own benchmark with epoll, two threads and pipes of 1 MiB. Each of "processes" cats gets 100
 * writes of 60 000 bytes and is read until the end of its output. Every byte is compared; the Adler-32 of the input is the
 * published one. Options: processes, rounds, writes (to each cat, if not 100).
 */
#include "bench.h"
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <sys/epoll.h>

#define THREADS 2
#define PIPE_BYTES (1 << 20)
#define CHUNK 60000
#define PUBLISHED_CHUNKS 100
#define PUBLISHED_ADLER32 4237270634U
#define PERIOD 10
#define READ_BYTES (1 << 20)
#define EVENTS 256
#define WARM_UP_PROCESSES 10
#define WARM_UP_ROUNDS 2

extern char **environ;

static int64_t total; /* bytes through each cat */
static char data[READ_BYTES + PERIOD]; /* "12345678901234..." */

typedef struct {
    pid_t pid;
    int input, output;
    int64_t written, read;
} cat;

static uint32_t adler32_of_all(void) {
    uint32_t a = 1, b = 0;
    for (int64_t i = 0; i < total; i++) {
        a = (a + (unsigned char)data[i % PERIOD]) % 65521;
        b = (b + a) % 65521;
    }
    return b << 16 | a;
}

static void start(cat *c) {
    static char *const command[] = {"/bin/cat", NULL};
    int in[2], out[2];
    posix_spawn_file_actions_t actions;
    check(pipe2(in, O_CLOEXEC), "pipe2");
    check(pipe2(out, O_CLOEXEC), "pipe2");
    fcntl(in[1], F_SETPIPE_SZ, PIPE_BYTES); /* stays at 64 KiB beyond the user's quota */
    fcntl(out[1], F_SETPIPE_SZ, PIPE_BYTES);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], 0);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    int error = posix_spawn(&c->pid, command[0], &actions, NULL, command, environ);
    if (error) fail("posix_spawn: %s", strerror(error));
    posix_spawn_file_actions_destroy(&actions);
    close(in[0]);
    close(out[1]);
    fcntl(in[1], F_SETFL, O_NONBLOCK);
    fcntl(out[0], F_SETFL, O_NONBLOCK);
    *c = (cat){.pid = c->pid, .input = in[1], .output = out[0]};
}

static void watch(int epoll, int descriptor, uint32_t events, uint64_t key) {
    struct epoll_event event = {.events = events, .data.u64 = key};
    check(epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event), "epoll_ctl");
}

/* A child that the other thread is launching has the file open too, until its exec: closing it would not remove the watch. */
static void unwatch(int epoll, int descriptor) {
    check(epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, NULL), "epoll_ctl");
    close(descriptor);
}

static void write_some(int epoll, cat *c) {
    int64_t offset = c->written % CHUNK;
    ssize_t count = write(c->input, data + offset, CHUNK - offset);
    if (count < 0 && errno != EAGAIN) fail("write: %s", strerror(errno));
    if (count > 0) c->written += count;
    if (c->written == total) unwatch(epoll, c->input);
}

/* Reads and returns whether the output has ended. */
static int read_some(cat *c, char *buffer) {
    ssize_t count = read(c->output, buffer, READ_BYTES);
    if (count < 0 && errno != EAGAIN) fail("read: %s", strerror(errno));
    if (count > 0) {
        if (memcmp(buffer, data + c->read % PERIOD, count)) fail("an echo differs from the input");
        c->read += count;
    }
    return count == 0;
}

static void finish(int epoll, cat *c) {
    int status;
    unwatch(epoll, c->output);
    check(waitpid(c->pid, &status, 0), "waitpid");
    expect("exit status of cat", 0, status);
    expect("bytes echoed", total, c->read);
}

static void *pump(void *count) {
    int processes = *(int *)count, living = processes, epoll = check(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
    cat *cats = calloc(processes, sizeof *cats);
    char *buffer = malloc(READ_BYTES);
    struct epoll_event events[EVENTS];
    for (int i = 0; i < processes; i++) {
        start(&cats[i]);
        watch(epoll, cats[i].output, EPOLLIN, (uint64_t)i << 1);
    }
    for (int i = 0; i < processes; i++) watch(epoll, cats[i].input, EPOLLOUT, (uint64_t)i << 1 | 1);
    while (living > 0) {
        int ready = epoll_wait(epoll, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            cat *c = &cats[events[i].data.u64 >> 1];
            if (events[i].data.u64 & 1) {
                write_some(epoll, c);
            } else if (read_some(c, buffer)) {
                finish(epoll, c);
                living--;
            }
        }
    }
    close(epoll);
    free(cats);
    free(buffer);
    return NULL;
}

static double pump_millis(int processes) {
    pthread_t threads[THREADS];
    int shares[THREADS];
    int64_t start = now_nanos();
    for (int i = 0; i < THREADS; i++) {
        shares[i] = processes / THREADS + (i < processes % THREADS);
        pthread_create(&threads[i], NULL, pump, &shares[i]);
    }
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    return (now_nanos() - start) / 1e6;
}

int main(int argc, char **argv) {
    read_options(argc, argv);
    samples millis = {0};
    for (size_t i = 0; i < sizeof data; i++) data[i] = "1234567890"[i % PERIOD];
    int64_t writes = number_option("writes", PUBLISHED_CHUNKS);
    total = writes * CHUNK;
    if (writes == PUBLISHED_CHUNKS) expect("Adler-32 of what is written", PUBLISHED_ADLER32, adler32_of_all());
    for (int i = 0; i < WARM_UP_ROUNDS; i++) pump_millis(WARM_UP_PROCESSES);
    double cpu = cpu_seconds(RUSAGE_SELF);
    for (int i = 0; i < number_option("rounds", 1); i++)
        add_sample(&millis, pump_millis(number_option("processes", 100)));
    report("", &millis, cpu_seconds(RUSAGE_SELF) - cpu, THREADS, -1);
    return verified();
}
