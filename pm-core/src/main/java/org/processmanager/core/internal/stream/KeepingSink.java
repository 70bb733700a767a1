package org.processmanager.core.internal.stream;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A sink that keeps bytes for the result, and never asks for a pause. */
abstract class KeepingSink implements Sink {
    private volatile @Nullable Throwable failure;

    /** Keeps some of the bytes, and consumes all. */
    abstract void keep(ByteBuffer bytes);

    /** Returns what was kept. */
    abstract Captured kept();

    /** Releases what was kept, after a failure. */
    abstract void discard();

    @Override
    public final boolean accept(ByteBuffer bytes) {
        if (failure == null) {
            keep(bytes);
        } else {
            bytes.position(bytes.limit());
        }
        return true;
    }

    @Override
    public final void onWritable(Runnable resume) {
        // never asks for a pause
    }

    @Override
    public final boolean isWritable() {
        return true;
    }

    @Override
    public final void end(Runnable delivered) {
        delivered.run();
    }

    @Override
    public final void fail(Throwable why) {
        failure = why;
        discard();
    }

    @Override
    public final boolean isBroken() {
        return failure != null;
    }

    @Override
    public final Captured captured() {
        Throwable why = failure;
        return why != null ? Captured.lost(why) : kept();
    }
}
