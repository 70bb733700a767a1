/*
 * The limits of a semaphore between processes: kind=sem, sem_t; kind=condition, permits counted under a pthread mutex, whose
 * waiters sleep on a pthread condition. case=uncontended: nanoseconds for wait and post. case=ping-pong:
 * microseconds from before a post until the other process, which slept, has acquired the permit. Options: kind, case, millis.
 */
#include "bench.h"
#include <pthread.h>
#include <semaphore.h>

#define HOLD_NANOS 100000
#define STRETCH_NANOS 1000000

typedef struct {
    struct {
        _Alignas(LINE) sem_t semaphore;
        pthread_mutex_t mutex;
        pthread_cond_t condition;
        int permits;
    } of_party[2];
    _Alignas(LINE) int64_t released_at; /* the rest is accessed by the holder of the permit only */
    int64_t steps;
    int64_t sections;
} shared_page;

static shared_page *page;

static int is_condition;

static void create(int worker) {
    pthread_mutexattr_t mutex;
    pthread_condattr_t condition;
    check(sem_init(&page->of_party[worker].semaphore, 1, worker == 0), "sem_init");
    pthread_mutexattr_init(&mutex);
    pthread_mutexattr_setpshared(&mutex, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(&page->of_party[worker].mutex, &mutex);
    pthread_condattr_init(&condition);
    pthread_condattr_setpshared(&condition, PTHREAD_PROCESS_SHARED);
    pthread_cond_init(&page->of_party[worker].condition, &condition);
    page->of_party[worker].permits = worker == 0;
}

static void acquire(int worker) {
    if (!is_condition) {
        check(sem_wait(&page->of_party[worker].semaphore), "sem_wait");
        return;
    }
    pthread_mutex_lock(&page->of_party[worker].mutex);
    while (!page->of_party[worker].permits)
        pthread_cond_wait(&page->of_party[worker].condition, &page->of_party[worker].mutex);
    page->of_party[worker].permits--;
    pthread_mutex_unlock(&page->of_party[worker].mutex);
}

static void release(int worker) {
    if (!is_condition) {
        check(sem_post(&page->of_party[worker].semaphore), "sem_post");
        return;
    }
    pthread_mutex_lock(&page->of_party[worker].mutex);
    page->of_party[worker].permits++;
    pthread_cond_signal(&page->of_party[worker].condition);
    pthread_mutex_unlock(&page->of_party[worker].mutex);
}

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
    is_condition = !strcmp(text_option("kind", NULL), "condition");
    for (int i = 0; i < 2; i++) create(i);
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
