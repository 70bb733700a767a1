/**
 * Typed events of processes, threads, messages and locks.
 *
 * <p>{@link org.processmanager.core.event.ProcessEvent} is the root of all events, and
 * {@link org.processmanager.core.event.EventListener} receives them.
 */
@NullMarked
package org.processmanager.core.event;

import org.jspecify.annotations.NullMarked;
