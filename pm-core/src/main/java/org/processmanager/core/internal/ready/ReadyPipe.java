package org.processmanager.core.internal.ready;

import java.util.concurrent.locks.ReentrantLock;
import org.processmanager.core.Inheritable;
import org.processmanager.core.ProcessManagerException;
import org.processmanager.core.ResourcesExhaustedException;
import org.processmanager.core.internal.posix.Errno;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.core.internal.posix.PosixException;

/** The pipe of one launch, to which the child writes a newline when it is ready. Thread-safe. */
public final class ReadyPipe implements Inheritable, AutoCloseable {
    /** What was read so far. */
    public enum State {
        /** No newline yet. */
        OPEN,
        /** A newline. */
        READY,
        /** The end of the pipe, without a newline. */
        ENDED
    }

    private static final int NONE = -1;
    private static final int READ_BYTES = 256;

    private final ReentrantLock lock = new ReentrantLock();
    private int reader = NONE;
    private State state = State.OPEN;

    @Override
    public int openForChild() {
        NativeLayer.require("readiness by a descriptor");
        lock.lock();
        try {
            int[] ends = Files.pipe(true);
            reader = ends[0];
            Files.setNonBlocking(ends[1], false);
            return ends[1];
        } catch (PosixException e) {
            String what = String.valueOf(e.getMessage());
            throw e.isPassing() ? new ResourcesExhaustedException(what, e) : new ProcessManagerException(what, e);
        } finally {
            lock.unlock();
        }
    }

    /** Reads what has arrived. Never blocks. */
    public State read() {
        lock.lock();
        try {
            byte[] bytes = new byte[READ_BYTES];
            while (state == State.OPEN && reader != NONE) {
                int count = Files.read(reader, bytes, bytes.length);
                if (count < 0) {
                    if (Errno.EAGAIN.is(-count)) {
                        break;
                    }
                    throw new PosixException("read", "the pipe of readiness", -count);
                }
                state = count == 0 ? State.ENDED : State.OPEN;
                for (int i = 0; i < count; i++) {
                    if (bytes[i] == '\n') {
                        state = State.READY;
                    }
                }
            }
            return state;
        } finally {
            lock.unlock();
        }
    }

    /** Closes the end of this JVM; what was read remains. Idempotent. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (reader != NONE) {
                Files.close(reader);
                reader = NONE;
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return "the pipe of readiness";
    }
}
