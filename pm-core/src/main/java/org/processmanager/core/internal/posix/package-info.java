/**
 * All JNA bindings of the project: small classes by subject, direct-mapped, for Linux on x86-64 and aarch64.
 *
 * <p>Start at {@link org.processmanager.core.internal.posix.NativeLayer}: it decides whether the layer is available.
 * The subjects are {@link org.processmanager.core.internal.posix.Spawn} (posix_spawn),
 * {@link org.processmanager.core.internal.posix.Wait} (pidfds, exit status, signals),
 * {@link org.processmanager.core.internal.posix.Poll} (epoll, eventfd),
 * {@link org.processmanager.core.internal.posix.Files} (descriptors, pipes, FIFOs, file status),
 * {@link org.processmanager.core.internal.posix.OfdLocks} (locks of an open file description),
 * {@link org.processmanager.core.internal.posix.Memory} (mappings, memfds) and
 * {@link org.processmanager.core.internal.posix.Futex}. A call that fails throws
 * {@link org.processmanager.core.internal.posix.PosixException} with the call, its subject and the errno; a call that is
 * expected to fail (would block, no such process) returns the failure instead, and documents it.
 *
 * <p>Strings are passed as UTF-8, independent of the locale of the JVM.
 */
@NullMarked
package org.processmanager.core.internal.posix;

import org.jspecify.annotations.NullMarked;
