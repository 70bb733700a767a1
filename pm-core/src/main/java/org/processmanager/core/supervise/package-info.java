/**
 * Processes and threads that are started in order, started again after failures, and stopped in reverse order.
 *
 * <p>{@link org.processmanager.core.ProcessManager#supervisor()} begins a
 * {@link org.processmanager.core.supervise.SupervisorSpec}, which lists the children; started, it is a
 * {@link org.processmanager.core.supervise.Supervisor}. {@link org.processmanager.core.supervise.Restart} says when a child is
 * started again, {@link org.processmanager.core.supervise.Strategy} which others with it, and
 * {@link org.processmanager.core.supervise.Health} how it is checked while it runs.
 *
 * <pre>{@code
 * Restart soon = Restart.always().backOff(Duration.ofMillis(100), Duration.ofSeconds(5));
 * try (Supervisor supervisor = pm.supervisor()
 *         .child("server", server, child -> child.restart(soon))
 *         .child("worker", worker, child -> child.dependsOn("server"))
 *         .start()) {
 *     supervisor.awaitReady(Duration.ofSeconds(30));
 *     ...
 * } // the worker is stopped first, then the server
 * }</pre>
 *
 * <p>Its processes are stopped with the JVM, or killed if that is killed. One that is
 * {@linkplain org.processmanager.core.supervise.ChildSpec#detached detached} survives a killed JVM and is adopted by the next
 * supervisor. What must also outlive an orderly end needs no supervisor: see
 * {@link org.processmanager.core.registry}. A single program that is to be ready once needs no supervisor but
 * {@link org.processmanager.core.Command#startReady()}.
 */
@NullMarked
package org.processmanager.core.supervise;

import org.jspecify.annotations.NullMarked;
