/*
 * The limit of messages between two processes: one ring for each sender, cells of the size of a message. Each side caches the
 * position of the other; a sender publishes each message, or a batch at once; the receiver drains all available messages and
 * then releases their cells. A side that finds nothing polls again at once (variant spinning) or pauses 50 times first
 * (easing). With mode=throughput, millions of messages per second from "senders" processes to one; with mode=spinning,
 * nanoseconds for a message and its echo. Every message is checked as the class Message does. Options: mode, millis, bytes,
 * capacity, senders, batch.
 */
#include "bench.h"
#include <sched.h>

#define END (-1LL)
#define MAX_SENDERS 4
#define SEQUENCE_BITS 48
#define BURST 512
#define PHASE_NANOS 60000000LL
#define EASING_PAUSES 50
#define EMPTY_LOOKS_UNTIL_YIELD 20
#define VARIANTS 2

static const char *const VARIANT_NAMES[VARIANTS] = {"spinning", "easing"};

/* A ring: the line written by the sender, the line written by the receiver, the cells. */
typedef struct {
    _Alignas(LINE) _Atomic int64_t tail;
    int64_t head_seen;
    _Alignas(LINE) _Atomic int64_t head;
    int64_t tail_seen;
    _Alignas(LINE) char cells[];
} ring;

/* The words by which the receiving process starts and ends phases. */
typedef struct {
    _Alignas(LINE) _Atomic int phase;
    int variant;
    int64_t nanos;
    struct {
        _Alignas(LINE) _Atomic int done;
        int64_t sent;
        uint64_t checksum;
    } of_sender[MAX_SENDERS];
} control;

static int64_t cells, bytes, batch;
static int easing;
static control *shared;
static ring *rings[MAX_SENDERS];

static inline void wait_a_little(int *empty_looks) {
    if (!easing) {
        relax();
    } else if (++*empty_looks > EMPTY_LOOKS_UNTIL_YIELD) {
        sched_yield();
    } else {
        for (int i = 0; i < EASING_PAUSES; i++) relax();
    }
}

static ring *new_ring(void) { return shared_memory(sizeof(ring) + cells * bytes); }

static inline int64_t tail_of(int64_t head) { return (int64_t)((uint64_t)head * 0x9E3779B97F4A7C15ULL); }

static inline char *cell_of(ring *r, int64_t position) { return r->cells + (position & (cells - 1)) * bytes; }

/* Writes up to "count" messages with consecutive heads, publishes them at once and returns their number. */
static inline int64_t offer(ring *r, int64_t first_head, int64_t count, const char *payload) {
    int64_t tail = atomic_load_explicit(&r->tail, memory_order_relaxed);
    if (tail + count - r->head_seen > cells) {
        r->head_seen = atomic_load_explicit(&r->head, memory_order_acquire);
        int64_t room = cells - (tail - r->head_seen);
        if (count > room) count = room;
    }
    for (int64_t i = 0; i < count; i++) {
        char *cell = cell_of(r, tail + i);
        int64_t head = first_head + i, last = tail_of(head);
        memcpy(cell, payload, bytes);
        memcpy(cell, &head, sizeof head);
        memcpy(cell + bytes - sizeof last, &last, sizeof last);
    }
    if (count) atomic_store_explicit(&r->tail, tail + count, memory_order_release);
    return count;
}

static inline void send_all(ring *r, int64_t first_head, int64_t count, const char *payload) {
    int empty_looks = 0;
    while (count) {
        int64_t sent = offer(r, first_head, count, payload);
        first_head += sent;
        count -= sent;
        if (!sent) wait_a_little(&empty_looks);
    }
}

/* Returns the number of available messages. */
static inline int64_t available(ring *r, int64_t head) {
    if (r->tail_seen == head) r->tail_seen = atomic_load_explicit(&r->tail, memory_order_acquire);
    return r->tail_seen - head;
}

static inline int64_t head_at(ring *r, int64_t position) {
    int64_t head, last;
    char *cell = cell_of(r, position);
    memcpy(&head, cell, sizeof head);
    memcpy(&last, cell + bytes - sizeof last, sizeof last);
    if (last != tail_of(head)) fail("message %llx ends with %llx", (long long)head, (long long)last);
    return head;
}

/* --- Throughput ------------------------------------------------------------------------------------------------------- */

static void send_phases(int sender) {
    char payload[bytes];
    memset(payload, 'x', bytes);
    for (int phase = 1;; phase++) {
        int now;
        while ((now = atomic_load(&shared->phase)) < phase && now >= 0) usleep(50);
        if (now < 0) _exit(0);
        easing = shared->variant;
        int64_t start = now_nanos(), sequence = 0, base = (int64_t)sender << SEQUENCE_BITS;
        uint64_t sum = 0;
        do
            for (int64_t i = 0; i < BURST; i += batch, sequence += batch)
                send_all(rings[sender], base + sequence, batch, payload);
        while (now_nanos() - start < shared->nanos);
        for (int64_t i = 0; i < sequence; i++) sum += (uint64_t)(base + i);
        shared->of_sender[sender].sent = sequence;
        shared->of_sender[sender].checksum = sum;
        atomic_store(&shared->of_sender[sender].done, phase);
        send_all(rings[sender], END, 1, payload);
    }
}

