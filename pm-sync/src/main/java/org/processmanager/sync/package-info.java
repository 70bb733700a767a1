/**
 * Shared memory and synchronizers between processes: a mutex with conditions, a read-write lock, semaphores, a bounded buffer,
 * events, latches, a barrier, values and arrays.
 *
 * <p>Start at {@link org.processmanager.sync.SharedMemory}: a region in a file, by default in memory, with named objects in
 * it. The objects follow {@code java.util.concurrent} in names and meaning; each documents what happens when a process dies
 * that uses it.
 *
 * <p>Conventions:
 * <ul>
 *   <li>A method that may have nothing to return, a guard ({@link org.processmanager.sync.Hold},
 *       {@link org.processmanager.sync.Lease}, {@link org.processmanager.sync.UnackedItem}) or a payload, returns
 *       {@code null} and is annotated {@link org.jspecify.annotations.Nullable}. Outcomes are enums or booleans.
 *   <li>{@code acquire}, {@code put}, {@code take} and {@code await} block and are interruptible; {@code tryAcquire}, {@code offer} and
 *       {@code poll} do not block, or for at most a given time.
 *   <li>What a thread does before it releases, signals, sets, counts down, arrives or puts happens before what another thread
 *       does after it has acquired, waited or taken accordingly: for all memory in the same process, and for the content of the
 *       region in others.
 *   <li>{@code snapshot()} returns the current state as a value; it writes nothing and does not block. So does
 *       {@link org.processmanager.sync.WaitGraph}: which threads of all processes wait for which, and deadlocks.
 *   <li>A region or object that cannot be opened or used is a {@link org.processmanager.sync.RegionException} with a
 *       {@linkplain org.processmanager.sync.RegionException#reason() reason}; a closed handle is an
 *       {@link java.lang.IllegalStateException}. Both hold for every operation, whether or not its documentation repeats it.
 * </ul>
 */
@NullMarked
package org.processmanager.sync;

import org.jspecify.annotations.NullMarked;
