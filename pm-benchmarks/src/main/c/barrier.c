/*
 * The limit of a barrier between processes, pthread_barrier: microseconds per round of four processes. Options: millis.
 */
#include "bench.h"
#include <pthread.h>

#define WORKERS 4
#define ROUNDS 100

typedef struct {
    _Alignas(LINE) pthread_barrier_t barrier;
    struct {
        _Alignas(LINE) volatile int64_t round;
    } of_worker[WORKERS];
    _Alignas(LINE) volatile int64_t last_round; /* 0 until it is known */
} shared_page;

static shared_page *page;

static void meet(int worker, int64_t round) {
    page->of_worker[worker].round = round;
    int result = pthread_barrier_wait(&page->barrier);
    if (result && result != PTHREAD_BARRIER_SERIAL_THREAD) fail("pthread_barrier_wait: %s", strerror(result));
    for (int other = 0; other < WORKERS; other++) {
        int64_t reached = page->of_worker[other].round;
        if (reached != round) expect("round of another worker", round + 1, reached);
    }
}

int main(int argc, char **argv) {
    samples micros = {0};
    pid_t workers[WORKERS];
    pthread_barrierattr_t attributes;
    read_options(argc, argv);
    page = shared_memory(sizeof *page);
    pthread_barrierattr_init(&attributes);
    pthread_barrierattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_barrier_init(&page->barrier, &attributes, WORKERS);
    for (int i = 1; i < WORKERS; i++) {
        if (!(workers[i] = fork_worker())) {
            for (int64_t round = 1; page->last_round == 0 || round <= page->last_round; round++) meet(i, round);
            _exit(0);
        }
    }
    int64_t start = now_nanos(), round = 0, elapsed;
    do {
        int64_t begin = now_nanos();
        for (int i = 0; i < ROUNDS; i++) meet(0, ++round);
        elapsed = now_nanos() - start;
        if (elapsed > warm_up_nanos(1)) add_sample(&micros, (now_nanos() - begin) / 1e3 / ROUNDS);
    } while (elapsed < warm_up_nanos(1) + measure_nanos(1));
    page->last_round = round + 1; /* the others see it after this round at the latest */
    meet(0, round + 1);
    for (int i = 1; i < WORKERS; i++) await_worker(workers[i]);
    report("", &micros, -1, WORKERS, -1);
    return verified();
}
