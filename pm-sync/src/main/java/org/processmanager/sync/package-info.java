/**
 * Shared memory and synchronizers between processes: a mutex with conditions, a read-write lock, semaphores, a bounded buffer,
 * events, latches, a barrier, values and arrays.
 *
 * <p>Start at {@link org.processmanager.sync.SharedMemory}: a region in a file, by default in memory, with named objects in
 * it. The objects follow {@code java.util.concurrent} in names and meaning; each documents what happens when a process dies
 * that uses it.
 *
 * <pre>{@code
 * try (SharedMemory memory = SharedMemory.openOrCreate("stock", SharedMemory.megabytes(1))) {
 *     SharedMutex mutex = memory.mutex("guard");
 *     try (Hold hold = mutex.acquire()) {
 *         if (hold.previousOwnerDied()) {
 *             repair();
 *             hold.markConsistent();
 *         }
 *         change();
 *     }
 * }
 * }</pre>
 *
 * <h2>What to use when</h2>
 *
 * <ul>
 *   <li>One process at a time: {@link org.processmanager.sync.SharedMutex}, with
 *       {@link org.processmanager.sync.SharedCondition} to wait for a state that it guards. Many that read and few that write:
 *       {@link org.processmanager.sync.SharedReadWriteLock}.
 *   <li>At most n at a time: {@link org.processmanager.sync.LeasedSemaphore}, whose permits come back from a dead process.
 *       Permits that one process acquires and another releases: {@link org.processmanager.sync.SharedSemaphore}.
 *   <li>Items from some processes to others: {@link org.processmanager.sync.SharedBoundedBuffer}; messages with codecs, batches
 *       and sockets are in {@code org.processmanager.ipc}.
 *   <li>Wait until something happened: {@link org.processmanager.sync.SharedEvent}, which can be cleared;
 *       {@link org.processmanager.sync.SharedLatch} and {@link org.processmanager.sync.OwnedLatch}, which count down once; the
 *       second knows its parties and reports when one dies. Rounds: {@link org.processmanager.sync.SharedBarrier}.
 *   <li>A value without a lock: {@link org.processmanager.sync.SharedLong}, {@link org.processmanager.sync.SharedInt},
 *       {@link org.processmanager.sync.SharedBoolean}, {@link org.processmanager.sync.SharedLongArray}. Bytes that are replaced
 *       as a whole: {@link org.processmanager.sync.SharedBytes}; bytes that a lock guards:
 *       {@link org.processmanager.sync.SharedByteArray}.
 *   <li>Why nothing moves: {@link org.processmanager.sync.WaitGraph}.
 * </ul>
 *
 * <h2>Conventions</h2>
 *
 * <p>In addition to those of all modules, stated at {@link org.processmanager.core}:
 *
 * <ul>
 *   <li>A method that may have nothing to return, a guard ({@link org.processmanager.sync.Hold},
 *       {@link org.processmanager.sync.Lease}, {@link org.processmanager.sync.UnackedItem}) or a payload, returns
 *       {@code null} and is annotated {@link org.jspecify.annotations.Nullable}. Outcomes are enums or booleans.
 *   <li>{@code acquire}, {@code put}, {@code take} and {@code await} block and are interruptible; {@code tryAcquire},
 *       {@code offer} and {@code poll} do not block, or for at most a given time.
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
