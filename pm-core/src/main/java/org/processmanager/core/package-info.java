/**
 * Processes of the operating system: launch, watch, feed and stop them.
 *
 * <p>Start at {@link org.processmanager.core.ProcessManager}, which starts a {@link org.processmanager.core.Command} and owns
 * the processes that it started. {@link org.processmanager.core.Command#run()} blocks for a
 * {@link org.processmanager.core.ProcessResult}; {@link org.processmanager.core.Command#start()} returns a
 * {@link org.processmanager.core.ManagedProcess} at once.
 *
 * <p>On Linux (x86-64, aarch64) processes are started by {@code posix_spawn} and watched through pidfds by at most four
 * daemon threads, independent of the number of processes. Elsewhere, or with {@code -Dorg.processmanager.native=off}, they are
 * started through {@link java.lang.ProcessBuilder} with the same contract: the portable path. What it cannot do throws
 * {@link java.lang.UnsupportedOperationException}, which names the feature, before anything starts.
 *
 * <h2>Conventions of all modules</h2>
 *
 * <p><b>Nothing.</b> A value that may be absent is an {@link java.util.Optional}. What an attempt acquires or receives, a
 * guard or a payload, is {@code @Nullable}: null means that there was none. An outcome of several kinds is an enum or a sealed
 * type. A timeout is an answer, empty or null, and not an exception. Everything else is never null, and null arguments throw
 * {@link java.lang.NullPointerException} with the name of the parameter.
 *
 * <p><b>Errors.</b> All exceptions of this library are unchecked and extend
 * {@link org.processmanager.core.ProcessManagerException}. A subclass exists where a caller can act differently, for example
 * try again after {@link org.processmanager.core.ResourcesExhaustedException}. An exception with many kinds has a
 * {@code reason()}. A bad argument throws {@link java.lang.IllegalArgumentException}, a call at the wrong time
 * {@link java.lang.IllegalStateException}, and a feature that this system lacks
 * {@link java.lang.UnsupportedOperationException}.
 *
 * <p><b>State.</b> {@code snapshot()} returns an immutable picture of the present state, which may be outdated when it is
 * read. Methods named {@code await} block and can be interrupted; an interrupt ends only the wait, unless the method says
 * otherwise.
 *
 * <p><b>Copies.</b> Commands and other values are immutable. Their methods return changed copies and are marked
 * {@link org.processmanager.core.CheckReturnValue}.
 */
@NullMarked
package org.processmanager.core;

import org.jspecify.annotations.NullMarked;
