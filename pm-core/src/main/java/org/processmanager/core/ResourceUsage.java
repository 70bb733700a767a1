package org.processmanager.core;

import java.time.Duration;

/**
 * What a process used from its start to its end, with those of its children that it waited for.
 *
 * <p>Linux counts the moment before the program is executed too, in which the child shares the JVM's memory:
 * {@code maxResidentBytes} is never less than what the JVM had resident at the launch.
 *
 * @param user processor time of the program itself
 * @param system processor time of the kernel on its behalf
 * @param maxResidentBytes the most memory that it, or one of those children, had resident
 */
public record ResourceUsage(Duration user, Duration system, long maxResidentBytes) {}
