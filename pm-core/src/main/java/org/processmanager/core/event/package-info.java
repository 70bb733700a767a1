/**
 * Typed events of processes, threads, messages and locks, and a log of them that several processes can share.
 *
 * <p>{@link org.processmanager.core.event.ProcessEvent} is the root of all events,
 * {@link org.processmanager.core.event.EventListener} receives them, and
 * {@link org.processmanager.core.event.EventLog} is a listener that appends them to a file, one JSON object a line.
 */
@NullMarked
package org.processmanager.core.event;

import org.jspecify.annotations.NullMarked;
