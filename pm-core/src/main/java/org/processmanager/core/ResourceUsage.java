package org.processmanager.core;

import java.time.Duration;

/**
 * The processor time and memory that a process used, including its children that it waited for.
 *
 * <p>Linux also counts the moment before the program is executed, in which the child shares the memory of the JVM:
 * {@code maxResidentBytes} is never less than what the JVM had resident at the launch.
 *
 * @param user processor time of the program itself
 * @param system processor time of the kernel on behalf of the program
 * @param maxResidentBytes the largest resident memory of the process or one of those children
 */
public record ResourceUsage(Duration user, Duration system, long maxResidentBytes) {}
