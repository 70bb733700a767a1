/**
 * Shared memory and what waits on it: a mutex, a semaphore, a bounded buffer and a number that processes share.
 *
 * <p>Start at {@link org.processmanager.sync.SharedMemory}: a region in a file, by default in memory, with named objects in
 * it. Names and meaning of the objects follow {@code java.util.concurrent}; each says what happens when a process dies that
 * uses it.
 */
@NullMarked
package org.processmanager.sync;

import org.jspecify.annotations.NullMarked;
