/**
 * Threads by name: create, list, cancel.
 *
 * <p>{@link org.processmanager.core.thread.ManagedThreads} is a registry of threads with unique names. A thread is
 * terminated by <em>deferred cancellation</em> as in POSIX: {@link org.processmanager.core.thread.ManagedThread#cancel}
 * requests it, the task leaves at its next <em>cancellation point</em>, a call of
 * {@link org.processmanager.core.thread.Cancellation}, and its clean-up handlers run in reverse order.
 *
 * <pre>{@code
 * try (ManagedThreads threads = ManagedThreads.create()) {
 *     ManagedThread poller = threads.start("poller", cancellation -> {
 *         while (true) {
 *             poll();
 *             cancellation.sleep(Duration.ofSeconds(1));    // leaves here when cancelled
 *         }
 *     });
 *     ...
 *     TerminationReport report = poller.terminate(Duration.ofSeconds(5));
 * }
 * }</pre>
 *
 * <p>An {@link java.util.concurrent.ExecutorService} is enough for tasks that end by themselves; this package is for threads
 * that run until they are cancelled, and must then leave in a known state. Threads that are started again after failures:
 * {@link org.processmanager.core.supervise.SupervisorSpec#thread(java.lang.String,
 * org.processmanager.core.thread.CancellableTask)}.
 *
 * <h2>Why a thread is never killed</h2>
 *
 * <p>{@code pthread_cancel}, or any signal that kills a single thread of a JVM, would unwind native frames that hold
 * locks of the garbage collector, the compiler and the class loader, and leave Java monitors and half-written objects
 * behind: the JVM would hang or crash later, elsewhere. {@code Thread.stop} had the same flaw one level up and was removed
 * for it. This library does neither. A task that must be killable at any point belongs in its own process, whose resources
 * the kernel reclaims: start one with {@link org.processmanager.core.ProcessManager}.
 */
@NullMarked
package org.processmanager.core.thread;

import org.jspecify.annotations.NullMarked;
