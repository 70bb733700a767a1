/**
 * Every JNA binding of the project, and only here: small classes by subject, direct-mapped, Linux on x86-64 and aarch64.
 *
 * <p>Start at {@link org.processmanager.core.internal.posix.NativeLayer}: it says whether the layer can be used at all.
 * The subjects are {@link org.processmanager.core.internal.posix.Spawn} (posix_spawn),
 * {@link org.processmanager.core.internal.posix.Wait} (pidfds, exit status, signals),
 * {@link org.processmanager.core.internal.posix.Poll} (epoll, eventfd),
 * {@link org.processmanager.core.internal.posix.Files} (descriptors, pipes, FIFOs, file status),
 * {@link org.processmanager.core.internal.posix.OfdLocks} (locks of an open file description),
 * {@link org.processmanager.core.internal.posix.Memory} (mappings, memfds) and
 * {@link org.processmanager.core.internal.posix.Futex}. A call that fails throws
 * {@link org.processmanager.core.internal.posix.PosixException} with the call, its subject and the errno; a call whose
 * failure is an everyday answer (would block, no such process) returns it instead, and says so.
 *
 * <p>Strings cross the border as UTF-8 bytes, whatever the locale of the JVM says.
 */
@NullMarked
package org.processmanager.core.internal.posix;

import org.jspecify.annotations.NullMarked;
