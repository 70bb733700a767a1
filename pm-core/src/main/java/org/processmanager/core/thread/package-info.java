/**
 * Threads by name: create, list, cancel.
 *
 * <p>{@link org.processmanager.core.thread.ManagedThreads} is a registry of threads with unique names. A thread ends by a
 * request, as POSIX <em>deferred cancellation</em> means it: {@link org.processmanager.core.thread.ManagedThread#cancel}
 * asks, and the task ends at its next <em>cancellation point</em>, a call of
 * {@link org.processmanager.core.thread.Cancellation}, after its clean-up handlers have run in reverse order.
 *
 * <h2>Why a thread is never killed</h2>
 *
 * <p>{@code pthread_cancel}, or any signal that ends a single thread of a JVM, would unwind native frames that hold the
 * locks of the garbage collector, the compiler and the class loader, and leave Java monitors and half-written objects
 * behind: the JVM would hang or crash some time later, elsewhere. {@code Thread.stop} had the same flaw one level up and was
 * withdrawn for it. This library does neither. What must be killable at any point belongs in a process of its own, where
 * the kernel takes back all of it: start one with {@link org.processmanager.core.ProcessManager}.
 */
@NullMarked
package org.processmanager.core.thread;

import org.jspecify.annotations.NullMarked;
