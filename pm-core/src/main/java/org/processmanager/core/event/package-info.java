/**
 * Typed events of processes, threads, messages and locks.
 *
 * <p>{@link org.processmanager.core.event.ProcessEvent} is the root of all events, and
 * {@link org.processmanager.core.event.EventListener} receives them. They are reported by the objects to which a listener is
 * added: {@link org.processmanager.core.ProcessManager#addListener} for all processes and supervisors of a manager,
 * {@link org.processmanager.core.Command#listener} for one command, and
 * {@link org.processmanager.core.thread.ManagedThreads#addListener} for threads.
 *
 * <pre>{@code
 * pm.addListener(event -> {
 *     if (event instanceof ProcessEvent.ProcessEnded end) {
 *         log.info("{} ended after {}: {}", end.name(), end.duration(), end.status());
 *     }
 * });
 * }</pre>
 *
 * <p>Events are for logs and metrics. A program that waits for one process uses the process itself:
 * {@link org.processmanager.core.ManagedProcess#await()}.
 */
@NullMarked
package org.processmanager.core.event;

import org.jspecify.annotations.NullMarked;
