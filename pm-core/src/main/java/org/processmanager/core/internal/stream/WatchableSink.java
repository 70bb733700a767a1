package org.processmanager.core.internal.stream;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Forwards the output of a process to its sink, and to watchers that can be added while it comes. A watcher first receives
 * what the sink retained of the output so far. Watchers take part in back-pressure, but the end of the output does not wait
 * for them.
 */
public final class WatchableSink implements Sink, Runnable {
    private record Watcher(Sink sink, Runnable delivered) {}

    private final Sink sink;
    /** Held while bytes are delivered, and while a watcher catches up. */
    private final ReentrantLock lock = new ReentrantLock();

    private volatile @Nullable Runnable resume;
    /** Replaced under the lock, never changed. */
    private volatile List<Watcher> watchers = List.of();
    /** Guarded by the lock. */
    private boolean ended;

    /** Creates a sink without watchers. */
    public WatchableSink(Sink sink) {
        this.sink = sink;
    }

    /**
     * Adds a watcher, for any thread.
     *
     * @param delivered run when the output has ended and the watcher has received all of it
     */
    public void attach(Sink watcher, Runnable delivered) {
        lock.lock();
        try {
            watcher.onWritable(this::resumeIfWritable);
            byte[] retained = sink.retained();
            if (retained.length > 0) {
                watcher.accept(ByteBuffer.wrap(retained));
            }
            if (ended) {
                watcher.end(delivered);
                return;
            }
            List<Watcher> more = new ArrayList<>(watchers);
            more.add(new Watcher(watcher, delivered));
            watchers = List.copyOf(more);
        } finally {
            lock.unlock();
        }
    }

    /** Removes a watcher, for any thread. */
    public void detach(Sink watcher) {
        lock.lock();
        try {
            List<Watcher> less = new ArrayList<>(watchers);
            less.removeIf(each -> each.sink() == watcher);
            watchers = List.copyOf(less);
        } finally {
            lock.unlock();
        }
        watcher.abandon();
        resumeIfWritable();
    }

    @Override
    public boolean accept(ByteBuffer bytes) {
        lock.lock();
        try {
            boolean more = tellWatchers(bytes);
            return sink.accept(bytes) && more;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean wantsBuffer(int bytes) {
        return sink.wantsBuffer(bytes);
    }

    @Override
    public boolean take(ByteBuffer buffer) {
        lock.lock();
        try {
            boolean more = tellWatchers(buffer);
            return sink.take(buffer) && more;
        } finally {
            lock.unlock();
        }
    }

    private boolean tellWatchers(ByteBuffer bytes) {
        boolean more = true;
        for (Watcher watcher : watchers) {
            more &= watcher.sink().accept(bytes.duplicate());
        }
        return more;
    }

    @Override
    public void onWritable(Runnable whatToDo) {
        resume = whatToDo;
        sink.onWritable(this);
    }

    /** The sink is writable again. */
    @Override
    public void run() {
        resumeIfWritable();
    }

    private void resumeIfWritable() {
        Runnable whatToDo = resume;
        if (whatToDo != null && (isWritable() || isBroken())) {
            whatToDo.run();
        }
    }

    @Override
    public boolean isWritable() {
        for (Watcher watcher : watchers) {
            if (!watcher.sink().isWritable()) {
                return false;
            }
        }
        return sink.isWritable();
    }

    @Override
    public boolean isBroken() {
        return sink.isBroken();
    }

    @Override
    public void exited() {
        sink.exited();
    }

    @Override
    public void end(Runnable delivered) {
        lock.lock();
        try {
            ended = true;
            for (Watcher watcher : watchers) {
                watcher.sink().end(watcher.delivered());
            }
            watchers = List.of();
        } finally {
            lock.unlock();
        }
        sink.end(delivered);
    }

    @Override
    public void abandon() {
        sink.abandon();
    }

    @Override
    public void fail(Throwable why) {
        lock.lock();
        try {
            sink.fail(why);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Captured captured() {
        lock.lock();
        try {
            return sink.captured();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public byte[] retained() {
        lock.lock();
        try {
            return sink.retained();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public @Nullable InputStream stream() {
        return sink.stream();
    }
}