/* Millions of messages per second. */
static double receive_phase(int senders, int variant, int64_t nanos) {
    static int phase;
    int64_t next[MAX_SENDERS] = {0}, messages = 0, sent = 0, first = 0;
    uint64_t checksum = 0, sums = 0;
    int ends = 0, empty_looks = 0;
    shared->variant = easing = variant;
    shared->nanos = nanos;
    atomic_store(&shared->phase, ++phase);
    while (ends < senders) {
        int64_t taken = 0;
        for (int s = 0; s < senders; s++) {
            ring *r = rings[s];
            int64_t head = atomic_load_explicit(&r->head, memory_order_relaxed), count = available(r, head);
            for (int64_t i = 0; i < count; i++) {
                int64_t message = head_at(r, head + i);
                if (message == END) {
                    ends++;
                    continue;
                }
                expect("head", ((int64_t)s << SEQUENCE_BITS) + next[s]++, message);
                checksum += (uint64_t)message;
                if (!messages++) first = now_nanos();
            }
            if (count) atomic_store_explicit(&r->head, head + count, memory_order_release);
            taken += count;
        }
        if (!taken)
            wait_a_little(&empty_looks);
        else
            empty_looks = 0;
    }
    int64_t last = now_nanos();
    for (int s = 0; s < senders; s++) {
        while (atomic_load(&shared->of_sender[s].done) < phase) relax();
        sent += shared->of_sender[s].sent;
        sums += shared->of_sender[s].checksum;
    }
    expect("messages received", sent, messages);
    expect("sum over the messages received", (int64_t)sums, (int64_t)checksum);
    return messages * 1e3 / (last - first);
}

static void throughput(int senders) {
    pid_t workers[MAX_SENDERS];
    samples rates[VARIANTS] = {{0}, {0}};
    for (int s = 0; s < senders; s++)
        if (!(workers[s] = fork_worker())) send_phases(s);
    for (int v = 0; v < VARIANTS; v++) receive_phase(senders, v, warm_up_nanos(VARIANTS));
    for (int64_t spent = 0; spent < measure_nanos(1); spent += VARIANTS * PHASE_NANOS)
        for (int v = 0; v < VARIANTS; v++) add_sample(&rates[v], receive_phase(senders, v, PHASE_NANOS));
    atomic_store(&shared->phase, -1);
    for (int s = 0; s < senders; s++) await_worker(workers[s]);
    for (int v = 0; v < VARIANTS; v++) report(VARIANT_NAMES[v], &rates[v], -1, senders + 1, -1);
}

/* --- Round trips -------------------------------------------------------------------------------------------------------- */

static int64_t take(ring *r) {
    int empty_looks = 0;
    int64_t head = atomic_load_explicit(&r->head, memory_order_relaxed);
    while (!available(r, head)) wait_a_little(&empty_looks);
    int64_t message = head_at(r, head);
    atomic_store_explicit(&r->head, head + 1, memory_order_release);
    return message;
}

static int64_t round_trips(int64_t sequence, int64_t nanos, samples *times, const char *payload) {
    int64_t start = now_nanos(), now = start;
    while (now - start < nanos) {
        int64_t sent = now;
        send_all(rings[0], ++sequence, 1, payload);
        expect("echo", sequence, take(rings[1]));
        now = now_nanos();
        if (times) add_sample(times, now - sent);
    }
    return sequence;
}

static void spinning(void) {
    char payload[bytes];
    samples times = {0};
    memset(payload, 'x', bytes);
    pid_t other = fork_worker();
    if (!other) {
        for (int64_t message; (message = take(rings[0])) != END;) send_all(rings[1], message, 1, payload);
        _exit(0);
    }
    int64_t sequence = round_trips(0, warm_up_nanos(1), NULL, payload);
    round_trips(sequence, measure_nanos(1), &times, payload);
    send_all(rings[0], END, 1, payload);
    await_worker(other);
    report(VARIANT_NAMES[0], &times, -1, 2, -1);
}

int main(int argc, char **argv) {
    read_options(argc, argv);
    bytes = number_option("bytes", 64);
    batch = number_option("batch", 1);
    cells = number_option("capacity", 1 << 20) / bytes;
    expect("cells beyond a power of two", 0, cells & (cells - 1));
    shared = shared_memory(sizeof *shared);
    for (int i = 0; i < MAX_SENDERS; i++) rings[i] = new_ring();
    if (!strcmp(text_option("mode", NULL), "spinning"))
        spinning();
    else
        throughput(number_option("senders", 1));
    return verified();
}
