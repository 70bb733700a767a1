package org.processmanager.sync.internal.rwlock;

import org.processmanager.sync.internal.mutex.RobustMutex;
import org.processmanager.sync.internal.region.OwnerCheck;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.SharedObject;
import org.processmanager.sync.internal.region.layout.WaitLayout;
import org.processmanager.sync.internal.region.object.RegionObject;
import org.processmanager.sync.internal.region.park.Deadline;
import org.processmanager.sync.internal.wait.Goal;

/**
 * A read-write lock: a mutex of the writers, a gate that the owner of the mutex closes for readers, and a count of read holds
 * for each participant.
 *
 * <p>A writer that dies leaves the gate closed and the mutex orphaned. The next thread, reader or writer, owns the mutex then,
 * alone, until it has marked the data as consistent. The mutex alone, with an open gate, is the update lock.
 *
 */
public final class RobustReadWriteLock extends SharedObject {
    private final RobustMutex mutex;
    private final Gate gate;
    private final ReaderThreads readers;

    /** Write holds of the owner of the mutex; used by that thread. */
    private int writeHolds;
    /** One of them is that of a reader. */
    private boolean readerRecovers;

    /** Uses a read-write lock. */
    public RobustReadWriteLock(Region region, RegionObject object) {
        super(region, object);
        mutex = new RobustMutex(region, object, WaitLayout.WRITE);
        readers = new ReaderThreads(this);
        gate = new Gate(this, ReadWriteLayout.slots(object.bytes()));
        handle.checkUsable();
        region.addOwnerCheck(new TerminatedReaders());
    }

    /** Returns the mutex, for the holds of writers. */
    public RobustMutex mutex() {
        return mutex;
    }

    // ---- reading

    /**
     * Acquires a read hold; returns false on timeout. If a writer died, the calling thread may own the mutex afterwards, alone:
     * see {@link #isRecovering}.
     */
    public boolean lockRead(Deadline deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return tryLockRead() || (!deadline.isOver() && awaitRead(deadline));
    }

    /** Acquires a read hold if no writer has the lock, or a dead one; as {@link #lockRead}. */
    public boolean tryLockRead() {
        ReaderThreads.Reader reader = readers.current();
        if (gate.tryEnter()) {
            reader.holds++;
            return true;
        }
        return tryLockReadClosed(reader);
    }

    private boolean tryLockReadClosed(ReaderThreads.Reader reader) {
        if (reader.holds > 0 || mutex.isOwned()) {
            gate.enter();
            reader.holds++;
            return true;
        }
        if (!mutex.tryLock()) {
            return false;
        }
        boolean recovers = gate.isClosed();
        if (recovers && !gate.isDrained(0)) {
            mutex.unlockUnrepaired();
            return false;
        }
        becomeOwner(recovers);
        return true;
    }

    private boolean awaitRead(Deadline deadline) throws InterruptedException {
        Entry entry = new Entry();
        if (!gate.await(deadline, entry)) {
            return false;
        }
        return entry.recovers ? recover(deadline) : entered();
    }

    private boolean entered() {
        readers.current().holds++;
        return true;
    }

    /** Takes the place of a dead writer; returns false on timeout. */
    private boolean recover(Deadline deadline) throws InterruptedException {
        if (!closeGate(deadline)) {
            return false;
        }
        becomeOwner(true);
        return true;
    }

    /** Makes the owner of the mutex a reader, at once if there is nothing to repair. */
    private void becomeOwner(boolean gateClosed) {
        writeHolds = 1;
        readerRecovers = true;
        if (!gateClosed || !mutex.isOrphaned()) {
            downgrade();
        }
    }

    /** Returns whether the current thread, as a reader, has the place of a dead writer: it owns the lock alone. */
    public boolean isRecovering() {
        return readerRecovers && mutex.isOwned();
    }

    /** Marks the data as consistent; a reader that has the place of a dead writer only reads from then on. */
    public void markConsistent() {
        mutex.markConsistent();
        if (readerRecovers) {
            downgrade();
        }
    }

    private void downgrade() {
        consistentIfOpen();
        gate.enter();
        entered();
        readerRecovers = false;
        unlockWrite();
    }

    /**
     * Releases a read hold of the current thread.
     *
     * @throws IllegalMonitorStateException if it has none
     */
    public void unlockRead() {
        ReaderThreads.Reader reader = readers.current();
        if (reader.holds == 0 && isRecovering()) {
            readerRecovers = false;
            unlockWrite();
            return;
        }
        if (reader.holds == 0) {
            region.checkOpen();
            throw new IllegalMonitorStateException(this + " is not held for reading by thread "
                    + Thread.currentThread().getName());
        }
        reader.holds--;
        gate.leave(1);
        region.checkOpen();
    }

    // ---- writing

    /** Acquires a write hold; returns false on timeout. */
    public boolean lockWrite(Deadline deadline) throws InterruptedException {
        boolean owned = mutex.isOwned();
        if (!owned && readers.current().holds > 0) {
            throw new IllegalStateException(
                    "thread " + Thread.currentThread().getName() + " reads " + this
                            + " and would wait for itself; release the read hold first, or acquire with acquireUpdate() and upgrade");
        }
        if (!mutex.tryLock(deadline)) {
            return false;
        }
        if (writeHolds(owned) == 0 && !closeGate(deadline)) {
            return false;
        }
        writeHolds++;
        return true;
    }

