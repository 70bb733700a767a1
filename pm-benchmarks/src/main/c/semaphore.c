/*
 * The limits of a semaphore between processes, sem_t. case=uncontended: nanoseconds for wait and post. case=ping-pong:
 * microseconds from before a post until the other process, which slept, has acquired the permit. Options: case, millis.
 */
#include "bench.h"
#include <semaphore.h>

#define HOLD_NANOS 100000
#define STRETCH_NANOS 1000000

typedef struct {
    struct {
        _Alignas(LINE) sem_t semaphore;
    } of_party[2];
    _Alignas(LINE) int64_t released_at; /* the rest is accessed by the holder of the permit only */
    int64_t steps;
    int64_t sections;
} shared_page;

static shared_page *page;

static void acquire(int worker) { check(sem_wait(&page->of_party[worker].semaphore), "sem_wait"); }

static void release(int worker) { check(sem_post(&page->of_party[worker].semaphore), "sem_post"); }

static int64_t stretch(int64_t pairs) {
    int64_t start = now_nanos();
    for (int64_t i = 0; i < pairs; i++) {
        acquire(0);
        page->sections++;
        release(0);
    }
    return now_nanos() - start;
}

static void uncontended(samples *nanos) {
    int64_t pairs = 16, start = now_nanos();
    while (now_nanos() - start < warm_up_nanos(1))
        if (stretch(pairs) < STRETCH_NANOS) pairs *= 2;
    start = now_nanos();
    do add_sample(nanos, (double)stretch(pairs) / pairs);
    while (now_nanos() - start < measure_nanos(1));
}

static void ping_pong(int worker, int64_t nanos, samples *micros) {
    int64_t start = now_nanos();
    for (int64_t step = 0; page->steps >= 0; step++) {
        acquire(worker);
        if (page->steps < 0) return;
        if (step > 10 && now_nanos() - start > nanos * WARM_UP) add_sample(micros, (now_nanos() - page->released_at) / 1e3);
        expect("step", 2 * step + worker, page->steps);
        page->steps++;
        page->released_at = spin_nanos(HOLD_NANOS);
        if (worker == 0 && micros->count && page->released_at - start > nanos) page->steps = -1;
        release(1 - worker);
    }
}

int main(int argc, char **argv) {
    read_options(argc, argv);
    int alone = !strcmp(text_option("case", NULL), "uncontended");
    samples measured = {0};
    page = shared_memory(sizeof *page);
    for (int i = 0; i < 2; i++) check(sem_init(&page->of_party[i].semaphore, 1, i == 0), "sem_init");
    if (alone) {
        uncontended(&measured);
    } else {
        int64_t nanos = number_option("millis", 1000) * 1000000;
        pid_t other = fork_worker();
        if (!other) {
            samples unused = {0};
            ping_pong(1, nanos, &unused);
            _exit(0);
        }
        ping_pong(0, nanos, &measured);
        await_worker(other);
    }
    report("", &measured, -1, alone ? 1 : 2, -1);
    return verified();
}
