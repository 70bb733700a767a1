/**
 * Launching processes and managing them until they are reaped:
 * {@link org.processmanager.core.internal.launch.Launcher} has two forms, by {@code posix_spawn} and by
 * {@link java.lang.ProcessBuilder}, which pass one contract suite.
 */
@NullMarked
package org.processmanager.core.internal.launch;

import org.jspecify.annotations.NullMarked;
