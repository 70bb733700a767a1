/**
 * Processes of the operating system: launch, watch, feed and stop them.
 *
 * <p>Start at {@link org.processmanager.core.ProcessManager}, which starts a {@link org.processmanager.core.Command} and owns
 * the processes that it started. {@link org.processmanager.core.Command#run()} blocks for a
 * {@link org.processmanager.core.ProcessResult}; {@link org.processmanager.core.Command#start()} returns a
 * {@link org.processmanager.core.ManagedProcess} at once.
 *
 * <pre>{@code
 * try (ProcessManager pm = ProcessManager.create()) {
 *     String head = pm.command("git", "rev-parse", "HEAD").timeout(Duration.ofSeconds(5)).run().stdoutText().strip();
 *     ManagedProcess server = pm.command("python3", "-m", "http.server", "8123")
 *             .ready(Ready.port(8123), Duration.ofSeconds(10))
 *             .startReady();
 *     ...
 * } // stops what still runs, with its descendants
 * }</pre>
 *
 * <h2>What to use when</h2>
 *
 * <ul>
 *   <li>A program that ends, and its output: {@link org.processmanager.core.Command#run()}. Only the exit codes that the
 *       command accepts are a result; others are a {@link org.processmanager.core.ProcessFailedException}.
 *   <li>A program that runs beside this one: {@link org.processmanager.core.Command#start()}, or
 *       {@link org.processmanager.core.Command#startReady()} if something must not begin before it is
 *       {@linkplain org.processmanager.core.Ready ready}.
 *   <li>What it reads and writes: {@link org.processmanager.core.Input} and {@link org.processmanager.core.Output}; several
 *       programs in a row: {@link org.processmanager.core.Pipeline}.
 *   <li>How it is stopped, and its descendants with it: {@link org.processmanager.core.StopPolicy}.
 *   <li>What it may use: {@link org.processmanager.core.ResourceLimits}; what it gets besides its streams:
 *       {@link org.processmanager.core.Inheritable}.
 *   <li>A class of this program in a JVM of its own:
 *       {@link org.processmanager.core.ProcessManager#java(java.lang.Class, org.processmanager.core.JavaOptions)}.
 *   <li>A process that another program started: {@link org.processmanager.core.ProcessManager#adopt(long)}.
 *   <li>Processes that are started again when they fail: {@link org.processmanager.core.supervise}; that outlive this JVM:
 *       {@link org.processmanager.core.registry}; any process of the system: {@link org.processmanager.core.monitor}.
 *   <li>Work that needs no process: {@link org.processmanager.core.thread}.
 * </ul>
 *
 * <h2>Two ways to start a process</h2>
 *
 * <p>On Linux (x86-64, aarch64) processes are started by {@code posix_spawn} and watched through pidfds by at most four
 * daemon threads, independent of the number of processes. Elsewhere, or with {@code -Dorg.processmanager.native=off}, they are
 * started through {@link java.lang.ProcessBuilder} with the same contract: the portable path. What it cannot do throws
 * {@link java.lang.UnsupportedOperationException}, which names the feature, before anything starts.
 *
 * <h2>Conventions of all modules</h2>
 *
 * <p><b>Absent values.</b> A value that may be absent is an {@link java.util.Optional}. What an attempt acquires or receives, a
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
