package org.processmanager.core.internal.stream;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Passes the same bytes to several sinks. The source is paused while one of them is not writable; the failure of one does
 * not affect the others.
 */
public final class TeeSink implements Sink {
    private final List<Sink> sinks;

    /** Creates a sink that passes the bytes to these, in order. */
    public TeeSink(List<Sink> sinks) {
        this.sinks = List.copyOf(sinks);
    }

    @Override
    public boolean accept(ByteBuffer bytes) {
        int start = bytes.position();
        int limit = bytes.limit();
        boolean more = true;
        for (Sink sink : sinks) {
            bytes.limit(limit).position(start);
            try {
                more &= sink.accept(bytes);
            } catch (Throwable e) {
                sink.fail(e);
            }
        }
        bytes.limit(limit).position(limit);
        return more;
    }

    @Override
    public void onWritable(Runnable resume) {
        for (Sink sink : sinks) {
            sink.onWritable(() -> {
                if (isWritable() || isBroken()) {
                    resume.run();
                }
            });
        }
    }

    @Override
    public boolean isWritable() {
        for (Sink sink : sinks) {
            if (!sink.isWritable()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void end(Runnable delivered) {
        AtomicInteger left = new AtomicInteger(sinks.size());
        for (Sink sink : sinks) {
            sink.end(() -> {
                if (left.decrementAndGet() == 0) {
                    delivered.run();
                }
            });
        }
    }

    @Override
    public void abandon() {
        sinks.forEach(Sink::abandon);
    }

    @Override
    public void fail(Throwable why) {
        sinks.forEach(sink -> sink.fail(why));
    }

    @Override
    public boolean isBroken() {
        for (Sink sink : sinks) {
            if (!sink.isBroken()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void exited() {
        sinks.forEach(Sink::exited);
    }

    @Override
    public byte[] retained() {
        byte[] longest = new byte[0];
        for (Sink sink : sinks) {
            byte[] retained = sink.retained();
            longest = retained.length > longest.length ? retained : longest;
        }
        return longest;
    }

    @Override
    public @Nullable InputStream stream() {
        for (Sink sink : sinks) {
            InputStream stream = sink.stream();
            if (stream != null) {
                return stream;
            }
        }
        return null;
    }

    @Override
    public Captured captured() {
        Captured all = Captured.NOTHING;
        for (Sink sink : sinks) {
            all = all.and(sink.captured());
        }
        return all;
    }
}
