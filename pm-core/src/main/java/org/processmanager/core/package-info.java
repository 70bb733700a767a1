/**
 * Processes of the operating system: launch them, watch them, feed them, stop them.
 *
 * <p>Start at {@link org.processmanager.core.ProcessManager}, which starts {@link org.processmanager.core.Command}s and
 * answers for what it started. {@link org.processmanager.core.Command#run()} waits for a
 * {@link org.processmanager.core.ProcessResult}; {@link org.processmanager.core.Command#start()} gives a
 * {@link org.processmanager.core.ManagedProcess} at once.
 *
 * <p>On Linux (x86-64, aarch64) processes are started by {@code posix_spawn} and watched through pidfds by at most four
 * daemon threads, however many processes there are. Elsewhere, or with {@code -Dorg.processmanager.native=off}, they go
 * through {@link java.lang.ProcessBuilder} with the same contract; what that cannot do is refused by name with an
 * {@link java.lang.UnsupportedOperationException} before anything starts.
 */
@NullMarked
package org.processmanager.core;

import org.jspecify.annotations.NullMarked;
