/**
 * Processes and threads that are started in order, started again after failures, and stopped in reverse order.
 *
 * <p>{@link org.processmanager.core.ProcessManager#supervisor()} begins a
 * {@link org.processmanager.core.supervise.SupervisorSpec}, which lists the children; started, it is a
 * {@link org.processmanager.core.supervise.Supervisor}. {@link org.processmanager.core.supervise.Restart} says when a child is
 * started again, {@link org.processmanager.core.supervise.Strategy} which others with it, and
 * {@link org.processmanager.core.supervise.Health} how it is checked while it runs.
 */
@NullMarked
package org.processmanager.core.supervise;

import org.jspecify.annotations.NullMarked;
