/*
 * The limit of messages between two processes: one copies blocks into memory from which the other copies them, four blocks in
 * transit. Gigabytes per second. Options: millis, bytes (of a block).
 */
#include "bench.h"

#define BLOCKS 4
#define PHASE 256

typedef struct {
    _Alignas(LINE) _Atomic int64_t written;
    _Alignas(LINE) _Atomic int64_t read;
    _Alignas(LINE) char blocks[];
} channel;

static channel *shared;
static int64_t bytes;

static void write_block(int64_t number, const char *from) {
    while (number - atomic_load_explicit(&shared->read, memory_order_acquire) >= BLOCKS) relax();
    memcpy(shared->blocks + number % BLOCKS * bytes, from, bytes);
    atomic_store_explicit(&shared->written, number + 1, memory_order_release);
}

static void read_block(int64_t number, char *to) {
    while (atomic_load_explicit(&shared->written, memory_order_acquire) == number) relax();
    memcpy(to, shared->blocks + number % BLOCKS * bytes, bytes);
    atomic_store_explicit(&shared->read, number + 1, memory_order_release);
}

int main(int argc, char **argv) {
    read_options(argc, argv);
    bytes = number_option("bytes", 16384);
    shared = shared_memory(sizeof *shared + BLOCKS * bytes);
    char *block = malloc(bytes);
    samples rates = {0};
    int64_t number = 0;
    memset(block, 'x', bytes);
    pid_t writer = fork_worker();
    if (!writer)
        for (;; number++) write_block(number, block);
    memset(block, 0, bytes);
    int64_t start = now_nanos();
    do {
        int64_t before = now_nanos();
        for (int i = 0; i < PHASE; i++) read_block(number++, block);
        add_sample(&rates, (double)PHASE * bytes / (now_nanos() - before));
    } while (now_nanos() - start < number_option("millis", 300) * 1000000);
    expect("last byte", 'x', block[bytes - 1]);
    check(kill(writer, SIGKILL), "kill");
    waitpid(writer, NULL, 0);
    report("", &rates, -1, 2, -1);
    return verified();
}