    /** Acquires a write hold if no other thread has the lock, or a dead writer. Non-blocking. */
    public boolean tryLockWrite() {
        boolean owned = mutex.isOwned();
        if ((!owned && readers.current().holds > 0) || !mutex.tryLock()) {
            return false;
        }
        if (writeHolds(owned) == 0) {
            long word = gate.word();
            boolean wasClosed = ReadWriteLayout.isClosed(word);
            if (!wasClosed) {
                consistentIfOpen();
                gate.close(word);
            }
            if (!gate.isDrained(readers.current().holds)) {
                if (!wasClosed) {
                    gate.openIfClosed();
                }
                mutex.unlockUnrepaired();
                return false;
            }
        }
        writeHolds++;
        return true;
    }

    /** With an open gate, a dead owner of the mutex had not begun to write. */
    private void consistentIfOpen() {
        if (mutex.isOrphaned()) {
            mutex.markConsistent();
        }
    }

    /** A terminated owner may have left some. */
    private int writeHolds(boolean owned) {
        if (!owned) {
            writeHolds = 0;
            readerRecovers = false;
        }
        return writeHolds;
    }

    /** Acquires the mutex alone; returns false on timeout. Readers continue, unless a dead writer left the gate closed. */
    public boolean lockUpdate(Deadline deadline) throws InterruptedException {
        boolean owned = mutex.isOwned();
        if (!mutex.tryLock(deadline)) {
            return false;
        }
        writeHolds(owned);
        if (!owned && mutex.isOrphaned()) {
            if (gate.isClosed()) {
                return closeGate(deadline); // the data must be repaired: wait for the readers
            }
            consistentIfOpen();
        }
        return true;
    }

    /** Acquires the mutex alone if no other thread has it, and none reads if a dead writer left the gate closed. Non-blocking. */
    public boolean tryLockUpdate() {
        boolean owned = mutex.isOwned();
        if (!mutex.tryLock()) {
            return false;
        }
        writeHolds(owned);
        if (!owned && mutex.isOrphaned()) {
            if (gate.isClosed() && !gate.isDrained(readers.current().holds)) {
                mutex.unlockUnrepaired();
                return false;
            }
            if (!gate.isClosed()) {
                consistentIfOpen();
            }
        }
        return true;
    }

    /** Lets waiting readers in, closes the gate and waits until none reads; on failure releases the mutex. */
    private boolean closeGate(Deadline deadline) throws InterruptedException {
        long word = gate.word();
        boolean wasClosed = ReadWriteLayout.isClosed(word);
        boolean done = false;
        try {
            if (!wasClosed) {
                consistentIfOpen();
                gate.letWaitingIn();
                gate.close(word);
            }
            done = gate.awaitDrained(deadline, readers.current().holds);
            return done;
        } finally {
            if (!done && !region.isClosed()) {
                if (!wasClosed) {
                    gate.openIfClosed();
                }
                mutex.unlockUnrepaired();
            }
        }
    }

    /**
     * Releases a write hold of the current thread; the last one opens the gate, unless the data is inconsistent.
     *
     * @throws IllegalMonitorStateException if it has none
     */
    public void unlockWrite() {
        mutex.checkOwned();
        if (writeHolds == 0) {
            throw new IllegalMonitorStateException(this + " is not held for writing by thread "
                    + Thread.currentThread().getName());
        }
        writeHolds--;
        releaseMutex();
    }

    /**
     * Releases an update hold of the current thread.
     *
     * @throws IllegalMonitorStateException if it has none
     */
    public void unlockUpdate() {
        mutex.checkOwned();
        releaseMutex();
    }

    private void releaseMutex() {
        if (writeHolds == 0 && !mutex.isOrphaned()) {
            gate.openIfClosed();
        }
        mutex.unlockOwned();
    }

    /** Makes a poisoned lock usable; returns false if it was not poisoned. */
    public boolean reset() {
        long before = gate.word();
        handle.checkUsable();
        if (!mutex.isPoisoned()) {
            return false;
        }
        // The gate was read before the state of the mutex: a writer that comes after another reset has changed it.
        gate.openIf(before);
        return mutex.reset();
    }

    private final class TerminatedReaders implements OwnerCheck {
        @Override
        public boolean check() {
            int left = readers.removeTerminated();
            if (left > 0) {
                gate.leave(left);
            }
            return !handle.isRemoved();
        }
    }

    /** A reader is in, or has taken the place of a dead writer. */
    private final class Entry implements Goal {
        private boolean recovers;

        @Override
        public boolean attempt() {
            // Looks first: counting would disturb the writer, whose cache has the counts.
            if (!gate.isClosed() && gate.tryEnter()) {
                return true;
            }
            handle.checkUsable();
            recovers = mutex.isFree() && mutex.tryLock();
            return recovers;
        }

        @Override
        public void searchDead() {
            region.checkOwnersOfProcess();
            region.repairDead();
        }
    }
}
