/*
 * The limits of a round trip between two processes: kind=shared-line, both spin on a word; kind=futex, both sleep in the
 * kernel; kind=pipe, 64 bytes each way. The kinds that sleep pause before each round trip, so that the other side sleeps.
 * Nanoseconds when spinning, microseconds when sleeping. Options: kind, millis.
 */
#include "futex.h"

#define PAUSE_NANOS 100000
#define MESSAGE 64
#define STOP UINT32_MAX

typedef struct {
    _Alignas(LINE) _Atomic uint32_t word;
} line;

typedef struct {
    void (*send)(int side, uint32_t value);
    uint32_t (*receive)(int side, uint32_t last);
    int sleeps;
} kind;

static line *lines; /* of side 0 and side 1; each side writes its own line only */
static int pipes[2][2];

static void send_line(int side, uint32_t value) { atomic_store_explicit(&lines[side].word, value, memory_order_release); }

static uint32_t receive_line(int side, uint32_t last) {
    uint32_t value;
    while ((value = atomic_load_explicit(&lines[1 - side].word, memory_order_acquire)) == last) relax();
    return value;
}

static void send_futex(int side, uint32_t value) {
    atomic_store(&lines[side].word, value);
    futex_wake(&lines[side].word, 1);
}

static uint32_t receive_futex(int side, uint32_t last) {
    uint32_t value;
    while ((value = atomic_load(&lines[1 - side].word)) == last) futex_wait(&lines[1 - side].word, last);
    return value;
}

static void send_pipe(int side, uint32_t value) {
    uint32_t message[MESSAGE / 4] = {value};
    expect("bytes written to the pipe", MESSAGE, write(pipes[side][1], message, MESSAGE));
}

static uint32_t receive_pipe(int side, uint32_t last) {
    uint32_t message[MESSAGE / 4];
    (void)last;
    expect("bytes read from the pipe", MESSAGE, read(pipes[1 - side][0], message, MESSAGE));
    return message[0];
}

static kind kind_of(const char *name) {
    if (!strcmp(name, "shared-line")) return (kind){send_line, receive_line, 0};
    if (!strcmp(name, "futex")) return (kind){send_futex, receive_futex, 1};
    if (!strcmp(name, "pipe")) return (kind){send_pipe, receive_pipe, 1};
    fail("unknown kind %s", name);
}

static void echo(kind k) {
    uint32_t value = 0;
    while ((value = k.receive(1, value)) != STOP) k.send(1, value);
    _exit(0);
}

static uint32_t round_trips(kind k, uint32_t value, int64_t nanos, samples *times) {
    int64_t start = now_nanos(), now = start;
    while (now - start < nanos) {
        int64_t sent = k.sleeps ? spin_nanos(PAUSE_NANOS) : now;
        k.send(0, ++value);
        expect("echo", value, k.receive(0, value - 1));
        now = now_nanos();
        if (times) add_sample(times, k.sleeps ? (now - sent) / 1e3 : now - sent);
    }
    return value;
}

int main(int argc, char **argv) {
    read_options(argc, argv);
    kind k = kind_of(text_option("kind", NULL));
    samples times = {0};
    lines = shared_memory(2 * sizeof *lines);
    for (int i = 0; i < 2; i++) check(pipe(pipes[i]), "pipe");
    pid_t other = fork_worker();
    if (!other) echo(k);
    uint32_t value = round_trips(k, 0, warm_up_nanos(1), NULL);
    value = round_trips(k, value, measure_nanos(1), &times);
    k.send(0, STOP);
    await_worker(other);
    report("", &times, -1, 2, -1);
    return verified();
}
